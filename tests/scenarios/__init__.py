"""Whole configurations with what the real Terraform plans for them."""
