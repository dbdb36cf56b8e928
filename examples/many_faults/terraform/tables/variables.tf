variable "environment" {
  description = "Environment that the tables belong to."
  type        = string

  validation {
    condition     = contains(["dev", "sit", "prod"], var.environment)
    error_message = "The environment must be dev, sit or prod."
  }
}

variable "aws_region" {
  description = "Region that the tables are created in."
  type        = string
}

variable "replica_region" {
  description = "Second region that the tables are replicated to."
  type        = string
}

variable "project" {
  description = "Project name for the Project tag."
  type        = string
}

variable "retention_days" {
  description = "Days after which a parcel that was delivered is forgotten, for the writers."
  type        = number
}
