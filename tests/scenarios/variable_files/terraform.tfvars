a = "terraform"
b = "terraform"
c = "terraform"
d = "terraform"
list = ["1"]
object = { x = "1" }
