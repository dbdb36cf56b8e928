"""What is posted to GitHub: the only part of the tool that opens a connection, and only when told to post."""
