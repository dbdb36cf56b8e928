tables = {
  orders = {
    keys    = { hash = "id" }
    indexes = { by_date = { hash = "date" }, by_x = { hash = "x", projection = "INCLUDE", fields = ["b", "a", "b"] } }
    backup  = {}
  }
  users = { billing = null, backup = { enabled = false, days = "7" }, tags = { a = 1 } }
}
