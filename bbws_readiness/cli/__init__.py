"""The command line: the only layer that prints, reads the clock and the environment, and exits."""
