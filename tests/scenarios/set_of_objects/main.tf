variable "rules" {
  type = set(object({ name = string, port = number, open = optional(bool, false) }))
  default = [
    { name = "web", port = 80 },
    { name = "tls", port = 443, open = true },
    { name = "web", port = 80 },
    { name = "ssh", port = 22 },
    { name = "a", port = 1 },
    { name = "ä", port = 100 },
  ]
}
output "names" { value = [for rule in var.rules : rule.name] }
output "list" { value = tolist(var.rules) }
output "size" { value = length(var.rules) }
output "lists" { value = tolist(toset([["b", "a"], ["a"], [], ["a", "b"]])) }
output "maps" { value = [for item in toset([{ a = 1, b = 2 }, { a = 0, b = 3 }]) : item.a] }
output "tuples" { value = tolist(toset([["x", 1], ["y", 2]])) }
