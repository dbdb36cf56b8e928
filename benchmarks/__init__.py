"""Whole commands timed against those of others, on generated projects; no part of the package."""
