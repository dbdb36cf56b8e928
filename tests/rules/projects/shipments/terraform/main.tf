resource "aws_dynamodb_table" "carriers" {
  name         = "carriers-${var.environment}"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "PK"
  range_key    = "SK"

  attribute {
    name = "PK"
    type = "S"
  }

  attribute {
    name = "SK"
    type = "S"
  }

  attribute {
    name = "country"
    type = "S"
  }

  global_secondary_index {
    name            = "ByCountry"
    hash_key        = "country"
    range_key       = "SK"
    projection_type = "ALL"
  }

  stream_enabled   = true
  stream_view_type = "NEW_AND_OLD_IMAGES"

  point_in_time_recovery {
    enabled = true
  }

  server_side_encryption {
    enabled = true
  }

  tags = {
    Owner = "shipping-team"
  }
}

resource "aws_dynamodb_table" "parcels" {
  name         = "parcels-${var.environment}"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "PK"
  range_key    = "SK"

  attribute {
    name = "PK"
    type = "S"
  }

  attribute {
    name = "SK"
    type = "S"
  }

  attribute {
    name = "status"
    type = "S"
  }

  attribute {
    name = "depot"
    type = "S"
  }

  global_secondary_index {
    name            = "ByStatus"
    hash_key        = "status"
    range_key       = "SK"
    projection_type = "ALL"
  }

  global_secondary_index {
    name            = "ByDepot"
    hash_key        = "depot"
    projection_type = "ALL"
  }

  stream_enabled   = true
  stream_view_type = "NEW_AND_OLD_IMAGES"

  point_in_time_recovery {
    enabled = true
  }

  server_side_encryption {
    enabled = true
  }

  tags = {
    Owner = "shipping-team"
  }
}
