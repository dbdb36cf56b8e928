"""Encoders of untrusted text, one module per sink; nothing else in the package escapes anything."""
