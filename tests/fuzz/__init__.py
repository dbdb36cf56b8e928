"""Random input for every reader, and the inputs that once were interesting."""
