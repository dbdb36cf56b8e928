variable "environment" {
  type = string
  validation {
    condition     = contains(["dev", "sit", "prod"], var.environment)
    error_message = "Unknown environment ${var.environment}."
  }
}
variable "replicas" {
  type    = number
  default = 2
  validation {
    condition     = var.environment != "prod" || var.replicas > 1
    error_message = "Production needs two replicas."
  }
  validation {
    condition     = var.replicas == floor(var.replicas) && can(regex("^[0-9]$", tostring(var.replicas)))
    error_message = "A whole number."
  }
}
variable "names" {
  type    = list(string)
  default = ["a-1", "b-2"]
  validation {
    condition     = alltrue([for name in var.names : can(regex("^[a-z]-[0-9]$", name))])
    error_message = "Bad names: ${join(", ", var.names)}."
  }
}
locals { least = 1 }
variable "days" {
  type    = number
  default = 7
  validation {
    condition     = var.days >= local.least
    error_message = "At least ${local.least}."
  }
}
output "replicas" { value = var.replicas }
