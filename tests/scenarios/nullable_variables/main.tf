variable "kept" {
  type     = string
  default  = "default"
}
variable "replaced" {
  type     = string
  default  = "default"
  nullable = false
}
variable "object" {
  type     = object({ a = optional(string, "a"), b = optional(list(string), []) })
  default  = {}
  nullable = false
}
module "m" {
  source   = "./m"
  kept     = null
  replaced = null
}
output "kept" { value = var.kept == null }
output "replaced" { value = var.replaced }
output "object" { value = var.object }
output "inner" { value = module.m.all }
