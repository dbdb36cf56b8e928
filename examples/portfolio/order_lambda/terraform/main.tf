# Made by order_schemas, which adds the environment to the name.
data "aws_dynamodb_table" "orders" {
  name = "orders"
}

# Made by label_buckets.
data "aws_s3_bucket" "labels" {
  bucket = "acme-labels-${var.environment}"
}

resource "aws_lambda_function" "create_order" {
  function_name = "acme-create-order-${var.environment}"
  role          = "arn:aws:iam::111122223333:role/acme-order-functions-${var.environment}"
  runtime       = "python3.12"
  handler       = "create_order.handler"
  filename      = "build/code.zip"

  environment {
    variables = {
      ORDERS_TABLE  = data.aws_dynamodb_table.orders.name
      ORDERS_INDEX  = "OrdersByCustomer"
      LABELS_BUCKET = data.aws_s3_bucket.labels.bucket
    }
  }
}
