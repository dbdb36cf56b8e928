terraform {
  required_providers {
    aws = {
      source                = "hashicorp/aws"
      configuration_aliases = [aws.copy]
    }
  }
}
variable "prefix" { type = string }
variable "names" { type = set(string) }
variable "backup" { type = bool }
resource "aws_dynamodb_table" "t" {
  for_each     = var.names
  name         = "${var.prefix}-${each.value}"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"
  attribute {
    name = "id"
    type = "S"
  }
  point_in_time_recovery { enabled = var.backup }
}
resource "aws_backup_vault" "copy" {
  provider = aws.copy
  for_each = var.backup ? var.names : []
  name     = "${aws_dynamodb_table.t[each.key].name}-copy"
}
output "tables" { value = { for key, table in aws_dynamodb_table.t : key => [table.name, table.tags_all.Region] } }
output "copies" { value = [for vault in aws_backup_vault.copy : "${vault.name}:${vault.tags_all["Region"]}"] }
