"""Turns one assessment into documents, JSON and terminal text, without looking at anything else."""
