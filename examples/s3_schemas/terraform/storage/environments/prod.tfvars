environment    = "prod"
aws_account_id = "777788889999"
aws_region     = "af-south-1"
project        = "acme"
