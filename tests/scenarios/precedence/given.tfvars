third  = "given"
fourth = "given"
shape  = { a = "1", extra = true }
