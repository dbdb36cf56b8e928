"""Waivers in place: comments of the project's own files that settle a finding until a day, by whom and why."""
