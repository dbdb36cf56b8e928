terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
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

provider "aws" {
  alias                       = "replica"
  region                      = "af-south-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}

variable "backup" {
  type = object({
    enabled  = bool
    schedule = optional(string, "cron(0 5 ? * * *)")
    days     = optional(number, 14)
  })
  default = { enabled = true, days = 30 }
}

resource "aws_backup_vault" "main" {
  count = var.backup.enabled ? 1 : 0
  name  = "main"
}

resource "aws_backup_vault" "copy" {
  count    = var.backup.enabled ? 1 : 0
  provider = aws.replica
  name     = "copy"
}

resource "aws_backup_plan" "daily" {
  count = var.backup.enabled ? 1 : 0
  name  = "daily"

  rule {
    rule_name         = "daily"
    target_vault_name = aws_backup_vault.main[0].name
    schedule          = var.backup.schedule

    lifecycle {
      delete_after = var.backup.days
    }

    copy_action {
      destination_vault_arn = aws_backup_vault.copy[0].arn
    }
  }
}

resource "aws_backup_selection" "tables" {
  for_each     = var.backup.enabled ? toset(["a", "b"]) : toset([])
  name         = "tables-${each.key}"
  plan_id      = aws_backup_plan.daily[0].id
  iam_role_arn = "arn:aws:iam::123456789012:role/backup"
  resources    = ["arn:aws:dynamodb:*:*:table/${each.value}"]
}

output "days" { value = var.backup.days }
output "vaults" { value = concat(aws_backup_vault.main[*].name, aws_backup_vault.copy[*].name) }
