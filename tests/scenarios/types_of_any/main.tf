variable "any" { default = { a = [1, "two", true], b = null } }
variable "list" {
  type    = list(any)
  default = [1, "2", true]
}
variable "map" {
  type    = map(any)
  default = { a = [1], b = [2, 3] }
}
variable "tuple" {
  type    = tuple([string, number, bool])
  default = [1, "2", "true"]
}
variable "untyped" {}
variable "bare" { type = list }
output "any" { value = var.any }
output "list" { value = var.list }
output "map" { value = var.map }
output "tuple" { value = var.tuple }
output "untyped" { value = var.untyped }
output "bare" { value = var.bare }
output "number" { value = [1.0, 100000000000000000000, 0.1 + 0.2, 1e3, 5 / 2, 7 % 3, -0] }
