module "a" {
  source = "./a"
  name   = "start"
  back   = module.b.answer
}
module "b" {
  source   = "./b"
  question = module.a.question
}
output "echo" { value = module.a.echo }
output "all" { value = { a = module.a, b = module.b } }
