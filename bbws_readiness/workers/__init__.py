"""Runs one function on many items, each on its own, wherever there is room."""
