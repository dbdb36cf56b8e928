"""Whether the GitHub workflows deploy the environment, and only what was approved."""
