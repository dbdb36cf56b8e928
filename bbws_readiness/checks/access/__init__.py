"""Whether policies and trusts of AWS roles let in and permit what they have to, and no more."""
