"""What is known about the types of a provider without asking it: shapes and defaults, as recorded from real plans."""
