"""The catalogue of hostile inputs: data, the guard that watches a run, and the proof that nothing got through."""
