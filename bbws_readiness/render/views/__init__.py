"""One view builder per document: everything a template prints, already worded and encoded."""
