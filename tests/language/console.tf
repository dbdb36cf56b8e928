variable "password" {
  default   = "hunter2"
  sensitive = true
}

variable "settings" {
  type    = object({ name = string, ports = optional(list(number)), extra = optional(map(string), { a = "b" }) })
  default = { name = "x" }
}

variable "nothing" {
  type    = map(list(string))
  default = null
}

variable "record" {
  type    = object({ a = string })
  default = null
}

variable "any" {
  default = null
}

locals {
  lines = "first\n  second\n"
  mixed = [1, "a", true, null, [], {}, { b = [2], a = "two\nlines" }]
}

resource "terraform_data" "some" {
  input = "known"
}
