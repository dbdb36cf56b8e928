variable "enabled" {
  type    = bool
  default = true
}
variable "disabled" {
  type    = bool
  default = false
}
resource "terraform_data" "on" {
  count = var.enabled ? 1 : 0
  input = "on"
}
resource "terraform_data" "off" {
  count = var.disabled ? 1 : 0
  input = "off"
}
resource "terraform_data" "maybe" {
  for_each = { for key, wanted in { a = true, b = false } : key => key if wanted }
  input    = one(terraform_data.off[*].input) == null ? each.value : "x"
}
output "one" { value = one(terraform_data.on[*].input) }
output "none" { value = one(terraform_data.off[*].input) }
output "either" { value = var.disabled ? terraform_data.off[0].input : terraform_data.on[0].input }
output "try" { value = try(terraform_data.off[0].input, "absent") }
output "lengths" { value = [length(terraform_data.on), length(terraform_data.off)] }
output "maybe" { value = keys(terraform_data.maybe) }
output "coalesced" { value = coalescelist(terraform_data.off[*].input, ["fallback"]) }
