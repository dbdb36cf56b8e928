variable "x" {}
output "out" { value = "two ${var.x}" }
