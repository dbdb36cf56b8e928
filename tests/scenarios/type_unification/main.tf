variable "flag" { default = true }
resource "terraform_data" "a" {}
output "number_or_string" { value = var.flag ? 1 : "x" }
output "lists" { value = var.flag ? ["a"] : ["b", "c"] }
output "objects" { value = var.flag ? { a = 1 } : { a = "2" } }
output "different_objects" { value = var.flag ? { a = 1 } : { b = "2" } }
output "null" { value = var.flag ? null : "x" }
output "bool_string" { value = [true, "x", 1][1] }
output "tolist" { value = tolist([1, "a", true]) }
output "tomap" { value = tomap({ a = 1, b = "x" }) }
output "concat" { value = concat([1], ["a"], tolist(["b"])) }
output "merge" { value = merge({ a = [1] }, { a = "x", b = { c = null } }) }
output "coalesce" { value = coalesce(null, 5, "x") }
output "unknown_branch" { value = var.flag ? terraform_data.a.id : 5 }
output "flatten" { value = flatten([[1, ["a", []]], [[null]]]) }
output "equal" { value = [1 == "1", "true" == true, [] == [], tolist(["a"]) == ["a"], { a = 1 } == { a = 1 }, null == null] }
output "index_string" { value = ["x", "y"]["1"] }
output "map_number_key" { value = { 1 = "a", (2) = "b" }["2"] }
output "numbers" { value = ["${1.0}", "${100000000000000000000000}", "${0.1 + 0.2}", "${1e-7}", "${1 / 3}"] }
output "set_of_mixed" { value = toset([1, "1", true, "true"]) }
output "zipmap" { value = zipmap(["a", "b"], [1, "x"]) }
output "object_for" { value = { for key, value in { b = 1, a = 2 } : key => value if value != null } }
output "splat_object" { value = { a = 1 }[*].a }
output "lookup" { value = lookup({ a = 1, b = 2 }, "c", 9) }
output "try" { value = [try(tonumber("x"), "fallback"), try({ a = 1 }.b, null), can(tobool("maybe"))] }
output "deep" { value = { a = { b = [{ c = "d" }] } }.a.b[0].c }
