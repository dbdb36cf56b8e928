locals {
  sizes = { default = 1, staging = 2 }
}
module "m" { source = "./modules/deep/m" }
resource "terraform_data" "w" {
  count = local.sizes[terraform.workspace]
  input = "${terraform.workspace}-${count.index}"
}
output "paths" { value = [path.module, path.root, module.m.path, module.m.text] }
output "workspace" { value = terraform.workspace }
output "text" { value = file("${path.module}/files/a.txt") }
output "files" { value = fileset(path.module, "files/*.txt") }
