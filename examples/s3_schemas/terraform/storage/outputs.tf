output "bucket_names" {
  description = "Names of all buckets."
  value       = [for bucket in aws_s3_bucket.this : bucket.bucket]
}
