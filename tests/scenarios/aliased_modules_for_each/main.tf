variable "regions" {
  default = { eu = { names = ["a", "b"], backup = true }, us = { names = [] } }
}
module "tables" {
  source    = "./tables"
  for_each  = { for name, region in var.regions : name => region if length(region.names) > 0 }
  providers = { aws = aws, aws.copy = aws.us }
  prefix    = each.key
  names     = each.value.names
  backup    = try(each.value.backup, false)
}
output "tables" { value = { for region, found in module.tables : region => found.tables } }
output "copies" { value = flatten([for found in module.tables : found.copies]) }
