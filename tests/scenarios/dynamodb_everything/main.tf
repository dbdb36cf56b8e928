variable "indexes" {
  type = list(object({ name = string, hash = string, range = optional(string), projection = optional(string, "ALL"), fields = optional(list(string)) }))
  default = [
    { name = "by-date", hash = "date" },
    { name = "by-owner", hash = "owner", range = "date", projection = "INCLUDE", fields = ["b", "a"] },
  ]
}
locals {
  attributes = { PK = "S", SK = "S", date = "N", owner = "S" }
}
resource "aws_dynamodb_table" "t" {
  name                        = "t"
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "PK"
  range_key                   = "SK"
  table_class                 = "STANDARD_INFREQUENT_ACCESS"
  deletion_protection_enabled = true
  stream_enabled              = true
  stream_view_type            = "NEW_AND_OLD_IMAGES"
  dynamic "attribute" {
    for_each = local.attributes
    content {
      name = attribute.key
      type = attribute.value
    }
  }
  dynamic "global_secondary_index" {
    for_each = var.indexes
    iterator = index
    content {
      name               = index.value.name
      hash_key           = index.value.hash
      range_key          = index.value.range
      projection_type    = index.value.projection
      non_key_attributes = index.value.fields
    }
  }
  local_secondary_index {
    name            = "local"
    range_key       = "date"
    projection_type = "KEYS_ONLY"
  }
  point_in_time_recovery { enabled = true }
  server_side_encryption {
    enabled     = true
    kms_key_arn = aws_kms_key.k.arn
  }
  ttl {
    attribute_name = "expires"
    enabled        = true
  }
  replica {
    region_name = "us-east-1"
  }
  timeouts { create = "10m" }
  tags = { Name = "t" }
}
resource "aws_kms_key" "k" {
  description             = "key"
  deletion_window_in_days = 10
}
resource "aws_dynamodb_table" "provisioned" {
  name           = "p"
  hash_key       = "id"
  read_capacity  = "5"
  write_capacity = 5.0
  attribute {
    name = "id"
    type = "N"
  }
  global_secondary_index {
    name            = "g"
    hash_key        = "id"
    projection_type = "ALL"
    read_capacity   = 1
    write_capacity  = 2
  }
}
output "class" { value = aws_dynamodb_table.provisioned.table_class }
output "billing" { value = aws_dynamodb_table.provisioned.billing_mode }
output "indexes" { value = sort([for index in aws_dynamodb_table.t.global_secondary_index : index.name]) }
output "attributes" { value = { for attribute in aws_dynamodb_table.t.attribute : attribute.name => attribute.type } }
output "pitr" { value = aws_dynamodb_table.t.point_in_time_recovery[0].enabled }
output "ttl" { value = one(aws_dynamodb_table.t.ttl).attribute_name }
output "arn" { value = aws_dynamodb_table.t.arn }
output "replicas" { value = [for replica in aws_dynamodb_table.t.replica : replica.region_name] }
