terraform {
  required_version = ">= 1.6.0"
}

variable "environment" {
  type = string
}

resource "aws_s3_bucket" "labels" {
  bucket = "acme-labels-${var.environment}"
}

resource "aws_s3_bucket" "depot_images" {
  bucket = "acme-depot-images-${var.environment}"
}

resource "aws_s3_bucket_public_access_block" "labels" {
  bucket                  = aws_s3_bucket.labels.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_public_access_block" "depot_images" {
  bucket                  = "acme-depot-images-${var.environment}"
  block_public_acls       = "true"
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_versioning" "labels" {
  bucket = aws_s3_bucket.labels.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_versioning" "depot_images" {
  bucket = aws_s3_bucket.depot_images.bucket

  versioning_configuration {
    status = "Enabled"
  }
}
