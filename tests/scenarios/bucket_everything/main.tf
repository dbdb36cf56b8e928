resource "aws_s3_bucket" "b" {
  bucket        = "sample-bucket"
  force_destroy = true
  tags          = { Name = "b" }
}
resource "aws_s3_bucket" "generated" { bucket_prefix = "sample-" }
resource "aws_s3_bucket_versioning" "v" {
  bucket = aws_s3_bucket.b.id
  versioning_configuration { status = "Enabled" }
}
resource "aws_s3_bucket_server_side_encryption_configuration" "e" {
  bucket = aws_s3_bucket.b.bucket
  rule {
    bucket_key_enabled = true
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.k.arn
    }
  }
}
resource "aws_kms_key" "k" { enable_key_rotation = true }
resource "aws_kms_alias" "k" {
  name          = "alias/k"
  target_key_id = aws_kms_key.k.key_id
}
resource "aws_s3_bucket_public_access_block" "p" {
  bucket                  = aws_s3_bucket.b.id
  block_public_acls       = true
  block_public_policy     = true
  restrict_public_buckets = "true"
}
resource "aws_s3_bucket_lifecycle_configuration" "l" {
  bucket = "sample-bucket"
  rule {
    id     = "expire"
    status = "Enabled"
    filter { prefix = "logs/" }
    expiration { days = 90 }
    noncurrent_version_expiration { noncurrent_days = 30 }
    transition {
      days          = 30
      storage_class = "GLACIER"
    }
  }
  rule {
    id     = "abort"
    status = "Enabled"
    filter {}
    abort_incomplete_multipart_upload { days_after_initiation = 7 }
  }
}
resource "aws_s3_bucket_policy" "p" {
  bucket = aws_s3_bucket.b.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Sid = "Tls", Effect = "Deny", Principal = "*", Action = "s3:*", Resource = ["${aws_s3_bucket.b.arn}/*"] }] })
}
resource "aws_s3_bucket_policy" "fixed" {
  bucket = "other"
  policy = <<-EOT
    {
      "Version": "2012-10-17",
      "Statement": [ { "Sid": "A<&>", "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::other/*" } ]
    }
  EOT
}
resource "aws_s3_bucket_cors_configuration" "c" {
  bucket = "sample-bucket"
  cors_rule {
    allowed_methods = ["PUT", "GET"]
    allowed_origins = ["https://b", "https://a"]
    max_age_seconds = 3000
  }
}
resource "aws_s3_bucket_logging" "l" {
  bucket        = "sample-bucket"
  target_bucket = "logs"
  target_prefix = "log/"
}
resource "aws_s3_bucket_ownership_controls" "o" {
  bucket = "sample-bucket"
  rule { object_ownership = "BucketOwnerEnforced" }
}
resource "aws_s3_bucket_website_configuration" "w" {
  bucket = "sample-bucket"
  index_document { suffix = "index.html" }
  error_document { key = "error.html" }
}
resource "aws_s3_bucket_notification" "n" {
  bucket      = "sample-bucket"
  eventbridge = true
  queue {
    queue_arn     = "arn:aws:sqs:eu-west-1:123456789012:q"
    events        = ["s3:ObjectCreated:*"]
    filter_suffix = ".log"
  }
}
resource "aws_s3_bucket_replication_configuration" "r" {
  bucket = "sample-bucket"
  role   = "arn:aws:iam::123456789012:role/x"
  rule {
    id     = "all"
    status = "Enabled"
    filter { prefix = "x" }
    delete_marker_replication { status = "Enabled" }
    destination {
      bucket        = "arn:aws:s3:::replica"
      storage_class = "STANDARD_IA"
    }
  }
}
resource "aws_s3_object" "o" {
  bucket  = aws_s3_bucket.b.id
  key     = "k"
  content = jsonencode({ a = 1 })
}
output "force" { value = [aws_s3_bucket.b.force_destroy, aws_s3_bucket.generated.force_destroy] }
output "status" { value = aws_s3_bucket_versioning.v.versioning_configuration[0].status }
output "rule" { value = [for rule in aws_s3_bucket_lifecycle_configuration.l.rule : rule.id] }
output "tls" { value = jsondecode(aws_s3_bucket_policy.fixed.policy).Statement[0].Sid }
