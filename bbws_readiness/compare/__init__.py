"""Two assessments held against each other: what changed, why, and what it did to the score."""
