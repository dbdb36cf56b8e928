environment    = "dev"
aws_account_id = "536580886816"
aws_region     = "eu-west-1"
project        = "bbws"
