variable "v0" {
  type = string
  default = "9"
}
variable "v1" {
  type = number
  default = -3
}
variable "v2" {
  type = bool
  default = true
}
variable "v3" {
  type = list(string)
  default = ["", "n\nl", "PK"]
}
variable "v4" {
  type = list(number)
  default = [0.1, 1, 1, 0.1]
}
variable "v5" {
  type = map(string)
  default = {"k1" = "q\"q", "k2" = "9", "10" = "a"}
}
variable "settings" {
  type = map(object({ name = string, size = optional(number, 3), tags = optional(map(string), {}) }))
  default = { one = { name = "PK" }, two = { name = null, size = 7 } }
}
locals {
  l0 = concat([0], [for item in concat(tolist(["10", "n\nl"]), sort([for item in var.settings : coalesce(item.name, "none")])) : length(item)])
}
locals {
  l1 = concat([0], [for item in reverse(concat(tolist(["PK"]), var.v3)) : length(item)])
}
resource "terraform_data" "r1" {
  input = join("-", [for item in var.settings : coalesce(item.name, "none")])
}
locals {
  l2 = try(tonumber(replace(terraform_data.r1.input, "a", "o")), 4)
}
output "o0" {
  value = (length(tolist(setsubtract([for item in var.settings : coalesce(item.name, "none")], ["a"]))) + length(reverse(var.v3)))
}
output "o1" {
  value = (can((var.v2 ? var.v5 : var.v5)["k2"]) ? sha1("%{ if var.v2 }yes%{ else }${terraform_data.r1.id}%{ endif }") : "%{ for item in split("-", terraform_data.r1.id) ~} ${item}, %{ endfor ~}")
}
output "o2" {
  value = max(local.l2, length(formatlist("%s!", var.v3)))
}
output "o3" {
  value = concat([0], [for item in [for item in var.settings : coalesce(item.name, "none")] : length(item)])
}
output "o4" {
  value = ((("PK" == terraform_data.r1.id) || (terraform_data.r1.id == "$${no}")) ? distinct(tolist(["n\nl"])) : split("-", "b"))
}
output "o5" {
  value = sha1(format("%s/%v", upper("b"), -3))
}
