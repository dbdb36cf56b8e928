"""The actions and workflows that are shipped, read as data and run as a runner does."""
