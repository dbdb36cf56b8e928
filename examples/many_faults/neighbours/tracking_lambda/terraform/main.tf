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
  description = "Environment that the service belongs to."
  type        = string
}

provider "aws" {
  region = "eu-west-1"
}

# What customers see of their parcels.
data "aws_dynamodb_table" "parcels" {
  name = "parcels-${var.environment}"
}

resource "aws_cloudwatch_log_group" "tracking" {
  name              = "/aws/lambda/acme-tracking-${var.environment}"
  retention_in_days = 30
}
