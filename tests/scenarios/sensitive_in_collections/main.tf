variable "users" {
  type = map(object({ password = string, admin = optional(bool, false) }))
  default = { ann = { password = "a", admin = true }, bob = { password = "b" } }
}
variable "secret" {
  type      = map(string)
  sensitive = true
  default   = { k = "v" }
}
resource "terraform_data" "user" {
  for_each = { for name, user in var.users : name => sensitive(user.password) }
  input    = { name = each.key, password = each.value }
}
resource "terraform_data" "keys" {
  for_each = nonsensitive(toset(keys(var.secret)))
  input    = var.secret[each.key]
}
output "names" { value = keys(terraform_data.user) }
output "passwords" {
  value     = [for user in terraform_data.user : user.input.password]
  sensitive = true
}
output "admins" { value = [for name, user in var.users : name if user.admin] }
output "merged" {
  value     = merge(var.secret, { x = "y" })
  sensitive = true
}
