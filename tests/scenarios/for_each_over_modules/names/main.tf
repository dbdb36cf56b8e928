output "names" {
  value = { for index, name in ["x", "y"] : name => index }
}
