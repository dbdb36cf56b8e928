resource "aws_dynamodb_table" "t" {
  name         = "base"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"
  attribute {
    name = "id"
    type = "S"
  }
  ttl {
    attribute_name = "old"
    enabled        = true
  }
  dynamic "global_secondary_index" {
    for_each = ["x"]
    content {
      name            = global_secondary_index.value
      hash_key        = "id"
      projection_type = "ALL"
    }
  }
  lifecycle { prevent_destroy = true }
}
resource "aws_sqs_queue" "q" {
  provider = aws.other
  name     = "q"
}
