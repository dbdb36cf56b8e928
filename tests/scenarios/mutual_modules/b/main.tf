variable "question" { type = string }
output "answer" { value = "re: ${var.question}" }
