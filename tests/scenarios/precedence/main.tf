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

variable "first" { default = "default" }
variable "second" { default = "default" }
variable "third" { default = "default" }
variable "fourth" { default = "default" }
variable "size" { type = number }
variable "flags" { type = list(bool) }
variable "shape" { type = object({ a = number, b = optional(string, "bee") }) }
variable "kept" {
  type     = string
  default  = "kept"
  nullable = false
}

output "all" {
  value = [var.first, var.second, var.third, var.fourth]
}

output "size" { value = var.size }
output "flags" { value = var.flags }
output "shape" { value = var.shape }
output "kept" { value = var.kept }

resource "aws_ssm_parameter" "size" {
  name  = "/size/${var.size}"
  type  = "String"
  value = var.fourth
}
