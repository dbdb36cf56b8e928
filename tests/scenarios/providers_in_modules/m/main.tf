variable "name" { type = string }
resource "aws_sqs_queue" "q" {
  name = var.name
  tags = { Name = var.name }
}
output "tags" { value = aws_sqs_queue.q.tags_all }
