variable "size" {
  type    = number
  default = 1
}
locals {
  a = "base"
  b = "base"
}
resource "terraform_data" "r" {
  input = "base"
  triggers_replace = ["base"]
  lifecycle {
    create_before_destroy = true
  }
}
resource "terraform_data" "c" {
  count = 1
  input = count.index
}
module "m" {
  source = "./one"
  x      = "base"
}
output "o" { value = "base" }
output "size" { value = var.size }
output "local" { value = [local.a, local.b] }
output "m" { value = module.m.out }
