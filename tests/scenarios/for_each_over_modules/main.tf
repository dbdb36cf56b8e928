module "source" { source = "./names" }
resource "terraform_data" "r" {
  for_each = module.source.names
  input    = "${each.key}=${each.value}"
}
resource "terraform_data" "chained" {
  for_each = terraform_data.r
  input    = upper(each.value.input)
}
resource "terraform_data" "set" {
  for_each = toset(keys(terraform_data.chained))
  input    = each.key == each.value
}
output "all" { value = [for key, found in terraform_data.chained : found.input] }
