variable "name" { type = string }
variable "extra" {
  type    = list(string)
  default = []
}
resource "terraform_data" "r" { input = var.name }
output "name" { value = "${terraform_data.r.input}!" }
output "id" { value = terraform_data.r.id }
output "extra" { value = concat(var.extra, ["end"]) }
