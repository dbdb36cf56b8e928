variable "environment" {
  type = string

  validation {
    condition     = contains(["dev", "sit", "prod"], var.environment)
    error_message = "The environment must be dev, sit or prod."
  }
}

variable "aws_account_id" {
  type = string
}

variable "aws_region" {
  type    = string
  default = "eu-west-1"
}

variable "backup_schedule" {
  type = string
}

variable "backup_retention_days" {
  type = number
}
