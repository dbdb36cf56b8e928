"""Tells whether a Terraform project may be deployed to an environment now, and if not, who must do what."""

__version__ = "0.1.0"
