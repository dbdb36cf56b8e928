second = "b.auto"
third  = "b.auto"
flags  = ["true", false]
