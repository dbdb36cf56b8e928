output "function_names" {
  description = "Names of all functions."
  value       = [for function in aws_lambda_function.this : function.function_name]
}

output "api_endpoint" {
  description = "Where the API answers."
  value       = aws_apigatewayv2_api.orders.api_endpoint
}
