environment           = "prod"
aws_account_id        = "777788889999"
aws_region            = "af-south-1"
backup_schedule       = "cron(0 2 * * ? *)"
backup_retention_days = 21
