resource "aws_dynamodb_table" "t" {
  name           = "t"
  hash_key       = "id"
  read_capacity  = 1
  write_capacity = 1
  attribute {
    name = "id"
    type = "S"
  }
}
resource "aws_cloudwatch_log_group" "g" {}
resource "aws_sqs_queue" "q" {
  name                       = "${aws_dynamodb_table.t.billing_mode}-q"
  visibility_timeout_seconds = aws_cloudwatch_log_group.g.retention_in_days + 30
  tags = {
    Table   = aws_dynamodb_table.t.name
    Range   = aws_dynamodb_table.t.range_key
    Class   = coalesce(aws_dynamodb_table.t.table_class, "STANDARD")
    Indexes = length(aws_dynamodb_table.t.global_secondary_index)
  }
}
resource "aws_vpc" "v" { cidr_block = "10.0.0.0/16" }
resource "aws_subnet" "s" {
  count             = 2
  vpc_id            = aws_vpc.v.id
  cidr_block        = cidrsubnet(aws_vpc.v.cidr_block, 8, count.index)
  availability_zone = "eu-west-1${["a", "b"][count.index]}"
}
output "support" { value = aws_vpc.v.enable_dns_support }
output "cidrs" { value = aws_subnet.s[*].cidr_block }
output "public" { value = aws_subnet.s[0].map_public_ip_on_launch }
output "stream" { value = aws_dynamodb_table.t.stream_enabled }
output "tags" { value = aws_sqs_queue.q.tags }
output "unset" { value = aws_dynamodb_table.t.tags == null }
