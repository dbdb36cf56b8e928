"""Whether a project gets along with the projects beside it."""
