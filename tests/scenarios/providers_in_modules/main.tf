module "default" {
  source = "./m"
  name   = "default"
}
module "passed" {
  source    = "./m"
  name      = "passed"
  providers = { aws = aws.other }
}
module "both" {
  source    = "./two"
  for_each  = toset(["x"])
  providers = {
    aws.main    = aws
    aws.replica = aws.other
  }
}
output "tags" { value = [module.default.tags, module.passed.tags, module.both["x"].tags] }
