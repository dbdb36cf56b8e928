"""The decision log: what people decided about findings, on what evidence, and what came of each decision."""
