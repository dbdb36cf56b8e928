terraform {
  required_version = ">= 1.6.0, < 2.0.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.40"
    }
  }

  # Bucket, key, region, lock table and encryption differ per environment: the workflows pass them to init.
  backend "s3" {}
}
