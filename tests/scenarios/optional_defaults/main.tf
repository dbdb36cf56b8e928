variable "tables" {
  type = map(object({
    billing = optional(string, "PAY_PER_REQUEST")
    keys    = optional(object({ hash = optional(string, "PK"), range = optional(string) }), {})
    indexes = optional(map(object({ hash = string, projection = optional(string, "ALL"), fields = optional(set(string), []) })), {})
    backup  = optional(object({ enabled = optional(bool, true), days = optional(number, 35) }))
    tags    = optional(map(string))
  }))
}
resource "terraform_data" "t" {
  for_each = var.tables
  input    = each.value
}
output "days" { value = { for name, table in var.tables : name => try(table.backup.days, 0) } }
output "tables" { value = var.tables }
output "indexes" { value = merge([for name, table in var.tables : { for index, content in table.indexes : "${name}/${index}" => content.projection }]...) }
