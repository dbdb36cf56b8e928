terraform {
  required_providers {
    aws = {
      source                = "hashicorp/aws"
      configuration_aliases = [aws.main, aws.replica]
    }
  }
}
resource "aws_sqs_queue" "main" {
  provider = aws.main
  name     = "main"
}
resource "aws_sqs_queue" "replica" {
  provider = aws.replica
  name     = "replica"
}
module "inner" {
  source    = "../m"
  name      = "inner"
  providers = { aws = aws.replica }
}
output "tags" { value = [aws_sqs_queue.main.tags_all, aws_sqs_queue.replica.tags_all, module.inner.tags] }
