terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}

variable "environment" {
  type = string
}

variable "tables" {
  description = "Tables under their short names."
  type = map(object({
    hash_key   = string
    range_key  = optional(string)
    attributes = optional(map(string), {})
    streams    = optional(bool, false)
    indexes = optional(list(object({
      name       = string
      hash_key   = string
      range_key  = optional(string)
      projection = optional(string, "ALL")
    })), [])
  }))
}

locals {
  prefix = "shop-${var.environment}"
  tags = {
    Environment = var.environment
    ManagedBy   = "terraform"
  }
}

resource "aws_dynamodb_table" "this" {
  for_each = var.tables

  name             = "${local.prefix}-${each.key}"
  billing_mode     = "PAY_PER_REQUEST"
  hash_key         = each.value.hash_key
  range_key        = each.value.range_key
  stream_enabled   = each.value.streams
  stream_view_type = each.value.streams ? "NEW_AND_OLD_IMAGES" : null

  dynamic "attribute" {
    for_each = merge({ (each.value.hash_key) = "S" }, each.value.range_key == null ? {} : { (each.value.range_key) = "S" }, each.value.attributes)
    content {
      name = attribute.key
      type = attribute.value
    }
  }

  dynamic "global_secondary_index" {
    for_each = each.value.indexes
    iterator = index
    content {
      name            = index.value.name
      hash_key        = index.value.hash_key
      range_key       = index.value.range_key
      projection_type = index.value.projection
    }
  }

  point_in_time_recovery {
    enabled = var.environment == "prod" || contains(["sit"], var.environment)
  }

  tags = merge(local.tags, { Name = each.key })
}

output "names" {
  value = { for key, table in aws_dynamodb_table.this : key => table.name }
}

output "arns" {
  value = [for table in aws_dynamodb_table.this : table.arn]
}

output "index_count" {
  value = sum([for table in var.tables : length(table.indexes)])
}
