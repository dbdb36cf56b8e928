variable "kept" {
  type    = string
  default = "d"
}
variable "replaced" {
  type     = string
  default  = "d"
  nullable = false
}
variable "untouched" { default = ["x"] }
output "all" { value = { kept = var.kept, replaced = var.replaced, untouched = var.untouched } }
