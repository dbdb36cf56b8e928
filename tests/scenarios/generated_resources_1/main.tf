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
read_capacity = 1
write_capacity = 2
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
range_key = "sk"
projection_type = "ALL"
read_capacity = 1
write_capacity = 1
}
}
point_in_time_recovery {
enabled = false
}
server_side_encryption {
enabled = true
kms_key_arn = aws_sqs_queue.base.arn
}
tags = { A = 1 }
}
resource "aws_s3_bucket_lifecycle_configuration" "r1" {
bucket = "bucket"
rule {
id = "r1"
status = "Enabled"
expiration {
days = 90
}
filter {
prefix = aws_sqs_queue.base.name
}
noncurrent_version_expiration {
noncurrent_days = 30
}
}
}
resource "aws_kms_key" "r2" {
policy = jsonencode({ a = aws_sqs_queue.base.arn })
deletion_window_in_days = 7
enable_key_rotation = null
description = null
multi_region = true
tags = { A = aws_sqs_queue.base.arn }
}
resource "aws_iam_role" "r3" {
assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "backup.amazonaws.com" } }] })

description = "x"
}
resource "aws_lambda_function" "r4" {
function_name = "r4"
handler = "a.b"
runtime = "python3.12"
role = "arn:aws:iam::123456789012:role/x"
s3_bucket = "b"
s3_key = "k"
timeout = null
layers = null
}
resource "aws_sqs_queue" "r5" {
for_each = { a = "x", b = null }
name = "r5"
delay_seconds = var.nothing
kms_master_key_id = aws_sqs_queue.base.arn
}
resource "aws_cloudwatch_metric_alarm" "r6" {
alarm_name = "r6"
evaluation_periods = 1
comparison_operator = "GreaterThanThreshold"
metric_name = "m"
namespace = "n"
period = 60
statistic = "Sum"
threshold = 1e3
alarm_actions = null
actions_enabled = false
tags = { A = aws_sqs_queue.base.arn }
}
resource "aws_backup_plan" "r7" {
name = "r7"

dynamic "rule" {
for_each = ["a"]
content {
rule_name = rule.value
target_vault_name = "vault"
copy_action {
destination_vault_arn = "arn:aws:backup:eu-west-1:123456789012:backup-vault:x"
}
recovery_point_tags = null
}
}
}
resource "aws_sqs_queue" "r8" {

name = "r8"
fifo_queue = false
kms_master_key_id = aws_sqs_queue.base.arn
}
resource "aws_kms_key" "r9" {
enable_key_rotation = null
}
resource "aws_backup_plan" "r10" {
name = "r10"
tags = { A = null, B = true }
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
resource "aws_dynamodb_table" "r11" {
name = "r11"
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
range_key = "sk"
projection_type = "ALL"

}
}
ttl {
attribute_name = "t"
enabled = true
}
server_side_encryption {
enabled = true
kms_key_arn = aws_sqs_queue.base.arn
}
deletion_protection_enabled = null
stream_enabled = true
stream_view_type = "NEW_IMAGE"
tags = null
}
resource "aws_lambda_function" "r12" {
function_name = "r12"
handler = "a.b"
runtime = "python3.12"
role = "arn:aws:iam::123456789012:role/x"
s3_bucket = "b"
s3_key = "k"
timeout = 10
environment {
variables = { A = "" }
}
tracing_config {
mode = "Active"
}
description = "d"
ephemeral_storage {
size = 1024
}
}
resource "aws_iam_role" "r13" {
assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "backup.amazonaws.com" } }] })
name_prefix = "r13"
max_session_duration = "7200"
tags = { E = "" }
}
resource "aws_backup_plan" "r14" {
name = "r14"

dynamic "rule" {
for_each = ["a"]
content {
rule_name = rule.value
target_vault_name = "vault"
start_window = "120"
lifecycle {
delete_after = 7
}
recovery_point_tags = null
}
}
}
resource "aws_sqs_queue" "r15" {
count = 2
name = "r15"
tags = var.empty
}
resource "aws_dynamodb_table" "r16" {
name = "r16"
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
range_key = null
projection_type = "INCLUDE"
non_key_attributes = ["b", "a"]

}
}
ttl {
attribute_name = "t"
enabled = true
}
deletion_protection_enabled = null
stream_enabled = true
stream_view_type = "NEW_IMAGE"
table_class = "STANDARD"
}
resource "aws_backup_plan" "r17" {
name = "r17"
tags = { A = aws_sqs_queue.base.arn }
dynamic "rule" {
for_each = ["a", "b"]
content {
rule_name = rule.value
target_vault_name = "vault"
start_window = 60
recovery_point_tags = null
}
}
}
resource "aws_sqs_queue" "r18" {
count = 2
name = "r18"
fifo_queue = false
}
resource "aws_cloudwatch_metric_alarm" "r19" {
alarm_name = "r19"
evaluation_periods = 1
comparison_operator = "GreaterThanThreshold"
metric_name = "m"
namespace = "n"
period = 60
statistic = "Sum"
threshold = 0
actions_enabled = false
}
resource "aws_cloudwatch_metric_alarm" "r20" {
alarm_name = "r20"
evaluation_periods = 1
comparison_operator = "GreaterThanThreshold"
metric_name = "m"
namespace = "n"
period = 60
statistic = "Sum"
threshold = 1e3
alarm_actions = null
alarm_description = ""
actions_enabled = "true"
}
resource "aws_dynamodb_table" "r21" {
name = "r21"
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
range_key = "sk"
projection_type = "ALL"

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
resource "aws_sqs_queue" "r22" {
count = 2
name = "r22"
delay_seconds = "5"
fifo_queue = false
redrive_policy = jsonencode({ maxReceiveCount = 3, deadLetterTargetArn = "arn:aws:sqs:eu-west-1:1:d" })
}
resource "aws_kms_key" "r23" {
policy = jsonencode({ a = aws_sqs_queue.base.arn })
enable_key_rotation = null
description = null
tags = {}
}
