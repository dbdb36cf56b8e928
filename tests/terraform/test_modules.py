"""Modules, overrides, references: what is found, through which lines, in whatever order it is written."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bbws_readiness.terraform import Evaluation, evaluate_configuration
from tests.terraform.memory import MemoryFiles


def evaluate(**files: str) -> Evaluation:
    return evaluate_configuration(
        MemoryFiles({name.replace("__", "/") + ".tf": text for name, text in files.items()}), "."
    )


CHILD = """variable "name" {
  type = string
}
resource "aws_sqs_queue" "q" { name = var.name }
output "arn" { value = aws_sqs_queue.q.arn }
"""


def test_value_keeps_its_way_through_modules() -> None:
    evaluation = evaluate(
        main='locals {\n  base = "x"\n}\nmodule "m" {\n  source = "./child"\n  name = "${local.base}-q"\n}\n',
        child__main=CHILD,
    )
    attribute = evaluation.resources[0].body.attributes["name"]
    assert evaluation.resources[0].address == "module.m.aws_sqs_queue.q"
    assert evaluation.resources[0].module == ("m",)
    assert attribute.value.raw == "x-q"
    assert [str(place) for place in attribute.via] == ["child/main.tf:1", "main.tf:6", "main.tf:2"]


def test_computed_attribute_says_so() -> None:
    evaluation = evaluate(
        main='module "m" {\n  source = "./child"\n  name = "q"\n}\noutput "o" { value = module.m.arn }\n',
        child__main=CHILD,
    )
    assert evaluation.outputs["o"].value.reason == (
        "module.m.aws_sqs_queue.q.arn is computed by the provider when applied"
    )


def test_remote_module_is_unknown_and_listed() -> None:
    source = "git::https://example.com/x.git"
    evaluation = evaluate(
        main=f'module "m" {{\n  source = "{source}"\n}}\noutput "o" {{ value = module.m.anything }}\n'
    )
    assert [tuple(map(str, found)) for found in evaluation.remote_modules] == [("module.m", source, "main.tf:2")]
    assert evaluation.outputs["o"].value.reason == f"module.m comes from {source}, which is not in the project"
    assert [str(told) for told in evaluation.diagnostics] == [
        "main.tf:2:12: warning E235: remote module source is not fetched"
    ]


def test_module_outside_the_project() -> None:
    evaluation = evaluate(main='module "m" {\n  source = "../outside"\n}\n')
    assert [told.summary for told in evaluation.diagnostics] == ["path leaves the project"]
    assert not evaluation.complete


def test_unknown_for_each_keeps_one_instance_per_level() -> None:
    evaluation = evaluate(
        main='data "aws_x" "d" {}\n'
        'module "m" {\n  source = "./child"\n  for_each = toset(data.aws_x.d.names)\n  name = each.key\n}\n',
        child__main=CHILD,
    )
    queue = next(found for found in evaluation.resources if found.mode == "managed")
    assert queue.address == "module.m[*].aws_sqs_queue.q"
    assert "data.aws_x.d.names" in queue.body.attributes["name"].value.reason


def test_module_arguments_are_checked() -> None:
    evaluation = evaluate(main='module "m" {\n  source = "./child"\n  nam = "q"\n}\n', child__main=CHILD)
    assert sorted(told.summary for told in evaluation.diagnostics) == [
        'module "m" has no variable "nam"',
        'module "m" needs the argument "name"',
    ]


def test_dynamic_block_over_something_unknown_is_one_unknown_block() -> None:
    evaluation = evaluate(
        main='data "aws_x" "d" {}\n'
        'resource "aws_y" "r" {\n  dynamic "rule" {\n    for_each = data.aws_x.d.rules\n    content {\n'
        "      port = rule.value\n      fixed = 1\n    }\n  }\n}\n"
    )
    (block,) = next(found for found in evaluation.resources if found.type == "aws_y").body.blocks
    assert block.unknown and block.type == "rule" and block.at.line == 3
    assert not block.attribute("port").value.known and block.attribute("fixed").value.raw == 1


def test_cycle_across_a_module() -> None:
    evaluation = evaluate(main='module "m" {\n  source = "./child"\n  name = module.m.arn\n}\n', child__main=CHILD)
    assert [told.summary for told in evaluation.diagnostics] == [
        "reference cycle: module.m.aws_sqs_queue.q -> module.m.var.name -> module.m.output.arn"
        " -> module.m.aws_sqs_queue.q"
    ]
    assert [found.address for found in evaluation.resources] == ["module.m.aws_sqs_queue.q"]


def test_provider_and_settings() -> None:
    evaluation = evaluate(
        main='terraform {\n  required_version = ">= 1.6"\n  backend "s3" {\n    key = "k"\n  }\n'
        "  required_providers {\n"
        '    aws = { source = "hashicorp/aws", version = "~> 5.0" }\n  }\n}\n'
        'provider "aws" {\n  region = "eu-west-1"\n  default_tags {\n    tags = { A = "b" }\n  }\n}\n'
        'provider "aws" {\n  alias = "dr"\n  region = "af-south-1"\n}\n'
        'resource "aws_x" "a" { provider = aws.dr }\nresource "aws_x" "b" {}\n'
    )
    assert evaluation.backend is not None and evaluation.backend.type == "s3"
    assert evaluation.backend.attributes["key"].value.raw == "k"
    assert evaluation.required_version is not None and evaluation.required_version.value.raw == ">= 1.6"
    assert evaluation.required_providers["aws"][:2] == ("hashicorp/aws", "~> 5.0")
    assert [(found.name, found.alias) for found in evaluation.providers] == [("aws", None), ("aws", "dr")]
    tags = evaluation.providers[0].body.blocks_of("default_tags")[0].attribute("tags")
    assert tags is not None and tags.value.to_python() == {"A": "b"}
    assert [found.provider for found in evaluation.resources] == ["aws.dr", "aws"]


def test_twice_declared_is_told() -> None:
    evaluation = evaluate(main='variable "a" { default = 1 }\n', other='variable "a" { default = 2 }\n')
    assert [str(told) for told in evaluation.diagnostics] == [
        'other.tf:1:1: error E208: variable "a" is declared twice (first at main.tf:1)'
    ]


BLOCKS = [
    "locals {\n  a = local.b + 1\n}\n",
    "locals {\n  b = length(aws_x.all)\n}\n",
    'resource "aws_x" "all" {\n  for_each = toset(var.names)\n  name = "${each.key}-${local.c}"\n}\n',
    'locals {\n  c = "c"\n}\n',
    'variable "names" { default = ["p", "q"] }\n',
    'output "o" { value = [local.a, [for x in aws_x.all : x.name]] }\n',
]


@given(st.permutations(range(len(BLOCKS))), st.sets(st.integers(1, len(BLOCKS) - 1)))
@settings(max_examples=40, deadline=None)
def test_order_and_files_do_not_matter(order: list[int], cuts: set[int]) -> None:
    files: dict[str, str] = {}
    for position, index in enumerate(order):
        name = f"f{sum(cut <= position for cut in cuts)}.tf"
        files[name] = files.get(name, "") + BLOCKS[index]
    evaluation = evaluate_configuration(MemoryFiles(files), ".")
    assert evaluation.diagnostics == ()
    assert evaluation.outputs["o"].value.to_python() == [3, ["p-c", "q-c"]]
    assert [found.address for found in evaluation.resources] == ['aws_x.all["p"]', 'aws_x.all["q"]']
