environment    = "dev"
aws_account_id = "444455556666"
aws_region     = "eu-west-1"
project        = "acme"
