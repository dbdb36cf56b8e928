"""Whether a validation script looks at what was deployed."""
