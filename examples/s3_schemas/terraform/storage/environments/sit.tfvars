environment    = "sit"
aws_account_id = "111122223333"
aws_region     = "eu-west-1"
project        = "acme"
