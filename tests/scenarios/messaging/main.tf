resource "aws_sns_topic" "t" {
  for_each = toset(["alerts", "events"])
  name     = each.key
}
resource "aws_sqs_queue" "dead" { name = "dead" }
resource "aws_sqs_queue" "q" {
  name                       = "q"
  visibility_timeout_seconds = 60
  delay_seconds              = 0
  redrive_policy             = jsonencode({ maxReceiveCount = 3, deadLetterTargetArn = "arn:aws:sqs:eu-west-1:123456789012:dead" })
}
resource "aws_sqs_queue" "fifo" {
  name                        = "q.fifo"
  fifo_queue                  = true
  content_based_deduplication = true
}
resource "aws_sns_topic_subscription" "s" {
  topic_arn = aws_sns_topic.t["alerts"].arn
  protocol  = "sqs"
  endpoint  = aws_sqs_queue.q.arn
}
resource "aws_sqs_queue_policy" "p" {
  queue_url = aws_sqs_queue.q.id
  policy    = jsonencode({ Version = "2012-10-17", Statement = [] })
}
resource "aws_ssm_parameter" "p" {
  name  = "/app/name"
  type  = "String"
  value = aws_sqs_queue.q.name
}
resource "aws_secretsmanager_secret" "s" { name = "s" }
resource "aws_secretsmanager_secret_version" "v" {
  secret_id     = aws_secretsmanager_secret.s.id
  secret_string = jsonencode({ user = "u" })
}
output "q" { value = [aws_sqs_queue.q.visibility_timeout_seconds, aws_sqs_queue.q.message_retention_seconds, aws_sqs_queue.fifo.fifo_queue] }
output "topics" { value = keys(aws_sns_topic.t) }
