variable "v0" {
  type = string
  default = "b"
}
variable "v1" {
  type = number
  default = 1000000
}
variable "v2" {
  type = bool
  default = false
}
variable "v3" {
  type = list(string)
  default = ["orders", "9", "été"]
}
variable "v4" {
  type = list(number)
  default = [1000000, 1, 0.1, -3]
}
variable "v5" {
  type = map(string)
  default = {"k1" = "été", "dev" = "a", "10" = "PK"}
}
variable "settings" {
  type = map(object({ name = string, size = optional(number, 3), tags = optional(map(string), {}) }))
  default = { one = { name = "a" }, two = { name = null, size = 7 } }
}
locals {
  l0 = tolist([replace(upper("q\"q"), "a", "o"), join("-", [for item in var.settings : coalesce(item.name, "none")])])
}
locals {
  l1 = can((zipmap(["x", "y"], [(true ? "n\nl" : var.v0), var.v0]))["k2"])
}
resource "terraform_data" "r1" {
  input = replace((true ? "PK" : var.v0), "a", "o")
}
locals {
  l2 = (("<${var.v0}>" == (var.v2 ? terraform_data.r1.id : terraform_data.r1.id)) ? lookup(({ for key, item in tomap({"z" = "10", "10" = "PK"}) : upper(key) => item if item != "b" }), "k1", coalesce(terraform_data.r1.input, "c")) : join("-", keys(var.v5)))
}
locals {
  l3 = var.v2
}
resource "terraform_data" "r3" {
  for_each = toset(tolist(["orders", var.v0]))
  input = upper(each.key)
}
locals {
  l4 = concat([0], concat(concat([0], concat(concat([0], [for item in [for item in var.settings : coalesce(item.name, "none")] : length(item)]), [1])), [1]))
}
output "o0" {
  value = (tomap({ a = sha1(lookup(var.v5, "k1", terraform_data.r1.input)), b = local.l2 }))
}
output "o1" {
  value = concat([0], [for item in tolist(["PK", "", "a"]) : length(item)])
}
output "o2" {
  value = "%{ for item in keys(terraform_data.r3) ~} ${item}, %{ endfor ~}"
}
output "o3" {
  value = startswith(format("%s/%v", terraform_data.r1.id, floor(length(var.settings))), "a")
}
output "o4" {
  value = ((lookup(tomap({"z" = "$${no}", "10" = "orders"}), "k1", terraform_data.r1.input) != null) ? var.v4 : concat([0], [for item in tolist([var.v0, terraform_data.r1.input]) : length(item)]))
}
output "o5" {
  value = substr(try((tomap({ a = var.v0, b = terraform_data.r1.id }))["dev"], "%{ for item in keys(terraform_data.r3) ~} ${item}, %{ endfor ~}"), 0, 2)
}
