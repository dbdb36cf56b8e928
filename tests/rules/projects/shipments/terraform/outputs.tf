output "table_names" {
  value = [
    aws_dynamodb_table.carriers.name,
    aws_dynamodb_table.parcels.name,
  ]
}
