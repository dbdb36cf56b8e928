environment    = "sit"
aws_account_id = "815856636111"
aws_region     = "eu-west-1"
project        = "bbws"
