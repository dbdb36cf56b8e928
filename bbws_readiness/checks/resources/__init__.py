"""Whether resources other than tables are declared, closed and whole."""
