data "aws_iam_policy_document" "backup_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["backup.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "backup" {
  name               = "shipments-backup-${var.environment}"
  assume_role_policy = data.aws_iam_policy_document.backup_trust.json
}

resource "aws_iam_role_policy_attachment" "backup" {
  role       = aws_iam_role.backup.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup"
}

resource "aws_backup_vault" "shipments" {
  name = "shipments-${var.environment}"
}

resource "aws_backup_plan" "shipments" {
  name = "shipments-${var.environment}"

  rule {
    rule_name         = "tables"
    target_vault_name = aws_backup_vault.shipments.name
    schedule          = var.backup_schedule

    lifecycle {
      delete_after = var.backup_retention_days
    }
  }
}

resource "aws_backup_selection" "tables" {
  name         = "shipments-tables-${var.environment}"
  iam_role_arn = aws_iam_role.backup.arn
  plan_id      = aws_backup_plan.shipments.id

  resources = [
    aws_dynamodb_table.carriers.arn,
    aws_dynamodb_table.parcels.arn,
  ]
}
