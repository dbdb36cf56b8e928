"""The invariants of the documents, held over whole projects that are made up from seeds."""
