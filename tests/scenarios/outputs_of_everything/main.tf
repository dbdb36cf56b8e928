resource "terraform_data" "a" {
  input            = { list = [1, 2], set = toset(["b", "a"]), map = { x = null } }
  triggers_replace = [1, "a", null]
}
resource "terraform_data" "b" {
  input = terraform_data.a.input.list[1]
}
resource "terraform_data" "c" {
  input = terraform_data.a.output
}
output "whole" { value = terraform_data.a }
output "b" { value = terraform_data.b.input + 1 }
output "c" { value = terraform_data.c.input }
output "d" { value = terraform_data.a.triggers_replace }
output "null" { value = terraform_data.b.triggers_replace }
output "string" { value = "${terraform_data.b.input}" }
