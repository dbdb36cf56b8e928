provider "aws" {
  region = var.aws_region

  # Credentials of any other account are refused before anything is read or changed.
  allowed_account_ids = [var.aws_account_id]

  default_tags {
    tags = {
      Environment = var.environment
      Project     = var.project
      ManagedBy   = "terraform"
      Component   = "service"
      Application = "acme-platform"
    }
  }
}
