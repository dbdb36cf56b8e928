"""Tests of the confined reader."""
