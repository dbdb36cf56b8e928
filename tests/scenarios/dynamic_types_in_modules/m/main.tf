variable "numbers" { type = list(number) }
variable "flag" { type = bool }
variable "map" { type = map(string) }
variable "object" { type = object({ name = string }) }
variable "any" { type = any }
variable "set" { type = set(string) }
output "all" {
  value = { numbers = var.numbers, flag = var.flag, map = var.map, object = var.object, any = var.any, set = var.set }
}
