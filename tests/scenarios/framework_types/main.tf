resource "aws_sqs_queue" "q" { name = "q" }
resource "aws_backup_logically_air_gapped_vault" "v" {
  name               = "vault"
  min_retention_days = 7
  max_retention_days = "35"
  tags               = { A = "b", Nothing = null }
}
resource "aws_backup_logically_air_gapped_vault" "bare" {
  name               = "bare"
  min_retention_days = 7
  max_retention_days = 8
}
resource "aws_backup_restore_testing_plan" "p" {
  name                = "plan"
  schedule_expression = "cron(0 5 ? * * *)"
  tags                = { Arn = aws_sqs_queue.q.arn, Fixed = "x" }
  recovery_point_selection {
    algorithm            = "LATEST_WITHIN_WINDOW"
    include_vaults       = ["*"]
    recovery_point_types = ["CONTINUOUS", "SNAPSHOT"]
  }
}
resource "aws_backup_restore_testing_selection" "s" {
  name                      = "selection"
  restore_testing_plan_name = aws_backup_restore_testing_plan.p.name
  protected_resource_type   = "DynamoDB"
  iam_role_arn              = "arn:aws:iam::123456789012:role/x"
  protected_resource_arns   = ["*"]
}
resource "aws_iam_role_policies_exclusive" "e" {
  role_name    = "r"
  policy_names = []
}
resource "aws_dynamodb_resource_policy" "p" {
  resource_arn = "arn:aws:dynamodb:eu-west-1:123456789012:table/x"
  policy       = jsonencode({ Version = "2012-10-17", Statement = [] })
}
output "tags" { value = [aws_backup_logically_air_gapped_vault.v.tags_all, aws_backup_logically_air_gapped_vault.bare.tags_all] }
output "arns" { value = aws_backup_restore_testing_selection.s.protected_resource_arns }
