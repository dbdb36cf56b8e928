"""Files of the project turned into nouns, one module per kind of input."""
