terraform {
  required_version = ">= 1.6.0, < 2.0.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.40"
    }
  }

  # The workflow passes bucket, key, region, lock table and encryption to init.
  backend "s3" {}
}

variable "environment" {
  description = "Environment that the table belongs to."
  type        = string
}

provider "aws" {
  region = "eu-west-1"
}

# Where parcels are sorted.
resource "aws_dynamodb_table" "depots" {
  name         = "depots-${var.environment}"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "depotId"

  attribute {
    name = "depotId"
    type = "S"
  }

  deletion_protection_enabled = true

  point_in_time_recovery {
    enabled = true
  }
}
