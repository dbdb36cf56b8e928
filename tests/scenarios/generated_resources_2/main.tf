terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
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
variable "empty" {
  type    = map(string)
  default = {}
}
variable "nothing" { default = null }
resource "aws_sqs_queue" "base" { name = "base" }
resource "aws_dynamodb_table" "r0" {
name = "r0"
billing_mode = "PAY_PER_REQUEST"
hash_key = "pk"
range_key = "sk"
dynamic "attribute" {
for_each = ["pk", "sk"]
content {
name = attribute.value
type = "S"
}
}
dynamic "global_secondary_index" {
for_each = toset(["z"])
content {
name = global_secondary_index.value
hash_key = "pk"

projection_type = "INCLUDE"
non_key_attributes = ["b", "a"]

}
}
point_in_time_recovery {
enabled = false
}
}
resource "aws_cloudwatch_metric_alarm" "r1" {
alarm_name = "r1"
evaluation_periods = 1
comparison_operator = "GreaterThanThreshold"
metric_name = "m"
namespace = "n"
period = 60
statistic = "Sum"
threshold = 0.5
dimensions = { A = aws_sqs_queue.base.name, B = aws_sqs_queue.base.arn }
alarm_actions = null
alarm_description = "x"
actions_enabled = false
}
resource "aws_backup_plan" "r2" {
name = "r2"

dynamic "rule" {
for_each = ["a"]
content {
rule_name = rule.value
target_vault_name = "vault"
schedule = null
recovery_point_tags = { A = 1 }
}
}
}
resource "aws_cloudwatch_metric_alarm" "r3" {
alarm_name = "r3"
evaluation_periods = 1
comparison_operator = "GreaterThanThreshold"
metric_name = "m"
namespace = "n"
period = 60
statistic = "Sum"
threshold = 5
alarm_actions = ["arn:aws:sns:eu-west-1:123456789012:b", "arn:aws:sns:eu-west-1:123456789012:a"]
tags = { A = null, B = true }
}
resource "aws_iam_role" "r4" {
assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "backup.amazonaws.com" } }] })
name = "r4"
tags = {}
}
resource "aws_cloudwatch_metric_alarm" "r5" {
alarm_name = "r5"
evaluation_periods = 1
comparison_operator = "GreaterThanThreshold"
metric_name = "m"
namespace = "n"
period = 60
statistic = "Sum"
threshold = 1e3
dimensions = { A = aws_sqs_queue.base.name, B = aws_sqs_queue.base.arn }
}
resource "aws_lambda_function" "r6" {
function_name = "r6"
handler = "a.b"
runtime = "python3.12"
role = "arn:aws:iam::123456789012:role/x"
s3_bucket = "b"
s3_key = "k"
timeout = null
description = "d"
ephemeral_storage {
size = 1024
}
}
resource "aws_lambda_function" "r7" {
function_name = "r7"
handler = "a.b"
runtime = "python3.12"
role = "arn:aws:iam::123456789012:role/x"
s3_bucket = "b"
s3_key = "k"
memory_size = 512
tracing_config {
mode = "Active"
}
vpc_config {
subnet_ids = ["b", "a"]
security_group_ids = []
}
ephemeral_storage {
size = 1024
}
tags = var.empty
}
resource "aws_sqs_queue" "r8" {
for_each = { a = "x", b = null }
name = "r8"
delay_seconds = 0
kms_master_key_id = "alias/x"
redrive_policy = jsonencode({ maxReceiveCount = 3, deadLetterTargetArn = "arn:aws:sqs:eu-west-1:1:d" })
}
resource "aws_backup_plan" "r9" {
name = "r9"
tags = {}
dynamic "rule" {
for_each = toset(["c", "b"])
content {
rule_name = rule.value
target_vault_name = "vault"
start_window = "120"
}
}
}
resource "aws_sqs_queue" "r10" {

name = "r10"
fifo_queue = null
kms_master_key_id = aws_sqs_queue.base.arn
redrive_policy = jsonencode({ maxReceiveCount = 3, deadLetterTargetArn = "arn:aws:sqs:eu-west-1:1:d" })
}
resource "aws_iam_role" "r11" {
assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "backup.amazonaws.com" } }] })

path = "/x/"
max_session_duration = "7200"
tags = var.empty
}
resource "aws_kms_key" "r12" {
policy = "{ \"Version\": \"2012-10-17\", \"Statement\": [] }"
}
resource "aws_lambda_function" "r13" {
function_name = "r13"
handler = "a.b"
runtime = "python3.12"
role = "arn:aws:iam::123456789012:role/x"
s3_bucket = "b"
s3_key = "k"
description = ""
vpc_config {
subnet_ids = ["b", "a"]
security_group_ids = []
}
ephemeral_storage {
size = 1024
}
}
resource "aws_cloudwatch_metric_alarm" "r14" {
alarm_name = "r14"
evaluation_periods = 1
comparison_operator = "GreaterThanThreshold"
metric_name = "m"
namespace = "n"
period = 60
statistic = "Sum"
threshold = 0
dimensions = { A = 1 }
alarm_actions = null
alarm_description = "x"
tags = { A = null, B = true }
}
resource "aws_sqs_queue" "r15" {
for_each = { a = "x", b = null }
name = "r15"
delay_seconds = "5"
kms_master_key_id = "alias/x"
tags = { A = null, B = true }
}
resource "aws_s3_bucket_lifecycle_configuration" "r16" {
bucket = "bucket"
rule {
id = "r16"
status = "Enabled"
expiration {
days = 90
}
transition {
days = "60"
storage_class = "GLACIER"
}
abort_incomplete_multipart_upload {
days_after_initiation = 7
}
}
}
resource "aws_backup_plan" "r17" {
name = "r17"
tags = { A = 1 }
dynamic "rule" {
for_each = ["a"]
content {
rule_name = rule.value
target_vault_name = "vault"
schedule = "cron(0 5 ? * * *)"
lifecycle {
delete_after = 7
}
copy_action {
destination_vault_arn = "arn:aws:backup:eu-west-1:123456789012:backup-vault:x"
}
}
}
}
resource "aws_s3_bucket_lifecycle_configuration" "r18" {
bucket = "bucket"
rule {
id = "r18"
status = "Enabled"
expiration {
days = 90
}
filter {
prefix = aws_sqs_queue.base.name
}
transition {
days = "60"
storage_class = "GLACIER"
}
}
}
resource "aws_dynamodb_table" "r19" {
name = "r19"
billing_mode = "PAY_PER_REQUEST"
hash_key = "pk"
range_key = "sk"
dynamic "attribute" {
for_each = ["pk", "sk"]
content {
name = attribute.value
type = "S"
}
}
dynamic "global_secondary_index" {
for_each = ["x", "y"]
content {
name = global_secondary_index.value
hash_key = "pk"

projection_type = "INCLUDE"
non_key_attributes = ["b", "a"]

}
}
point_in_time_recovery {
enabled = false
}
ttl {
attribute_name = "t"
enabled = true
}
server_side_encryption {
enabled = true
kms_key_arn = null
}
stream_enabled = true
stream_view_type = "NEW_IMAGE"
table_class = "STANDARD"
}
resource "aws_lambda_function" "r20" {
function_name = "r20"
handler = "a.b"
runtime = "python3.12"
role = "arn:aws:iam::123456789012:role/x"
s3_bucket = "b"
s3_key = "k"
memory_size = 512
timeout = 10
environment {
variables = { A = 1, B = null }
}
layers = null
description = "d"
ephemeral_storage {
size = 1024
}
}
resource "aws_backup_plan" "r21" {
name = "r21"

dynamic "rule" {
for_each = ["a", "b"]
content {
rule_name = rule.value
target_vault_name = "vault"
start_window = "120"
lifecycle {
delete_after = "35"
}
copy_action {
destination_vault_arn = aws_sqs_queue.base.arn
}
recovery_point_tags = null
}
}
}
resource "aws_dynamodb_table" "r22" {
name = "r22"
billing_mode = "PAY_PER_REQUEST"
hash_key = "pk"
range_key = "sk"
dynamic "attribute" {
for_each = ["pk", "sk"]
content {
name = attribute.value
type = "S"
}
}
dynamic "global_secondary_index" {
for_each = []
content {
name = global_secondary_index.value
hash_key = "pk"
range_key = "sk"
projection_type = "ALL"

}
}
point_in_time_recovery {
enabled = true
}
stream_enabled = true
stream_view_type = "NEW_IMAGE"
table_class = "STANDARD"
tags = var.empty
}
resource "aws_cloudwatch_metric_alarm" "r23" {
alarm_name = "r23"
evaluation_periods = 1
comparison_operator = "GreaterThanThreshold"
metric_name = "m"
namespace = "n"
period = 60
statistic = "Sum"
threshold = 5
actions_enabled = false
}
