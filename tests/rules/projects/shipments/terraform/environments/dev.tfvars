environment           = "dev"
aws_account_id        = "444455556666"
aws_region            = "eu-west-1"
backup_schedule       = "cron(0 2 * * ? *)"
backup_retention_days = 3
