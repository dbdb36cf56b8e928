"""The benchmarks' own arithmetic, projects and page; nothing is timed here."""
