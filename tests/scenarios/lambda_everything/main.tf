variable "functions" {
  type = map(object({ memory = optional(number), timeout = optional(number), environment = optional(map(string), {}), reserved = optional(number) }))
  default = {
    api    = { memory = 512, environment = { STAGE = "sit", EMPTY = "", NULL = null } }
    worker = { timeout = 60, reserved = 5 }
  }
}
resource "aws_lambda_function" "f" {
  for_each                       = var.functions
  function_name                  = each.key
  role                           = "arn:aws:iam::123456789012:role/lambda"
  handler                        = "index.handler"
  runtime                        = "python3.12"
  filename                       = "${path.module}/code.zip"
  source_code_hash               = filebase64sha256("${path.module}/code.zip")
  memory_size                    = each.value.memory
  timeout                        = each.value.timeout
  reserved_concurrent_executions = each.value.reserved
  dynamic "environment" {
    for_each = length(each.value.environment) > 0 ? [each.value.environment] : []
    content {
      variables = environment.value
    }
  }
  tracing_config { mode = "Active" }
  dead_letter_config { target_arn = "arn:aws:sqs:eu-west-1:123456789012:dlq" }
}
resource "aws_lambda_permission" "p" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.f["api"].function_name
  principal     = "events.amazonaws.com"
}
resource "aws_lambda_event_source_mapping" "m" {
  event_source_arn = "arn:aws:sqs:eu-west-1:123456789012:q"
  function_name    = aws_lambda_function.f["worker"].arn
  batch_size       = 10
}
resource "aws_lambda_alias" "live" {
  name             = "live"
  function_name    = aws_lambda_function.f["api"].function_name
  function_version = "1"
}
resource "aws_cloudwatch_log_group" "g" {
  for_each          = aws_lambda_function.f
  name              = "/aws/lambda/${each.value.function_name}"
  retention_in_days = 14
}
resource "aws_cloudwatch_event_rule" "r" {
  name                = "r"
  schedule_expression = "rate(5 minutes)"
}
resource "aws_cloudwatch_event_target" "t" {
  rule  = aws_cloudwatch_event_rule.r.name
  arn   = aws_lambda_function.f["api"].arn
  input = jsonencode({ b = 1, a = 2 })
}
resource "aws_cloudwatch_metric_alarm" "a" {
  alarm_name          = "a"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  metric_name         = "Errors"
  namespace           = "AWS/Lambda"
  period              = 60
  statistic           = "Sum"
  threshold           = 0.5
  dimensions          = { FunctionName = aws_lambda_function.f["api"].function_name }
  alarm_actions       = []
}
output "memory" { value = { for name, function in aws_lambda_function.f : name => function.memory_size } }
output "timeouts" { value = [for function in aws_lambda_function.f : function.timeout] }
output "package" { value = aws_lambda_function.f["api"].package_type }
output "stage" { value = aws_lambda_function.f["api"].environment[0].variables.STAGE }
output "none" { value = length(aws_lambda_function.f["worker"].environment) }
output "description" { value = aws_lambda_function.f["api"].description == null }
