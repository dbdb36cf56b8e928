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

variable "secret" {
  type      = string
  sensitive = true
  default   = "hush"
}

resource "aws_lambda_function" "api" {
  function_name = "api"
  role          = aws_iam_role.lambda.arn
  handler       = "index.handler"
  runtime       = "python3.12"
  filename      = "${path.module}/code.zip"
  timeout       = "30"
  memory_size   = 256

  environment {
    variables = {
      TABLE  = aws_dynamodb_table.data.name
      SECRET = var.secret
      STAGE  = terraform.workspace
    }
  }
}

resource "aws_iam_role" "lambda" {
  name               = "lambda"
  assume_role_policy = <<-EOT
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Action": "sts:AssumeRole",
          "Effect": "Allow",
          "Principal": { "Service": "lambda.amazonaws.com" }
        }
      ]
    }
  EOT
}

resource "aws_dynamodb_table" "data" {
  name         = lower("DATA")
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "PK"
  attribute {
    name = "PK"
    type = "S"
  }
  ttl {
    attribute_name = "expires"
    enabled        = true
  }
  server_side_encryption {
    enabled     = true
    kms_key_arn = aws_kms_key.data.arn
  }
  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_kms_key" "data" {
  description         = "Key of ${aws_iam_role.lambda.name}"
  enable_key_rotation = true
}

resource "aws_cloudwatch_log_group" "api" {
  name              = "/aws/lambda/${aws_lambda_function.api.function_name}"
  retention_in_days = 14
}

output "secret_length" {
  value     = length(var.secret)
  sensitive = true
}

output "ttl" {
  value = aws_dynamodb_table.data.ttl[0].attribute_name
}
