"""What lies in the output directory: the earlier run, what people wrote into its documents, and what becomes of it."""
