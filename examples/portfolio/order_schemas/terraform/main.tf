resource "aws_dynamodb_table" "orders" {
  name                        = "orders-${var.environment}"
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "PK"
  deletion_protection_enabled = true

  attribute {
    name = "PK"
    type = "S"
  }

  attribute {
    name = "customer"
    type = "S"
  }

  global_secondary_index {
    name            = "OrdersByCustomer"
    hash_key        = "customer"
    projection_type = "ALL"
  }

  point_in_time_recovery {
    enabled = true
  }
}
