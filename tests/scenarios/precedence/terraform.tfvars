first  = "terraform.tfvars"
second = "terraform.tfvars"
size   = "3"
kept   = null
