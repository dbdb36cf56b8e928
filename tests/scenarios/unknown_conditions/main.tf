resource "terraform_data" "r" { input = "a" }
locals { c = terraform_data.r.id == "b" }
output "n" { value = local.c ? 1 : 1 }
output "s" { value = local.c ? "a" : "a" }
output "b" { value = local.c ? true : true }
output "l0" { value = local.c ? tolist([]) : tolist([]) }
output "t" { value = local.c ? ["a"] : ["a"] }
output "m" { value = local.c ? tomap({ a = "b" }) : tomap({ a = "b" }) }
output "m0" { value = local.c ? tomap({}) : tomap({}) }
output "o" { value = local.c ? { a = 1 } : { a = 1 } }
output "z" { value = local.c ? null : null }
output "es" { value = local.c ? "" : "" }
output "ns" { value = local.c ? tostring(null) : tostring(null) }
output "can1" { value = can([for k in [1] : terraform_data.r.id]) }
output "try1" { value = try({ a = terraform_data.r.id, b = 2 }.b, 3) }
output "try2" { value = try(terraform_data.r.input, 3) }
