variable "size" { default = "2" }
locals { a = "first" }
resource "terraform_data" "r" {
  input = "first"
  lifecycle {
    prevent_destroy = false
  }
}
module "m" { source = "./two" }
output "o" { value = "first" }
