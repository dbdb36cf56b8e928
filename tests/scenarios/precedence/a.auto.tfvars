second = "a.auto"
