resource "aws_api_gateway_rest_api" "invoices" {
  name = "acme-invoices-${var.environment}"
}

resource "aws_api_gateway_resource" "invoices" {
  rest_api_id = aws_api_gateway_rest_api.invoices.id
  parent_id   = aws_api_gateway_rest_api.invoices.root_resource_id
  path_part   = "invoices"
}

resource "aws_api_gateway_resource" "one" {
  rest_api_id = aws_api_gateway_rest_api.invoices.id
  parent_id   = aws_api_gateway_resource.invoices.id
  path_part   = "{invoice}"
}

resource "aws_api_gateway_method" "create" {
  rest_api_id   = aws_api_gateway_rest_api.invoices.id
  resource_id   = aws_api_gateway_resource.invoices.id
  http_method   = "POST"
  authorization = "AWS_IAM"
}

resource "aws_api_gateway_method" "print" {
  rest_api_id      = aws_api_gateway_rest_api.invoices.id
  resource_id      = aws_api_gateway_resource.one.id
  http_method      = "GET"
  authorization    = "NONE"
  api_key_required = true
}
