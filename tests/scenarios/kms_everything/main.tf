resource "aws_kms_key" "k" {
  description             = "a key"
  deletion_window_in_days = "7"
  multi_region            = true
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{ Sid = "Root", Effect = "Allow", Principal = { AWS = "arn:aws:iam::123456789012:root" }, Action = "kms:*", Resource = "*" }]
  })
}
resource "aws_kms_alias" "a" {
  name          = "alias/${lower("NAME")}"
  target_key_id = aws_kms_key.k.id
}
resource "aws_kms_alias" "p" {
  name_prefix   = "alias/p-"
  target_key_id = "x"
}
resource "aws_kms_grant" "g" {
  name              = "grant"
  key_id            = aws_kms_key.k.key_id
  grantee_principal = "arn:aws:iam::123456789012:role/x"
  operations        = ["Encrypt", "Decrypt"]
  constraints {
    encryption_context_equals = { Department = "Finance" }
  }
}
resource "aws_kms_key_policy" "p" {
  key_id = aws_kms_key.k.id
  policy = "{\n \"Version\": \"2012-10-17\", \"Statement\": []\n}"
}
resource "aws_kms_replica_key" "r" {
  primary_key_arn = aws_kms_key.k.arn
}
resource "aws_kms_ciphertext" "c" {
  key_id    = aws_kms_key.k.key_id
  plaintext = "hidden"
}
output "rotation" { value = aws_kms_key.k.enable_key_rotation }
output "usage" { value = aws_kms_key.k.key_usage }
output "enabled" { value = aws_kms_key.k.is_enabled }
output "alias" { value = aws_kms_alias.a.name }
