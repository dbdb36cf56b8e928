"""Whether the Terraform configuration, its settings and its state are in order."""
