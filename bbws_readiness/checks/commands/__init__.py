"""Whether the commands that documents tell people to run would do what they are for."""
