locals {
  ownership_tags = {
    Owner      = "platform-team"
    CostCenter = "bbws-platform"
  }
}

# Organisations, their users and their status.
resource "aws_dynamodb_table" "tenants" {
  name         = "tenants"
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
    name = "email"
    type = "S"
  }

  attribute {
    name = "status"
    type = "S"
  }

  # 0 or 1: a key cannot be a boolean.
  attribute {
    name = "active"
    type = "N"
  }

  global_secondary_index {
    name            = "EmailIndex"
    hash_key        = "email"
    projection_type = "ALL"
  }

  global_secondary_index {
    name            = "TenantStatusIndex"
    hash_key        = "status"
    range_key       = "SK"
    projection_type = "ALL"
  }

  global_secondary_index {
    name            = "ActiveIndex"
    hash_key        = "active"
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

  tags = merge(local.ownership_tags, {
    Name = "tenants"
  })
}

# Subscription products and their prices.
resource "aws_dynamodb_table" "products" {
  name         = "products-${var.environment}"
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
    name = "active"
    type = "N"
  }

  attribute {
    name = "createdAt"
    type = "S"
  }

  global_secondary_index {
    name            = "ActiveProductsIndex"
    hash_key        = "active"
    range_key       = "createdAt"
    projection_type = "ALL"
  }

  stream_enabled = false

  point_in_time_recovery {
    enabled = true
  }

  server_side_encryption {
    enabled = true
  }

  tags = merge(local.ownership_tags, {
    Name      = "products"
    Component = "dynamodb"
  })
}

# Marketing campaigns and the products they promote.
resource "aws_dynamodb_table" "campaigns" {
  name         = "campaigns"
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
    name = "campaignId"
    type = "S"
  }

  attribute {
    name = "productId"
    type = "S"
  }

  attribute {
    name = "active"
    type = "N"
  }

  global_secondary_index {
    name            = "CampaignActiveIndex"
    hash_key        = "campaignId"
    range_key       = "active"
    projection_type = "ALL"
  }

  global_secondary_index {
    name            = "CampaignProductIndex"
    hash_key        = "productId"
    range_key       = "SK"
    projection_type = "ALL"
  }

  global_secondary_index {
    name            = "ActiveIndex"
    hash_key        = "active"
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

  tags = merge(local.ownership_tags, {
    Name = "campaigns"
  })
}
