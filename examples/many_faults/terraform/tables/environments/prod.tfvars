environment    = "prod"
aws_region     = "af-south-1"
replica_region = "eu-west-1"
project        = "acme-shipping"
retention_days = 365
