"""Runs the cases of rules: small projects as data, each with what a rule says about it."""
