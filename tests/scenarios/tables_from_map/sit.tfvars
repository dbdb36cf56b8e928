environment = "sit"

tables = {
  tenants = {
    hash_key   = "PK"
    range_key  = "SK"
    attributes = { email = "S", status = "S" }
    streams    = true
    indexes = [
      { name = "EmailIndex", hash_key = "email" },
      { name = "StatusIndex", hash_key = "status", range_key = "SK", projection = "KEYS_ONLY" },
    ]
  }
  products = { hash_key = "PK" }
}
