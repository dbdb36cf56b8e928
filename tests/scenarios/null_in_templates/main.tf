variable "suffix" {
  type    = string
  default = null
}
variable "tags" {
  type    = map(string)
  default = { a = null, b = "x" }
}
locals {
  name   = join("-", compact(["orders", var.suffix]))
  guess  = try("orders-${var.suffix}", "orders")
  parts  = [for key, value in var.tags : "${key}=${value == null ? "none" : value}"]
  chosen = coalesce(var.suffix, "default")
}
resource "terraform_data" "a" {
  input = { name = local.name, guess = local.guess, parts = local.parts, chosen = local.chosen, suffix = var.suffix }
}
output "name" { value = terraform_data.a.input.name }
output "suffix" { value = var.suffix == null ? "null" : "set" }
output "tags" { value = var.tags }
output "text" { value = format("%v and %s", var.suffix, jsonencode(var.tags)) }
