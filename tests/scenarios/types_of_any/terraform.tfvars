untyped = 5
bare = ["x", "y"]
