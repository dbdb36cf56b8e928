"""Whether promotion plan and README agree with themselves and with the files."""
