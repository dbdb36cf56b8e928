module "a" {
  source = "./m"
  name   = "first"
}
module "b" {
  source = "./m"
  name   = module.a.name
  extra  = [module.a.id]
}
output "name" { value = module.b.name }
output "id" { value = module.b.id }
output "extra" { value = module.b.extra }
output "whole" { value = module.a }
output "count" { value = length(module.b.extra) }
