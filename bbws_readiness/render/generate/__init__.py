"""Makes files that a project lacks from what its model says: text for Python and Terraform, never for a reader."""
