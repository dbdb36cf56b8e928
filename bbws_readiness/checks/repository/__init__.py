"""Whether the checkout is one to release, and holds no secret."""
