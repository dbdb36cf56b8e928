"""What earlier runs made, kept under the user's cache folder so that unchanged files are not worked on again."""
