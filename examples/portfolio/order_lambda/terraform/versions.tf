terraform {
  required_version = ">= 1.6.0, < 2.0.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.40"
    }
  }

  backend "s3" {}
}

provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]

  default_tags {
    tags = {
      Environment = var.environment
      Project     = "order_lambda"
      Owner       = "shipping-team"
      CostCenter  = "4711"
      ManagedBy   = "Terraform"
    }
  }
}

variable "environment" {
  description = "Where this is deployed to."
  type        = string
}
