resource "aws_sqs_queue" "none" { name = "none" }
resource "aws_sqs_queue" "null" {
  name = "null"
  tags = null
}
resource "aws_sqs_queue" "empty" {
  name = "empty"
  tags = {}
}
resource "aws_sqs_queue" "own" {
  name = "own"
  tags = { Name = "own", Cost = 12, Environment = "prod", Nothing = null }
}
resource "aws_sqs_queue" "open" {
  name = "open"
  tags = { Arn = aws_sqs_queue.own.arn }
}
resource "aws_dynamodb_table" "t" {
  name         = "t"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "PK"
  attribute {
    name = "PK"
    type = "S"
  }
  tags = merge({ A = "b" }, null)
}
resource "aws_sqs_queue" "aliased" {
  provider = aws.bare
  name     = "aliased"
  tags     = { X = "y" }
}
output "effective" { value = aws_sqs_queue.own.tags_all }
output "owner" { value = aws_sqs_queue.none.tags_all["Owner"] }
output "bare" { value = aws_sqs_queue.aliased.tags_all }
