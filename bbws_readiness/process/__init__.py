"""What the process itself may do: where it imports from, what it knows of its environment, how long it runs."""
