"""Tests of how git is asked."""
