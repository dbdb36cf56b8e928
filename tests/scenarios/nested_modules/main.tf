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

variable "names" {
  type    = list(string)
  default = ["one", "two"]
}

module "single" {
  source = "./modules/bucket"
  name   = "single"
}

module "many" {
  source   = "./modules/bucket"
  for_each = toset(var.names)
  name     = each.value
  tags     = { Key = each.key }
}

module "counted" {
  source = "./modules/bucket"
  count  = 2
  name   = format("n%02d", count.index)
}

output "single" {
  value = module.single.bucket
}

output "many" {
  value = { for key, bucket in module.many : key => bucket.bucket }
}

output "counted" {
  value = module.counted[*].bucket
}

output "nested" {
  value = module.single.policy_name
}
