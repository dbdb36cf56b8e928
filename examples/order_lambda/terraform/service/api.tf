resource "aws_apigatewayv2_api" "orders" {
  name          = "acme-orders-${var.environment}"
  protocol_type = "HTTP"
}

resource "aws_apigatewayv2_authorizer" "customers" {
  api_id           = aws_apigatewayv2_api.orders.id
  name             = "customers"
  authorizer_type  = "JWT"
  identity_sources = ["$request.header.Authorization"]

  jwt_configuration {
    audience = ["acme-orders"]
    issuer   = "https://login.acme.test"
  }
}

resource "aws_apigatewayv2_integration" "this" {
  for_each = aws_lambda_function.this

  api_id                 = aws_apigatewayv2_api.orders.id
  integration_type       = "AWS_PROXY"
  integration_uri        = each.value.invoke_arn
  payload_format_version = "2.0"
}

# Monitors and load balancers ask for /health without a token.
resource "aws_apigatewayv2_route" "this" {
  for_each = local.functions

  api_id             = aws_apigatewayv2_api.orders.id
  route_key          = each.value.route
  target             = "integrations/${aws_apigatewayv2_integration.this[each.key].id}"
  authorization_type = each.key == "get-order" ? "JWT" : "NONE"
  authorizer_id      = each.key == "get-order" ? aws_apigatewayv2_authorizer.customers.id : null
}

resource "aws_apigatewayv2_stage" "live" {
  api_id      = aws_apigatewayv2_api.orders.id
  name        = "$default"
  auto_deploy = true
}

resource "aws_lambda_permission" "api" {
  for_each = aws_lambda_function.this

  statement_id  = "AllowApi"
  action        = "lambda:InvokeFunction"
  function_name = each.value.function_name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.orders.execution_arn}/*"
}
