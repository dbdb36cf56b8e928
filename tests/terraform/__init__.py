"""Tests of the Terraform language, its answers compared with those of real Terraform."""
