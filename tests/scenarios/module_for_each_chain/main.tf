locals {
  regions = { eu = ["a", "b"], us = ["c"] }
}
module "region" {
  source   = "./region"
  for_each = local.regions
  name     = each.key
  tables   = each.value
}
module "none" {
  source = "./region"
  count  = 0
  name   = "none"
  tables = []
}
output "all" { value = { for name, region in module.region : name => region.tables } }
output "flat" { value = flatten(values(module.region)[*].names) }
output "count" { value = length(module.none) }
output "first" { value = try(module.none[0].names, "nothing") }
