variable "names" {
  type    = set(string)
  default = ["b", "a", "C", "a", "10", "9"]
}
variable "numbers" {
  type    = set(number)
  default = [10, 9, 1.5, -1]
}
variable "flags" {
  type    = set(bool)
  default = [true, false]
}
output "names" { value = tolist(var.names) }
output "numbers" { value = tolist(var.numbers) }
output "flags" { value = tolist(var.flags) }
output "sorted" { value = sort(var.names) }
output "upper" { value = [for name in var.names : upper(name)] }
output "union" { value = setunion(var.names, ["Z"]) }
output "product" { value = setproduct(["x", "y"], [1, 2]) }
output "joined" { value = join(",", var.names) }
output "map" { value = { for name in var.names : name => length(name) } }
output "subtract" { value = setsubtract(var.names, ["a"]) }
