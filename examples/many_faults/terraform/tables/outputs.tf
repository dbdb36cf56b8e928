output "table_names" {
  description = "Names of all tables."
  value = [
    aws_dynamodb_table.carriers.name,
    aws_dynamodb_table.parcels.name,
    aws_dynamodb_table.routes.name,
  ]
}

output "depots_table_arn" {
  description = "Table of the depots that parcels refer to, handed on to the services."
  value       = data.aws_dynamodb_table.depots.arn
}

output "parcels_stream_arn" {
  description = "Stream that the tracking service reads."
  value = aws_dynamodb_table.parcels.stream_arn
}
