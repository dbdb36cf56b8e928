variable "a" { type = string }
variable "b" { type = string }
variable "c" { type = string }
variable "d" { type = string }
variable "e" {
  type    = string
  default = "default"
}
variable "list" { type = list(string) }
variable "object" { type = object({ x = number, y = optional(bool, true) }) }
output "all" { value = [var.a, var.b, var.c, var.d, var.e] }
output "list" { value = var.list }
output "object" { value = var.object }
