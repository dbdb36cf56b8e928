environment    = "dev"
aws_region     = "eu-west-1"
replica_region = "eu-central-1"
project        = "acme-shipping"
