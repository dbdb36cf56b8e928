variable "x" {}
output "out" { value = "one ${var.x}" }
