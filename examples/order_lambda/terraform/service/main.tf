locals {
  functions = {
    create-order = { handler = "create_order.handler", route = "POST /orders" }
    get-order    = { handler = "get_order.handler", route = "GET /orders/{customer}/{order}" }
    health       = { handler = "health.handler", route = "GET /health" }
  }
}

data "archive_file" "code" {
  type        = "zip"
  source_dir  = "${path.module}/../../src"
  output_path = "${path.module}/build/code.zip"
}

# Made by other projects.
data "aws_dynamodb_table" "orders" {
  name = "orders-${var.environment}"
}

data "aws_s3_bucket" "labels" {
  bucket = "acme-labels-${var.environment}"
}

resource "aws_iam_role" "functions" {
  name = "acme-order-functions-${var.environment}"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })
}

resource "aws_lambda_function" "this" {
  for_each = local.functions

  function_name    = "acme-${each.key}-${var.environment}"
  role             = aws_iam_role.functions.arn
  runtime          = "python3.12"
  handler          = each.value.handler
  filename         = data.archive_file.code.output_path
  source_code_hash = data.archive_file.code.output_base64sha256
  timeout          = 10

  environment {
    variables = {
      ORDERS_TABLE  = data.aws_dynamodb_table.orders.name
      LABELS_BUCKET = data.aws_s3_bucket.labels.bucket
    }
  }
}

resource "aws_cloudwatch_log_group" "this" {
  for_each = aws_lambda_function.this

  name              = "/aws/lambda/${each.value.function_name}"
  retention_in_days = 30
}
