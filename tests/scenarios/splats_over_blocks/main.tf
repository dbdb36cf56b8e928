resource "aws_s3_bucket_lifecycle_configuration" "l" {
  bucket = "sample-bucket"
  rule {
    id     = "a"
    status = "Enabled"
    filter { prefix = "a/" }
    expiration { days = 1 }
  }
  rule {
    id     = "b"
    status = "Disabled"
    filter { prefix = "b/" }
    expiration { days = 2 }
  }
}
resource "aws_dynamodb_table" "t" {
  count        = 2
  name         = "t${count.index}"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"
  attribute {
    name = "id"
    type = "S"
  }
  dynamic "ttl" {
    for_each = count.index == 0 ? ["expires"] : []
    content {
      attribute_name = ttl.value
      enabled        = true
    }
  }
}
output "ids" { value = aws_s3_bucket_lifecycle_configuration.l.rule[*].id }
output "days" { value = aws_s3_bucket_lifecycle_configuration.l.rule[*].expiration[0].days }
output "prefixes" { value = flatten(aws_s3_bucket_lifecycle_configuration.l.rule[*].filter[*].prefix) }
output "second" { value = aws_s3_bucket_lifecycle_configuration.l.rule[1].status }
output "attributes" { value = [for table in aws_dynamodb_table.t : tolist(table.attribute)[0].name] }
output "one" { value = one(aws_dynamodb_table.t[0].attribute).type }
output "ttls" { value = aws_dynamodb_table.t[0].ttl[0].attribute_name }
output "ids_of_tables" { value = length(aws_dynamodb_table.t[*].id) }
output "hash_keys" { value = distinct(aws_dynamodb_table.t[*].hash_key) }
