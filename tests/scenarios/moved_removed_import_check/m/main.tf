variable "value" {
  type = string
  validation {
    condition     = length(var.value) == 1
    error_message = "One letter."
  }
}
resource "terraform_data" "inner" {
  input = var.value
  lifecycle {
    precondition {
      condition     = var.value != ""
      error_message = "Empty."
    }
    postcondition {
      condition     = self.input == var.value
      error_message = "Changed."
    }
    ignore_changes       = [input]
    replace_triggered_by = [terraform_data.other.id]
  }
  depends_on = [terraform_data.other]
}
resource "terraform_data" "other" {}
output "out" {
  value = terraform_data.inner.input
  precondition {
    condition     = var.value != "y"
    error_message = "Not y."
  }
}
