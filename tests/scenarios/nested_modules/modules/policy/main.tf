variable "bucket" {}

resource "aws_iam_policy" "read" {
  name = "${var.bucket}-read"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["s3:GetObject"]
      Resource = "arn:aws:s3:::${var.bucket}/*"
    }]
  })
}

output "name" {
  value = upper(aws_iam_policy.read.name)
}
