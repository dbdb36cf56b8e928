environment    = "prod"
aws_account_id = "093646564004"
aws_region     = "af-south-1"
project        = "bbws"
