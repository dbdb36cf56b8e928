variable "rules" {
  default = {
    daily  = { schedule = "cron(0 5 ? * * *)", delete_after = 35, copies = ["a", "b"] }
    weekly = { schedule = "cron(0 5 ? * 1 *)", delete_after = 90, copies = [] }
  }
}
resource "aws_backup_vault" "v" {
  for_each      = toset(["main", "aa", "bb"])
  name          = each.key
  force_destroy = each.key != "main"
  kms_key_arn   = "arn:aws:kms:eu-west-1:123456789012:key/x"
}
resource "aws_backup_plan" "p" {
  name = "plan"
  dynamic "rule" {
    for_each = var.rules
    content {
      rule_name                = rule.key
      target_vault_name        = aws_backup_vault.v["main"].name
      schedule                 = rule.value.schedule
      enable_continuous_backup = rule.key == "daily"
      lifecycle {
        delete_after = rule.value.delete_after
      }
      dynamic "copy_action" {
        for_each = toset(rule.value.copies)
        content {
          destination_vault_arn = "arn:aws:backup:eu-west-1:123456789012:backup-vault:${copy_action.value}"
          lifecycle { delete_after = rule.value.delete_after * 2 }
        }
      }
      recovery_point_tags = { Rule = rule.key }
    }
  }
  advanced_backup_setting {
    backup_options = { WindowsVSS = "enabled" }
    resource_type  = "EC2"
  }
  tags = { Name = "plan" }
}
resource "aws_backup_selection" "s" {
  name         = "s"
  plan_id      = aws_backup_plan.p.id
  iam_role_arn = aws_iam_role.r.arn
  resources    = ["arn:aws:dynamodb:*:*:table/b", "arn:aws:dynamodb:*:*:table/a"]
  selection_tag {
    type  = "STRINGEQUALS"
    key   = "Backup"
    value = true
  }
}
resource "aws_iam_role" "r" {
  name_prefix        = "backup-"
  assume_role_policy = data.aws_iam_policy_document.assume.json
}
data "aws_iam_policy_document" "assume" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["backup.amazonaws.com"]
    }
  }
}
resource "aws_iam_role_policy_attachment" "a" {
  role       = aws_iam_role.r.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup"
}
resource "aws_backup_vault_lock_configuration" "l" {
  backup_vault_name   = aws_backup_vault.v["main"].name
  changeable_for_days = 3
  max_retention_days  = 1200
  min_retention_days  = 7
}
resource "aws_backup_vault_policy" "p" {
  backup_vault_name = aws_backup_vault.v["main"].name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Deny", Principal = "*", Action = ["backup:DeleteRecoveryPoint"], Resource = "*" }]
  })
}
resource "aws_backup_framework" "f" {
  name = "framework"
  control {
    name = "BACKUP_RECOVERY_POINT_MINIMUM_RETENTION_CHECK"
    input_parameter {
      name  = "requiredRetentionDays"
      value = "35"
    }
  }
}
resource "aws_backup_region_settings" "s" {
  resource_type_opt_in_preference = { DynamoDB = true, EFS = false }
}
resource "aws_backup_report_plan" "p" {
  name = "report"
  report_delivery_channel {
    formats        = ["CSV", "JSON"]
    s3_bucket_name = "bucket"
  }
  report_setting { report_template = "BACKUP_JOB_REPORT" }
}
output "rules" { value = sort([for rule in aws_backup_plan.p.rule : "${rule.rule_name} ${rule.start_window}"]) }
output "vaults" { value = [for vault in aws_backup_vault.v : vault.name] }
