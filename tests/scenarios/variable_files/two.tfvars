c = "two"
object = { x = 2, y = false, extra = 1 }
