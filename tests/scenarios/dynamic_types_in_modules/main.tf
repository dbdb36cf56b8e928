module "m" {
  source  = "./m"
  numbers = ["1", 2]
  flag    = "true"
  map     = { a = 1, b = "x" }
  object  = { name = 5, extra = "dropped" }
  any     = { deep = [1, { x = 2 }] }
  set     = ["b", "a", "b"]
}
output "all" { value = module.m.all }
