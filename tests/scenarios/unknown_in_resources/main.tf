resource "aws_kms_key" "k" {}
resource "aws_sqs_queue" "q" {
  name              = "q"
  kms_master_key_id = aws_kms_key.k.arn
}
resource "aws_cloudwatch_metric_alarm" "a" {
  alarm_name          = "a-${aws_kms_key.k.key_id}"
  comparison_operator = "LessThanThreshold"
  evaluation_periods  = 2
  metric_name         = "m"
  namespace           = "n"
  period              = 60
  statistic           = "Average"
  threshold           = 1
  alarm_actions       = [aws_sqs_queue.q.arn, "arn:aws:sns:eu-west-1:123456789012:t"]
  dimensions          = { Queue = aws_sqs_queue.q.name, Key = aws_kms_key.k.arn }
}
resource "aws_backup_selection" "s" {
  name         = "s"
  plan_id      = "p"
  iam_role_arn = "arn:aws:iam::123456789012:role/x"
  resources    = [aws_kms_key.k.arn]
}
resource "aws_dynamodb_table" "t" {
  name         = "t"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"
  attribute {
    name = "id"
    type = "S"
  }
  replica {
    region_name = "us-east-1"
    kms_key_arn = aws_kms_key.k.arn
  }
  server_side_encryption {
    enabled     = true
    kms_key_arn = aws_kms_key.k.arn
  }
  tags = { Key = aws_kms_key.k.arn, Fixed = "x" }
}
resource "aws_s3_bucket_lifecycle_configuration" "l" {
  bucket = aws_kms_key.k.key_id
  rule {
    id     = aws_kms_key.k.key_id
    status = "Enabled"
    expiration { days = 1 }
  }
}
output "actions" { value = length(aws_cloudwatch_metric_alarm.a.alarm_actions) }
output "name" { value = aws_sqs_queue.q.name }
output "alarm" { value = aws_cloudwatch_metric_alarm.a.alarm_name }
