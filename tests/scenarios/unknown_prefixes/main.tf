resource "terraform_data" "a" {}
locals {
  url    = "https://${terraform_data.a.id}/path"
  list   = ["x", terraform_data.a.id, "y"]
  object = { known = 1, open = terraform_data.a.id }
}
output "starts" { value = startswith(local.url, "https://") }
output "size" { value = length(local.list) }
output "first" { value = local.list[0] }
output "known" { value = local.object.known }
output "keys" { value = keys(local.object) }
output "object" { value = local.object }
output "null" { value = local.url == null }
output "chosen" { value = terraform_data.a.id == "x" ? "a" : "b" }
output "joined" { value = join(",", local.list) }
output "merged" { value = merge(local.object, { known = 2 }) }
output "has" { value = contains(keys(local.object), "open") }
output "text" { value = local.url }
output "type" { value = can(local.object.absent) }
output "both" { value = false && terraform_data.a.id == "x" }
