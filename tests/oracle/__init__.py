"""Compares the evaluator with a real Terraform, on what is recorded and on random configurations."""
