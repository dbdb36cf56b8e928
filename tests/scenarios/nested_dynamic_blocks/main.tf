variable "notifications" {
  type = list(object({ kind = string, arn = string, events = list(string), suffix = optional(string) }))
  default = [
    { kind = "queue", arn = "arn:aws:sqs:eu-west-1:123456789012:a", events = ["s3:ObjectCreated:*"] },
    { kind = "topic", arn = "arn:aws:sns:eu-west-1:123456789012:b", events = ["s3:ObjectRemoved:*"], suffix = ".x" },
    { kind = "queue", arn = "arn:aws:sqs:eu-west-1:123456789012:c", events = [] , suffix = ".y" },
  ]
}
resource "aws_s3_bucket_notification" "n" {
  bucket = "sample-bucket"
  dynamic "queue" {
    for_each = [for notification in var.notifications : notification if notification.kind == "queue" && length(notification.events) > 0]
    content {
      queue_arn     = queue.value.arn
      events        = queue.value.events
      filter_suffix = queue.value.suffix
    }
  }
  dynamic "topic" {
    for_each = { for index, notification in var.notifications : index => notification if notification.kind == "topic" }
    content {
      id            = "t${topic.key}"
      topic_arn     = topic.value.arn
      events        = topic.value.events
      filter_suffix = topic.value.suffix
    }
  }
}
resource "aws_s3_bucket_lifecycle_configuration" "l" {
  bucket = "sample-bucket"
  dynamic "rule" {
    for_each = { a = [30, 60], b = [] }
    iterator = outer
    content {
      id     = outer.key
      status = "Enabled"
      filter { prefix = "${outer.key}/" }
      dynamic "transition" {
        for_each = outer.value
        content {
          days          = transition.value
          storage_class = transition.key == 0 ? "STANDARD_IA" : "GLACIER"
        }
      }
      expiration { days = 365 }
    }
  }
}
output "queues" { value = length(aws_s3_bucket_notification.n.queue) }
output "transitions" { value = [for rule in aws_s3_bucket_lifecycle_configuration.l.rule : length(rule.transition)] }
