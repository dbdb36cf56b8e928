environment = "sit"
region      = "us-east-1"
