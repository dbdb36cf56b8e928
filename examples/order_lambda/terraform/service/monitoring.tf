resource "aws_cloudwatch_metric_alarm" "errors" {
  for_each = aws_lambda_function.this

  alarm_name          = "acme-${each.key}-errors-${var.environment}"
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  statistic           = "Sum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 5
  period              = 60
  evaluation_periods  = 1
  dimensions          = { FunctionName = each.value.function_name }
}

resource "aws_cloudwatch_metric_alarm" "throttles" {
  alarm_name          = "acme-order-throttles-${var.environment}"
  namespace           = "AWS/Lambda"
  metric_name         = "Throttles"
  statistic           = "Sum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 10
  period              = 60
  evaluation_periods  = 1
}

resource "aws_cloudwatch_dashboard" "orders" {
  dashboard_name = "acme-orders-${var.environment}-dashboard"

  dashboard_body = jsonencode({
    widgets = [{
      type   = "metric"
      width  = 12
      height = 6
      properties = {
        title   = "Errors"
        region  = var.aws_region
        metrics = [for function in aws_lambda_function.this : ["AWS/Lambda", "Errors", "FunctionName", function.function_name]]
      }
    }]
  })
}
