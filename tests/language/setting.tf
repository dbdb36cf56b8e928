locals {
  text   = "hello"
  number = 42
  list   = ["a", "b", "c"]
  set    = toset(["x", "y"])
  map    = tomap({ k1 = "v1", k2 = "v2" })
  object = { name = "n", size = 3, inner = { deep = [1, 2] } }
  objects = [
    { id = 1, name = "one", on = true, tags = ["t1", "t2"] },
    { id = 2, name = "two", on = false, tags = ["t3"] },
    { id = 3, name = "one", on = true, tags = ["t4"] },
  ]
  unknown   = terraform_data.some.id
  template  = "hello $${name}"
  loop      = "%%{ for n in names ~}<$${n}>%%{ endfor }"
  single    = "$${value}"
  calls     = "$${upper(value)}"
  recursive = "$${templatestring(value, {})}"
  broken    = "$${"
}

variable "secret" {
  type      = string
  default   = "hidden"
  ephemeral = true
}

resource "terraform_data" "some" {
  input = "given"
}

resource "terraform_data" "counted" {
  count = 2
  input = "number ${count.index}"
}

resource "terraform_data" "each" {
  for_each = { a = "x", b = "y" }
  input    = each.value
}
