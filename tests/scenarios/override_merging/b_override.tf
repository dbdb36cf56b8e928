variable "size" { type = string }
locals { b = "second" }
resource "terraform_data" "c" { count = 2 }
output "o" {
  value     = "second"
  sensitive = true
}
output "size" { sensitive = false }
module "m" { x = "second" }
