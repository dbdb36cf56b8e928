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

resource "aws_sqs_queue" "dead" {
  count = 1
  name  = "dead-${count.index}"
}

resource "aws_sqs_queue" "main" {
  name                       = "main"
  visibility_timeout_seconds = 30 * 2
  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead[0].arn
    maxReceiveCount     = 4
  })
}

resource "aws_sqs_queue" "none" {
  count = length(aws_sqs_queue.dead) - 1
  name  = "none"
}

resource "aws_cloudwatch_metric_alarm" "depth" {
  for_each = { for queue in [aws_sqs_queue.main, aws_sqs_queue.dead[0]] : queue.name => queue }

  alarm_name          = "depth-${each.key}"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 2
  metric_name         = "ApproximateNumberOfMessagesVisible"
  namespace           = "AWS/SQS"
  period              = 60
  statistic           = "Sum"
  threshold           = 100
  dimensions = {
    QueueName = each.value.name
  }
  alarm_actions = [aws_sns_topic.alarms.arn]
}

resource "aws_sns_topic" "alarms" {
  name = "alarms"
}

output "dead_names" { value = aws_sqs_queue.dead[*].name }
output "dead_arns" { value = aws_sqs_queue.dead[*].arn }
output "none" { value = aws_sqs_queue.none[*].name }
output "one" { value = one(aws_sqs_queue.none[*].name) }
output "first" { value = try(aws_sqs_queue.none[0].name, "nothing") }
