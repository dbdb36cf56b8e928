# The mail service reads its templates from the bucket of the labels.
resource "aws_s3_object" "template" {
  for_each = fileset("${path.module}/../../templates", "*.html")

  bucket       = aws_s3_bucket.this["labels"].id
  key          = "templates/${each.value}"
  source       = "${path.module}/../../templates/${each.value}"
  content_type = "text/html"
}
