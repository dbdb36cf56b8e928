locals {
  files  = fileset("${path.module}/schemas", "*.json")
  tables = { for name in local.files : trimsuffix(name, ".json") => jsondecode(file("${path.module}/schemas/${name}")) }
}
resource "aws_dynamodb_table" "t" {
  for_each     = local.tables
  name         = "${terraform.workspace}-${each.value.TableName}"
  billing_mode = try(each.value.BillingMode, "PAY_PER_REQUEST")
  hash_key     = [for key in each.value.KeySchema : key.AttributeName if key.KeyType == "HASH"][0]
  range_key    = one([for key in each.value.KeySchema : key.AttributeName if key.KeyType == "RANGE"])
  dynamic "attribute" {
    for_each = each.value.AttributeDefinitions
    content {
      name = attribute.value.AttributeName
      type = attribute.value.AttributeType
    }
  }
  dynamic "global_secondary_index" {
    for_each = try(each.value.GlobalSecondaryIndexes, [])
    content {
      name            = global_secondary_index.value.IndexName
      hash_key        = global_secondary_index.value.KeySchema[0].AttributeName
      range_key       = try(global_secondary_index.value.KeySchema[1].AttributeName, null)
      projection_type = global_secondary_index.value.Projection.ProjectionType
    }
  }
  dynamic "ttl" {
    for_each = can(each.value.TimeToLive) ? [each.value.TimeToLive] : []
    content {
      attribute_name = ttl.value.AttributeName
      enabled        = ttl.value.Enabled
    }
  }
  point_in_time_recovery { enabled = contains(["prod", "sit"], terraform.workspace) }
  tags = merge({ Table = each.key }, lookup(each.value, "Tags", {}))
}
output "keys" { value = { for name, table in aws_dynamodb_table.t : name => compact([table.hash_key, table.range_key]) } }
output "names" { value = sort(values(aws_dynamodb_table.t)[*].name) }
