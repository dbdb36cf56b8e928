"""Every declared resource as rules see it: its name in AWS, what it refers to, its tags."""

from functools import cache

from bbws_readiness.fact import Unknown
from bbws_readiness.model.resources import Resource
from bbws_readiness.parsers.terraform import describe_terraform
from bbws_readiness.terraform import evaluate_configuration
from tests.cases import each
from tests.terraform.memory import MemoryFiles

TEXT = """
variable "environment" { default = "sit" }
variable "password" {
  default   = "not to be shown"
  sensitive = true
}
provider "aws" {
  default_tags { tags = { Project = "acme", Owner = "platform" } }
}
resource "aws_s3_bucket" "labels" {
  bucket = "acme-labels-${var.environment}"
  tags   = { Owner = "shipping" }
}
resource "aws_s3_bucket" "each" {
  for_each = toset(["in", "out"])
  bucket   = "acme-${each.key}"
}
resource "aws_s3_bucket" "generated" { bucket_prefix = "acme-" }
resource "aws_s3_bucket" "nameless" {}
resource "aws_s3_bucket_versioning" "labels" {
  bucket = aws_s3_bucket.labels.id
  versioning_configuration { status = "Enabled" }
}
resource "aws_s3_bucket_versioning" "out" { bucket = aws_s3_bucket.each["out"].id }
resource "aws_s3_object" "page" {
  bucket = aws_s3_bucket.labels.bucket
  key    = "pages/index.html"
}
resource "aws_lambda_function" "create" { function_name = "acme-create-sit" }
resource "aws_cloudwatch_metric_alarm" "errors" { alarm_name = "acme-errors-sit" }
resource "aws_cloudwatch_dashboard" "all" { dashboard_name = "acme-sit-dashboard" }
resource "aws_sqs_queue" "secret" { name = "acme-${var.password}" }
resource "aws_kms_key" "main" { description = "no name" }
data "aws_s3_bucket" "other" { bucket = "acme-other-sit" }
resource "aws_s3_bucket_policy" "labels" {
  bucket = data.aws_s3_bucket.other.id
  policy = module.policy.text
}
module "policy" {
  source = "./policy"
}
"""
POLICY = """
resource "aws_sqs_queue" "inner" { name = "acme-inner-sit" }
output "text" { value = aws_sqs_queue.inner.arn }
"""


@cache
def resources() -> dict[str, Resource]:
    files = MemoryFiles({"main.tf": TEXT, "policy/main.tf": POLICY})
    configuration = describe_terraform(evaluate_configuration(files, ""), environment="sit").configuration
    assert [one.address for one in configuration.data_sources] == ["data.aws_s3_bucket.other"]
    return {one.address: one for one in configuration.resources}


NAMES = {
    "aws_s3_bucket.labels": ("acme-labels-sit", "acme-labels"),
    'aws_s3_bucket.each["in"]': ("acme-in", "acme-in"),
    "aws_s3_object.page": ("pages/index.html", "pages/index.html"),
    "aws_lambda_function.create": ("acme-create-sit", "acme-create"),
    "aws_cloudwatch_metric_alarm.errors": ("acme-errors-sit", "acme-errors"),
    "aws_cloudwatch_dashboard.all": ("acme-sit-dashboard", "acme-sit-dashboard"),
    "aws_kms_key.main": ("main", ""),
    "aws_s3_bucket_versioning.labels": ("labels", ""),
    "module.policy.aws_sqs_queue.inner": ("acme-inner-sit", "acme-inner"),
}


@each(("address", "names"), NAMES.items())
def test_the_name_is_the_one_that_aws_shows(address: str, names: tuple[str, str]) -> None:
    found = resources()[address]
    assert (found.name.get(), found.logical_name) == names


@each("address", ["aws_s3_bucket.generated", "aws_s3_bucket.nameless", "aws_sqs_queue.secret"])
def test_a_name_that_the_files_do_not_tell_is_unknown(address: str) -> None:
    found = resources()[address]
    assert isinstance(found.name.value, Unknown)
    assert found.logical_name == ""


def test_a_sensitive_name_is_nowhere() -> None:
    assert "not to be shown" not in repr(resources())


def test_references_lead_to_instances_modules_and_data_sources() -> None:
    assert resources()["aws_s3_bucket_versioning.labels"].references == {"bucket": "aws_s3_bucket.labels"}
    assert resources()["aws_s3_bucket_versioning.out"].references == {"bucket": 'aws_s3_bucket.each["out"]'}
    assert resources()["aws_s3_bucket_policy.labels"].references == {
        "bucket": "data.aws_s3_bucket.other",
        "policy": "module.policy.aws_sqs_queue.inner",
    }
    assert resources()["aws_s3_object.page"].references == {}


def test_tags_of_the_provider_stand_under_those_of_the_resource() -> None:
    tags = resources()["aws_s3_bucket.labels"].tags
    assert tags is not None
    assert {key: fact.get() for key, fact in tags.items()} == {"Project": "acme", "Owner": "shipping"}
    assert resources()["aws_s3_bucket_versioning.labels"].tags is None


def test_arguments_of_nested_blocks_have_a_path() -> None:
    versioning = resources()["aws_s3_bucket_versioning.labels"]
    assert versioning.text("versioning_configuration.0.status") == "Enabled"
    assert versioning.text("mfa") is None
    assert versioning.has("versioning_configuration")
    assert not versioning.has("versioning")
