"""Tests of the parsers, one module per kind of input."""
