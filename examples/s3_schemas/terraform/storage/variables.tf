variable "environment" {
  description = "Environment that the resources belong to."
  type        = string

  validation {
    condition     = contains(["dev", "sit", "prod"], var.environment)
    error_message = "The environment must be dev, sit or prod."
  }
}

variable "aws_account_id" {
  description = "Account that the provider may work in."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{12}$", var.aws_account_id))
    error_message = "The account id must have twelve digits."
  }
}

variable "aws_region" {
  description = "Region that the resources are created in."
  type        = string
}

variable "project" {
  description = "Project name for the Project tag."
  type        = string
}
