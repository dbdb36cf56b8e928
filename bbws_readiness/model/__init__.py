"""The nouns that every source describes: tables, environments, workflows, scripts, plans."""
