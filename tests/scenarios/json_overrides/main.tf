variable "a" { default = 1 }
resource "terraform_data" "r" {
  input = { a = var.a, b = local.b }
}
locals { b = "base" }
output "r" { value = terraform_data.r.input }
