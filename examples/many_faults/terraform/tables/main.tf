# Parcels refer to depots, which are a project of their own.
data "aws_dynamodb_table" "depots" {
  name = "depots"
}

# Companies that drive for us.
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
    name            = "CarriersByCountry"
    hash_key        = "country"
    range_key       = "SK"
    projection_type = "ALL"
  }

  stream_enabled   = true
  stream_view_type = "NEW_AND_OLD_IMAGES"

  deletion_protection_enabled = true

  point_in_time_recovery {
    enabled = true
  }

  server_side_encryption {
    enabled = true
  }

  replica {
    region_name = var.replica_region
  }

  tags = {
    Name = "carriers"
  }
}

# What is on its way, and where it is.
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
    name = "depotId"
    type = "S"
  }

  attribute {
    name = "fragile"
    type = "N"
  }

  attribute {
    name = "weightGrams"
    type = "N"
  }

  global_secondary_index {
    name            = "ParcelsByDepot"
    hash_key        = "depotId"
    range_key       = "SK"
    projection_type = "ALL"
  }

  global_secondary_index {
    name            = "FragileParcels"
    hash_key        = "fragile"
    range_key       = "weightGrams"
    projection_type = "KEYS_ONLY"
  }

  stream_enabled   = true
  stream_view_type = "NEW_AND_OLD_IMAGES"

  deletion_protection_enabled = true

  point_in_time_recovery {
    enabled = true
  }

  server_side_encryption {
    enabled = true
  }

  replica {
    region_name = var.replica_region
  }

  tags = {
    Name = "parcels"
  }
}

# Which carrier drives which way on which day.
resource "aws_dynamodb_table" "routes" {
  name         = "routes-${var.environment}"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "routeId"
  range_key    = "day"

  attribute {
    name = "routeId"
    type = "S"
  }

  attribute {
    name = "day"
    type = "S"
  }

  attribute {
    name = "carrierId"
    type = "S"
  }

  global_secondary_index {
    name            = "RoutesByCarrier"
    hash_key        = "carrierId"
    range_key       = "day"
    projection_type = "ALL"
  }

  # Added for the planning service.
  global_secondary_index {
    name            = "CarrierDays"
    hash_key        = "carrierId"
    range_key       = "day"
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
    Name = "routes"
  }
}
