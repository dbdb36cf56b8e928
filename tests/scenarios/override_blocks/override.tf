resource "aws_dynamodb_table" "t" {
  name = "overridden"
  ttl {
    attribute_name = "new"
    enabled        = true
  }
  global_secondary_index {
    name            = "static"
    hash_key        = "id"
    projection_type = "KEYS_ONLY"
  }
}
resource "aws_sqs_queue" "q" {
  provider = aws
}
provider "aws" {
  default_tags {
    tags = { Owner = "override" }
  }
}
