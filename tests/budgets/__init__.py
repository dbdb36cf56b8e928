"""Tests of what untrusted input may cost."""
