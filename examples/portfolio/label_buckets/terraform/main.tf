resource "aws_s3_bucket" "labels" {
  bucket = "acme-labels-${var.environment}"
}

resource "aws_s3_bucket_public_access_block" "labels" {
  bucket                  = aws_s3_bucket.labels.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

# Which label belongs to which order.
resource "aws_dynamodb_table" "labels" {
  name                        = "labels-${var.environment}"
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "PK"
  deletion_protection_enabled = true

  attribute {
    name = "PK"
    type = "S"
  }

  point_in_time_recovery {
    enabled = true
  }
}
