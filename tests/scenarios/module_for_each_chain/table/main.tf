variable "name" { type = string }
resource "terraform_data" "this" { input = { name = var.name, path = path.module, root = path.root } }
output "name" { value = terraform_data.this.input.name }
