variable "value" {}
output "out" { value = var.value + 1 }
