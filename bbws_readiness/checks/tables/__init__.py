"""Whether tables, with their indexes and settings, are what the sources say."""
