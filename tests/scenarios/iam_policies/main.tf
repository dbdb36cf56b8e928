locals {
  assume = {
    Version = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = ["lambda.amazonaws.com"] } }]
  }
  statements = [for table in ["b", "a"] : { Sid = title(table), Effect = "Allow", Action = ["dynamodb:GetItem"], Resource = "arn:aws:dynamodb:*:*:table/${table}" }]
}
resource "aws_iam_role" "r" {
  name                 = "role"
  description          = "A role"
  max_session_duration = 7200
  assume_role_policy   = jsonencode(local.assume)
}
resource "aws_iam_policy" "p" {
  name   = "policy"
  path   = "/team/"
  policy = jsonencode({ Version = "2012-10-17", Statement = local.statements })
}
resource "aws_iam_policy" "text" {
  name_prefix = "text-"
  policy      = <<-EOT
    { "Version": "2012-10-17",
      "Statement": { "Effect": "Allow", "Action": "*", "Resource": "*" } }
  EOT
}
resource "aws_iam_role_policy" "inline" {
  name = "inline"
  role = aws_iam_role.r.id
  policy = jsonencode({ Version = "2012-10-17", Statement = local.statements, Id = "x" })
}
resource "aws_iam_role_policy" "open" {
  role   = aws_iam_role.r.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Resource = aws_iam_policy.p.arn }] })
}
resource "aws_iam_role_policy_attachment" "a" {
  for_each   = { own = aws_iam_policy.p.arn, aws = "arn:aws:iam::aws:policy/ReadOnlyAccess" }
  role       = aws_iam_role.r.name
  policy_arn = each.value
}
resource "aws_iam_user" "u" { name = "user" }
resource "aws_iam_group" "g" { name = "group" }
resource "aws_iam_group_membership" "m" {
  name  = "m"
  group = aws_iam_group.g.name
  users = [aws_iam_user.u.name, "another"]
}
resource "aws_iam_instance_profile" "p" { role = aws_iam_role.r.name }
resource "aws_iam_openid_connect_provider" "github" {
  url            = "https://token.actions.githubusercontent.com"
  client_id_list = ["sts.amazonaws.com"]
}
data "aws_iam_policy_document" "d" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["*"]
  }
}
resource "aws_iam_user_policy" "d" {
  user   = aws_iam_user.u.name
  policy = data.aws_iam_policy_document.d.json
}
resource "aws_iam_account_password_policy" "strict" { minimum_password_length = 14 }
output "sid" { value = jsondecode(aws_iam_policy.p.policy).Statement[*].Sid }
output "path" { value = [aws_iam_policy.text.path, aws_iam_role.r.path] }
