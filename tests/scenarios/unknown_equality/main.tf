resource "terraform_data" "r" { input = "a" }
resource "terraform_data" "f" {
  for_each = { k2 = 1, dev = 2 }
  input    = each.value
}
locals {
  id  = terraform_data.r.id
  unk = tolist(toset([terraform_data.r.id]))
}
output "b" { value = tolist(["1", "2", "3"]) == tolist(toset(values({ for key, found in terraform_data.f : key => found.id }))) }
output "b2" { value = tolist(["1"]) == tolist(toset(values({ for key, found in terraform_data.f : key => found.id }))) }
output "b3" { value = tolist(toset(values({ for key, found in terraform_data.f : key => found.id }))) }
output "b4" { value = tolist(["1", "2", "3"]) == values({ for key, found in terraform_data.f : key => found.id }) }
output "c" { value = { for item in [local.id] : item => upper(item)... } == {} ? tomap({}) : tomap({ a = "b" }) }
output "c0" { value = { for item in [local.id] : item => upper(item)... } == {} ? tomap({}) : tomap({}) }
output "c1" { value = { for item in [local.id] : item => upper(item)... } == {} }
output "d" { value = tolist(toset(compact(values(terraform_data.f)[*].id))) == distinct(["a", "b", "c"]) }
output "e" { value = compact(values(terraform_data.f)[*].id) }
variable "v5" {
  type    = map(string)
  default = { a = "b" }
}
variable "v2" { default = false }
locals {
  l3 = (("${terraform_data.r.id}x" == "b") ? split("-", "a-b") : values(terraform_data.f)[*].id)
}
output "h" { value = local.l3 }
output "h1" { value = { for item in local.l3 : item => upper(item)... } }
output "h2" { value = ({ for item in local.l3 : item => upper(item)... } == {} ? tomap({}) : var.v5) }
output "h3" { value = { for item in local.l3 : item => upper(item)... } == {} }
