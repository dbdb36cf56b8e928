terraform {
  required_version = ">= 1.6.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.40"
    }
  }
}

variable "environment" {
  type = string
}

provider "aws" {
  region              = "eu-central-1"
  allowed_account_ids = ["210987654321"]

  default_tags {
    tags = {
      Environment = var.environment
    }
  }
}

provider "aws" {
  alias  = "elsewhere"
  region = "us-east-1"
}

resource "aws_kms_key" "ledger" {
  description = "Key of the ledger"
}

# Everything that a table can have beside indexes of the usual kind.
resource "aws_dynamodb_table" "ledger" {
  name                        = "ledger-${var.environment}"
  billing_mode                = "PROVISIONED"
  read_capacity               = 5
  write_capacity              = 2
  hash_key                    = "account"
  range_key                   = "entry"
  deletion_protection_enabled = true
  stream_enabled              = true
  stream_view_type            = "KEYS_ONLY"

  attribute {
    name = "account"
    type = "S"
  }

  attribute {
    name = "entry"
    type = "N"
  }

  attribute {
    name = "day"
    type = "S"
  }

  local_secondary_index {
    name            = "ByDayOfAccount"
    range_key       = "day"
    projection_type = "KEYS_ONLY"
  }

  global_secondary_index {
    name               = "ByDay"
    hash_key           = "day"
    range_key          = "account"
    projection_type    = "INCLUDE"
    non_key_attributes = ["currency", "amount"]
    read_capacity      = 3
    write_capacity     = 1
  }

  point_in_time_recovery {
    enabled                 = true
    recovery_period_in_days = 20
  }

  server_side_encryption {
    enabled     = true
    kms_key_arn = aws_kms_key.ledger.arn
  }

  ttl {
    enabled        = true
    attribute_name = "expiresAt"
  }

  tags = {
    KeyId = aws_kms_key.ledger.key_id
  }
}

# Nothing but a name and a key.
resource "aws_dynamodb_table" "audit" {
  name         = "audit-${var.environment}"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"

  attribute {
    name = "id"
    type = "B"
  }
}

resource "aws_dynamodb_table" "queue" {
  for_each     = toset(["in", "out"])
  name         = "queue-${each.key}-${var.environment}"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"

  attribute {
    name = "id"
    type = "S"
  }
}

resource "aws_dynamodb_table" "replica" {
  provider     = aws.elsewhere
  name         = "audit-${var.environment}"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"

  attribute {
    name = "id"
    type = "B"
  }
}
