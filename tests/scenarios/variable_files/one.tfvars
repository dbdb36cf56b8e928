c = "one"
d = "one"
