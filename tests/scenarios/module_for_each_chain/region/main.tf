variable "name" { type = string }
variable "tables" { type = set(string) }
module "table" {
  source   = "../table"
  for_each = var.tables
  name     = "${var.name}-${each.value}"
  depends_on = [terraform_data.first]
}
resource "terraform_data" "first" { input = upper(var.name) }
output "tables" { value = { for key, table in module.table : key => table.name } }
output "names" { value = sort([for table in module.table : table.name]) }
