variable "token" {
  type      = string
  ephemeral = true
  default   = "t"
}
resource "terraform_data" "a" {
  input      = "x"
  depends_on = [terraform_data.b, module.m]
}
resource "terraform_data" "b" {}
module "m" {
  source     = "./m"
  depends_on = [terraform_data.b]
}
output "m" { value = module.m.out }
output "has_token" { value = ephemeralasnull(var.token) == null }
