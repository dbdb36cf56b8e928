moved {
  from = terraform_data.old
  to   = terraform_data.new
}
moved {
  from = module.before
  to   = module.after
}
removed {
  from = terraform_data.gone
  lifecycle {
    destroy = false
  }
}
resource "terraform_data" "new" { input = "x" }
module "after" {
  source = "./m"
  value  = terraform_data.new.input
}
check "healthy" {
  assert {
    condition     = terraform_data.new.input == "x"
    error_message = "It is ${terraform_data.new.input}."
  }
  assert {
    condition     = length(module.after.out) > 100
    error_message = "Too short."
  }
}
output "out" { value = module.after.out }
