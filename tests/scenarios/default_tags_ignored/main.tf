variable "owner" { default = "o" }
locals { common = { Owner = var.owner, Skip = "s", "aws:x" = "z" } }
resource "aws_backup_vault" "v" {
  name = "vault"
  tags = { Skip = "me", Keep = "me" }
}
resource "aws_kms_key" "k" {}
resource "aws_iam_role" "r" {
  name               = "r"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Action = "sts:AssumeRole", Effect = "Allow", Principal = { Service = "backup.amazonaws.com" } }] })
}
output "v" { value = aws_backup_vault.v.tags_all }
output "policy" { value = jsondecode(aws_iam_role.r.assume_role_policy).Statement[0].Principal.Service }
