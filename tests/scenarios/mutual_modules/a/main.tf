variable "name" { type = string }
variable "back" { type = string }
resource "terraform_data" "q" { input = "${var.name}?" }
resource "terraform_data" "e" { input = var.back }
output "question" { value = terraform_data.q.input }
output "echo" { value = terraform_data.e.input }
