terraform {
  required_version = ">= 1.6.0"
}

variable "environment" {
  type = string
}

data "archive_file" "code" {
  type        = "zip"
  source_dir  = "${path.module}/../src"
  output_path = "${path.module}/build/code.zip"
}

resource "aws_sqs_queue" "failed" {
  name = "acme-invoices-failed-${var.environment}"
}

resource "aws_lambda_function" "create" {
  function_name = "acme-create-invoice-${var.environment}"
  role          = "arn:aws:iam::111122223333:role/invoices"
  handler       = "create_invoice.handler"
  runtime       = "python3.12"
  filename      = data.archive_file.code.output_path
}

resource "aws_lambda_function" "print" {
  function_name = "acme-print-invoice-${var.environment}"
  role          = "arn:aws:iam::111122223333:role/invoices"
  handler       = "print_invoice.handler"
  runtime       = "python3.12"
  filename      = data.archive_file.code.output_path

  dead_letter_config {
    target_arn = aws_sqs_queue.failed.arn
  }
}

resource "aws_lambda_permission" "api" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.create.function_name
  principal     = "apigateway.amazonaws.com"
}

resource "aws_cloudwatch_log_group" "create" {
  name              = "/aws/lambda/acme-create-invoice-${var.environment}"
  retention_in_days = 14
}

resource "aws_cloudwatch_log_group" "print" {
  name              = "/aws/lambda/${aws_lambda_function.print.function_name}"
  retention_in_days = 14
}

resource "aws_cloudwatch_metric_alarm" "create" {
  alarm_name          = "acme-create-invoice-errors-${var.environment}"
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  statistic           = "Sum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 1
  period              = 60
  evaluation_periods  = 1
  dimensions          = { FunctionName = aws_lambda_function.create.function_name }
}

resource "aws_cloudwatch_metric_alarm" "print" {
  alarm_name          = "acme-print-invoice-errors-${var.environment}"
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  statistic           = "Sum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 1
  period              = 60
  evaluation_periods  = 1
  dimensions          = { FunctionName = "acme-print-invoice-${var.environment}" }
}

resource "aws_cloudwatch_dashboard" "invoices" {
  dashboard_name = "acme-invoices-${var.environment}-dashboard"
  dashboard_body = jsonencode({ widgets = [] })
}
