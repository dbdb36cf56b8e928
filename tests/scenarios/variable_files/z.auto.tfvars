b = "z"
c = "z"
