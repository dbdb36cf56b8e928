variable "name" { type = string }
variable "sizes" { type = map(number) }
variable "flags" { type = list(bool) }
variable "nested" { type = any }
output "all" { value = [var.name, var.sizes, var.flags, var.nested] }
