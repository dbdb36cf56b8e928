resource "terraform_data" "a" {
  for_each = toset(["plain", "with \"quotes\"", "dots.and/slashes", "ünïcode", "back\\slash", "a b", "$${x}", "%%{y}", "new\nline", "tab\t", "<&>"])
  input    = each.key
}
module "m" {
  source   = "./m"
  for_each = { "a.b" = 1, "c[\"d\"]" = 2 }
  value    = each.value
}
output "all" { value = { for key, found in terraform_data.a : key => found.input } }
output "modules" { value = { for key, found in module.m : key => found.out } }
