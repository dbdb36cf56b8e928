resource "aws_sqs_queue" "q" {
  count = 2
  name  = "q${count.index}"
}
resource "aws_backup_plan" "p" {
  name = "p"
  rule {
    rule_name         = "r"
    target_vault_name = "vault"
    dynamic "copy_action" {
      for_each = [for queue in aws_sqs_queue.q : queue.arn]
      content {
        destination_vault_arn = copy_action.value
        lifecycle { delete_after = 10 + copy_action.key }
      }
    }
  }
  dynamic "rule" {
    for_each = { for queue in aws_sqs_queue.q : queue.name => queue.arn }
    content {
      rule_name         = rule.key
      target_vault_name = "vault"
    }
  }
}
resource "aws_s3_bucket_notification" "n" {
  bucket = "sample-bucket"
  dynamic "queue" {
    for_each = aws_sqs_queue.q[*]
    content {
      id        = queue.value.name
      queue_arn = queue.value.arn
      events    = ["s3:ObjectCreated:*"]
    }
  }
}
output "queues" { value = [for queue in aws_s3_bucket_notification.n.queue : queue.id] }
