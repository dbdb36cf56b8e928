locals {
  owner = "override"
}

resource "aws_dynamodb_table" "orders" {
  billing_mode = "PAY_PER_REQUEST"
}
