resource "terraform_data" "a" {}
resource "terraform_data" "counted" {
  count = length([terraform_data.a.id, "b"])
  input = "x${count.index}"
}
resource "terraform_data" "keyed" {
  for_each = { first = terraform_data.a.id, second = "known" }
  input    = each.value
}
locals {
  chosen = [for item in [terraform_data.a.id, "b"] : "${item}-x"]
  mapped = { for key, item in terraform_data.keyed : key => item.input }
  zipped = zipmap(["k1", "k2"], [terraform_data.a.id, "v"])
}
output "chosen" { value = local.chosen }
output "mapped" { value = local.mapped }
output "zipped" { value = local.zipped }
output "flat" { value = flatten([["a"], [terraform_data.a.id]]) }
output "concat" { value = concat([terraform_data.a.id], ["z"]) }
output "lookup" { value = lookup(local.zipped, "k2", "d") }
output "index" { value = local.chosen[1] }
output "reverse" { value = reverse([terraform_data.a.id, "z"]) }
output "slice" { value = slice(["a", terraform_data.a.id, "c"], 0, 1) }
output "encoded" { value = jsonencode({ a = terraform_data.a.id }) }
output "conditional" { value = terraform_data.a.id != "" ? ["x"] : ["y"] }
output "distinct" { value = distinct(["a", "a"]) }
output "format" { value = format("%s-%s", "a", terraform_data.a.id) }
output "set" { value = toset([terraform_data.a.id, "b"]) }
