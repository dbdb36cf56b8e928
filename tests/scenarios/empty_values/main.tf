variable "none" {
  type    = list(string)
  default = []
}
resource "aws_lambda_function" "f" {
  function_name = "f"
  role          = "arn:aws:iam::123456789012:role/x"
  filename      = "code.zip"
  handler       = "a.b"
  runtime       = "python3.12"
  layers        = var.none
  description   = ""
  memory_size   = null
  vpc_config {
    subnet_ids         = var.none
    security_group_ids = []
  }
  environment {
    variables = { A = null, B = "", C = 1, D = true }
  }
}
resource "aws_lambda_function" "g" {
  function_name = "g"
  role          = "arn:aws:iam::123456789012:role/x"
  filename      = "code.zip"
  handler       = "a.b"
  runtime       = "python3.12"
  timeout       = "30"
  architectures = ["arm64"]
  environment {
    variables = { ARN = aws_sqs_queue.q.arn, B = "x" }
  }
  ephemeral_storage { size = 1024 }
  logging_config { log_format = "JSON" }
}
resource "aws_sqs_queue" "q" {
  name   = "q"
  policy = ""
  tags   = { Empty = "" }
}
resource "aws_cloudwatch_metric_alarm" "a" {
  alarm_name          = "a"
  alarm_description   = ""
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  metric_name         = "x"
  namespace           = "y"
  period              = 60
  statistic           = "Sum"
  dimensions          = {}
  ok_actions          = []
  threshold           = 0
}
resource "aws_dynamodb_table" "t" {
  name           = "t"
  hash_key       = "PK"
  range_key      = ""
  read_capacity  = 1
  write_capacity = 1
  attribute {
    name = "PK"
    type = "S"
  }
  global_secondary_index {
    name               = "a"
    hash_key           = "PK"
    projection_type    = "ALL"
    read_capacity      = 1
    write_capacity     = 1
    non_key_attributes = []
  }
  ttl {
    attribute_name = ""
    enabled        = false
  }
  server_side_encryption { enabled = false }
  tags = {}
}
resource "aws_backup_selection" "s" {
  name          = "s"
  plan_id       = "p"
  iam_role_arn  = "arn:aws:iam::123456789012:role/x"
  resources     = []
  not_resources = ["arn:aws:dynamodb:*:*:table/b"]
}
resource "aws_iam_role" "r" {
  name               = null
  description        = ""
  assume_role_policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = "123456789012" } }], Version = "2012-10-17" })
}
output "variables" { value = aws_lambda_function.f.environment[0].variables }
output "layers" { value = aws_lambda_function.f.layers }
output "tags" { value = aws_dynamodb_table.t.tags }
output "description" { value = aws_iam_role.r.description }

variable "no_names" {
  type    = list(string)
  default = []
}
output "empty_keeps_its_type" {
  value = [
    tolist(toset(var.no_names)) == var.no_names,
    formatlist("%s!", []) == tolist(toset(var.no_names)),
    toset(var.no_names) == toset(["a"]),
  ]
}
