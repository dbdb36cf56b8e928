variable "nothing" {
  type    = object({ name = string })
  default = null
}
variable "people" {
  type = list(object({ name = string, mail = optional(string) }))
  default = [{ name = "a" }, { name = "b", mail = "m" }]
}
resource "terraform_data" "many" {
  count = 3
  input = { index = count.index, name = "n${count.index}" }
}
resource "terraform_data" "one" {
  input = "single"
}
resource "terraform_data" "keyed" {
  for_each = toset(["x", "y"])
  input    = each.key
}
output "of_null" { value = var.nothing[*].name }
output "mails" { value = var.people[*].mail }
output "names" { value = terraform_data.many[*].input.name }
output "old" { value = terraform_data.many.*.input }
output "single" { value = terraform_data.one[*].input }
output "values" { value = values(terraform_data.keyed)[*].input }
output "last" { value = element(terraform_data.many, -1 + length(terraform_data.many)).input.index }
output "first_id" { value = terraform_data.many[0].id }
output "ids" { value = terraform_data.many[*].id }
