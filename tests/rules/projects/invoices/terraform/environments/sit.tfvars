environment = "sit"
