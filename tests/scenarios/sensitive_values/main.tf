variable "password" {
  type      = string
  sensitive = true
  default   = "secret"
}
locals {
  connection = "user:${var.password}@host"
  settings   = { password = var.password, user = "u" }
}
resource "terraform_data" "a" {
  input = local.settings
}
output "connection" {
  value     = local.connection
  sensitive = true
}
output "plain" { value = nonsensitive(local.settings.user) }
output "length" { value = nonsensitive(length(var.password)) }
output "keys" { value = nonsensitive(keys(local.settings)) }
output "settings" {
  value     = terraform_data.a.input
  sensitive = true
}
output "marked" {
  value     = sensitive("x")
  sensitive = true
}
output "is" { value = issensitive(var.password) }
