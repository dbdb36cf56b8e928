"""Several projects side by side: what each must know of the others, found without comparing each with every other."""
