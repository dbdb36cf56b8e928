variable "name" {
  type = string
}

variable "tags" {
  type    = map(string)
  default = {}
}

resource "aws_s3_bucket" "this" {
  bucket = "house-${var.name}"
  tags   = merge({ Module = basename(path.module) }, var.tags)
}

module "policy" {
  source = "../policy"
  bucket = aws_s3_bucket.this.bucket
}

output "bucket" {
  value = aws_s3_bucket.this.bucket
}

output "policy_name" {
  value = module.policy.name
}
