terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}

variable "environment" { default = "dev" }
variable "rules" {
  type = list(object({ port = number, sources = optional(list(string), ["10.0.0.0/8"]), description = optional(string) }))
  default = [
    { port = 443, description = "https" },
    { port = 22, sources = ["192.168.1.0/24", "192.168.2.0/24"] },
  ]
}

locals {
  network   = "10.20.0.0/16"
  zones     = ["eu-west-1a", "eu-west-1b"]
  subnets   = { for index, zone in local.zones : zone => cidrsubnet(local.network, 8, index) }
  settings  = jsondecode(file("${path.module}/settings.json"))
  is_prod   = var.environment == "prod"
  effective = merge(local.settings.default, lookup(local.settings, var.environment, {}))
}

resource "aws_vpc" "main" {
  cidr_block = local.network
}

resource "aws_subnet" "each" {
  for_each          = local.subnets
  vpc_id            = aws_vpc.main.id
  cidr_block        = each.value
  availability_zone = each.key
  tags = {
    Name = "subnet-${trimprefix(each.key, "eu-west-")}"
  }
}

resource "aws_security_group" "web" {
  name        = "web"
  description = local.is_prod ? "production" : "testing"
  vpc_id      = aws_vpc.main.id

  dynamic "ingress" {
    for_each = { for rule in var.rules : rule.port => rule }
    content {
      from_port   = ingress.key
      to_port     = ingress.value.port
      protocol    = "tcp"
      cidr_blocks = ingress.value.sources
      description = coalesce(ingress.value.description, "port ${ingress.key}")
    }
  }
}

resource "aws_instance" "app" {
  count         = local.effective.instances
  ami           = "ami-12345678"
  instance_type = local.effective.type
  subnet_id     = aws_subnet.each[element(local.zones, count.index)].id
  user_data     = templatefile("${path.module}/user_data.tftpl", { name = "app-${count.index}", packages = ["git", "jq"] })
  tags          = { Name = "app-${count.index + 1}", Zone = local.zones[count.index % 2] }

  root_block_device {
    volume_size = local.is_prod ? 100 : 20
    encrypted   = true
  }
}

output "subnets" { value = local.subnets }
output "settings" { value = local.effective }
