variable "value" { type = number }
resource "terraform_data" "inner" {
  count = var.value
  input = count.index
}
output "out" { value = terraform_data.inner[*].input }
