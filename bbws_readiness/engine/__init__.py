"""Runs the rules of the rulebook on a model, then says what each disagreement means."""
