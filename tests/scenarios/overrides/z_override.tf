resource "aws_dynamodb_table" "orders" {
  hash_key = "id"

  attribute {
    name = "id"
    type = "N"
  }
}
