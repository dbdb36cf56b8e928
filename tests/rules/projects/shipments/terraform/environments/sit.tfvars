environment           = "sit"
aws_account_id        = "111122223333"
aws_region            = "eu-west-1"
backup_schedule       = "cron(0 2 * * ? *)"
backup_retention_days = 5
