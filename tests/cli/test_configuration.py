"""The commands that show what the configuration says: `trace`, `inventory`, `console`."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.cases import each
from tests.cli.test_assess import assert_one_complaint, run
from tests.example import EXAMPLE, copy_example
from tests.forked import forked

PLACE = re.compile(r"  \S+\.tf(vars)?:\d+  ")

CONFIGURATION = {
    "main.tf": """\
variable "password" {
  sensitive = true
}
variable "names" {
  type    = set(string)
  default = ["a", "b"]
}
locals {
  suffix = "-x"
}
resource "aws_db_instance" "main" {
  identifier = "main${local.suffix}"
  password   = var.password
  kms_key_id = aws_kms_key.main.arn
  tags = {
    "two words" = "one\\u001b[31m"
    secret      = var.password
  }
}
resource "aws_kms_key" "main" {}
resource "aws_dynamodb_table" "one" {
  name = "one"
  attribute {
    name = "PK"
    type = "S"
  }
  attribute {
    name = local.suffix
    type = "S"
  }
}
module "queues" {
  source   = "./queue"
  for_each = var.names
  name     = each.key
}
output "queue" {
  value = module.queues["a"].name
}
""",
    "sit.tfvars": 'password = "hunter2"\n',
    "queue/main.tf": """\
variable "name" {}
resource "aws_sqs_queue" "main" {
  count = 2
  name  = "${var.name}-${count.index}"
}
output "name" {
  value = aws_sqs_queue.main[1].name
}
""",
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    for name, text in CONFIGURATION.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    return folder


def ask(folder: Path, text: str, *options: str) -> subprocess.CompletedProcess[str]:
    stdin = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace").encode()
    return forked("console", "sit", folder, *options, stdin=stdin, environment={"PATH": "/usr/bin:/bin"})


EACH = ["main.tf:35", "main.tf:4", "main.tf:6"]
"""The key of a module's instance comes from the argument, the variable and its default."""

TRACES = [
    ('aws_db_instance.main.tags["two words"]', "one␛[31m", ["main.tf:15"]),
    ("aws_db_instance.main.identifier", "main-x", ["main.tf:12", "main.tf:9"]),
    ("aws_db_instance.main.password", "(sensitive value)", ["main.tf:13", "main.tf:1", "sit.tfvars:1"]),
    ("aws_db_instance.main.kms_key_id", "(known after apply): aws_kms_key.main.arn is computed", ["main.tf:14"]),
    ("aws_kms_key.main.arn", "(known after apply): aws_kms_key.main.arn is computed", ["main.tf:20"]),
    ("aws_dynamodb_table.one.attribute[1].name", "-x", ["main.tf:28", "main.tf:9"]),
    ('module.queues["b"].aws_sqs_queue.main[1].name', "b-1", ["queue/main.tf:4", "queue/main.tf:1", *EACH]),
    ('module.queues["a"].name', "a-1", ["queue/main.tf:7", "queue/main.tf:4", "queue/main.tf:1", *EACH]),
    ("output.queue", "a-1", ["main.tf:38", "queue/main.tf:7", "queue/main.tf:4", "queue/main.tf:1", *EACH]),
    ("local.suffix", "-x", ["main.tf:9"]),
    ("var.names", 'toset([\n  "a",\n  "b",\n])', ["main.tf:4", "main.tf:6"]),
    ("var.password", "(sensitive value)", ["main.tf:1", "sit.tfvars:1"]),
]


@pytest.mark.parametrize(("address", "value", "places"), TRACES, ids=[row[0] for row in TRACES])
def test_trace_tells_value_and_places(project: Path, address: str, value: str, places: list[str]) -> None:
    result = run("trace", "sit", address, project)
    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith(value)
    assert [line.split()[0] for line in result.stdout.splitlines() if PLACE.match(line)] == places
    assert "hunter2" not in result.stdout + result.stderr
    assert "\x1b" not in result.stdout
    told = json.loads(run("trace", "sit", address, project, "--json").stdout)
    assert [place["at"] for place in told["places"]] == places
    assert len({"value", "unknown", "sensitive"} & set(told)) == 1


def test_trace_in_the_example() -> None:
    told = json.loads(run("trace", "sit", "aws_dynamodb_table.products.name", EXAMPLE, "-f", "json").stdout)
    assert told["value"] == "products-sit"
    assert [place["says"] for place in told["places"]] == [
        'name = "products-${var.environment}"',
        'variable "environment" {',
        'environment = "sit"',
    ]


WRONG = [
    ("aws_db_instance.mian.identifier", 'did you mean "aws_db_instance.main.identifier"'),
    ("aws_db_instance.main.identifer", 'did you mean "identifier"'),
    ("aws_dynamodb_table.one.attribute.name", "attribute[0].argument"),
    ("aws_dynamodb_table.one.attribute[7].name", "counted from 0"),
    ("aws_dynamodb_table.one.attribute[0]", "name an argument of it: name, type"),
    ("aws_sqs_queue.main.name", "module.queues"),
    ("var.pasword", 'did you mean "password"'),
    ("local.sufix", 'did you mean "suffix"'),
    ("output.queu", 'did you mean "output.queue"'),
    ("module.queues.name", 'there is no attribute "name"'),
    ('module.queues["c"].name', 'there is no attribute "c"'),
    ("", "is not an address"),
    ("[", "is not an address"),
    ("var", 'there is no "var"'),
    ("1 + 1", "is not an address"),
    ("a." * 10_000, "is not an address"),
]


@each(("address", "words"), WRONG, ids=[row[0][:40] for row in WRONG])
def test_an_unknown_address_is_one_line_with_a_near_name(project: Path, address: str, words: str) -> None:
    result = run("trace", "sit", address, project)
    assert_one_complaint(result, 2, words)
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""


def test_inventory_lists_what_would_be_created(project: Path) -> None:
    lines = run("inventory", "sit", project).stdout.splitlines()
    assert lines[0].split() == ["aws_db_instance.main", "main-x", "main.tf:11"]
    assert lines[1].startswith("  known after apply: ")
    assert "kms_key_id" in lines[1]
    assert lines[2].startswith("  sensitive: password, tags")
    assert lines[-1] == "7 resources"
    assert 'module.queues["b"].aws_sqs_queue.main[1]  b-1 ' in "\n".join(lines)


def test_inventory_as_json_leaves_sensitive_values_out(project: Path) -> None:
    result = run("inventory", "sit", project, "-f", "json")
    assert "hunter2" not in result.stdout
    resources = {found["address"]: found for found in json.loads(result.stdout)}
    found = resources["aws_db_instance.main"]
    assert list(found) == ["address", "type", "name", "values", "unknown", "sensitive", "at"]
    assert (found["type"], found["name"], found["at"]) == ("aws_db_instance", "main", "main.tf:11")
    assert found["values"]["identifier"] == "main-x"
    assert found["values"]["tags"] == {"two words": "one\x1b[31m"}
    assert "password" not in found["values"]
    assert "kms_key_id" in found["unknown"]
    assert found["sensitive"][0] == "password"
    assert 'tags["secret"]' in found["sensitive"] or "tags.secret" in found["sensitive"]
    blocks = resources["aws_dynamodb_table.one"]["values"]["attribute"]
    assert sorted(block["name"] for block in blocks) == ["-x", "PK"]


@pytest.mark.parametrize("command", ["inventory", "trace"])
def test_without_terraform_there_is_nothing_to_show(tmp_path: Path, command: str) -> None:
    arguments = [command, "sit", "var.x", tmp_path] if command == "trace" else [command, "sit", tmp_path]
    assert_one_complaint(run(*arguments), 3)


def test_an_incomplete_inventory_says_so(tmp_path: Path) -> None:
    copy = copy_example(tmp_path)
    (copy / "terraform" / "dynamodb" / "broken.tf").write_text('resource "x" "y" {\n')
    result = run("inventory", "sit", copy)
    assert result.returncode == 4
    assert "terraform/dynamodb/broken.tf" in result.stderr
    assert "aws_dynamodb_table.products" in result.stdout


@pytest.mark.parametrize("arguments", [("trace", "sti", "var.x"), ("inventory", "sti"), ("console", "sti")])
def test_an_environment_that_nothing_names(arguments: tuple[str, ...]) -> None:
    assert_one_complaint(run(*arguments, EXAMPLE), 2, 'did you mean "sit"')


@pytest.mark.parametrize("command", [("trace", "sit", "var.environment"), ("inventory", "sit"), ("console", "sit")])
def test_the_options_of_assess_are_there(tmp_path: Path, command: tuple[str, ...]) -> None:
    copy = copy_example(tmp_path)
    (copy / "more.tfvars").write_text('environment = "other"\n')
    result = run(*command, copy, "--var-file", copy / "more.tfvars")
    assert result.returncode == 0, result.stderr
    if command[0] != "console":
        assert "other" in result.stdout
    assert_one_complaint(run(*command, copy, "--var-file", copy / "none.tfvars"), 2, "none.tfvars")
    assert_one_complaint(run(*command, copy, "--config", copy / "none.yaml"), 2, "none.yaml")


def test_console_prints_each_value_and_goes_on_after_an_error(project: Path) -> None:
    result = ask(project, '1 + 1\n\nvar.password\nupper("a"\n[local.suffix, aws_kms_key.main.arn]\nexit\n3\n')
    assert result.returncode == 0
    assert result.stdout == '2\n(sensitive value)\n[\n  "-x",\n  (known after apply),\n]\n'
    assert result.stderr.startswith("readiness: error E202: <input>:4:10: ")
    assert result.stderr.count("\n") == 1


def test_console_as_json_gives_one_object_per_expression(project: Path) -> None:
    result = ask(project, "0.1 + 0.2\nvar.password\n1 +\ntimestamp()\n{ b = [1], a = null }\n", "--json")
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert answers[0] == {"expression": "0.1 + 0.2", "value": 0.3}
    assert answers[1] == {"expression": "var.password", "sensitive": True}
    assert set(answers[2]) == {"expression", "error", "code"}
    assert set(answers[3]) == {"expression", "unknown"}
    assert answers[4]["value"] == {"a": None, "b": [1]}
    assert result.returncode == 0


def test_console_needs_no_project(tmp_path: Path) -> None:
    assert ask(tmp_path, 'cidrsubnet("10.0.0.0/16", 8, 2)').stdout == '"10.0.2.0/24"\n'
    assert ask(tmp_path, "var.x").returncode == 0
    (tmp_path / "main.tf").write_text('locals {\n  a = var.b\n}\nvariable "b" {\n  default = "c"\n}\n')
    assert ask(tmp_path, "local.a").stdout == '"c"\n'
    assert_one_complaint(run("console", "sit", tmp_path / "none"), 3)


@pytest.mark.parametrize("text", ["\x00\n\x1b[2J\n", '"\\', "(" * 100_000, "a" * 1_000_000 + "\n1\n", "%{\n${\n\n"])
def test_console_survives_any_input(tmp_path: Path, text: str) -> None:
    result = ask(tmp_path, text)
    assert result.returncode == 0
    assert "Traceback" not in result.stderr
    assert "\x1b" not in result.stdout + result.stderr


def test_the_console_session_of_the_readme() -> None:
    readme = (EXAMPLE.parent.parent / "README.md").read_text()
    shown = readme.split("$ echo '")[1].split("```")[0]
    expression, rest = shown.split("' | readiness console sit examples/dynamodb_schemas\n")
    assert ask(EXAMPLE, expression).stdout == rest


@pytest.mark.parametrize(
    ("options", "environment", "name"),
    [
        ((), {}, "products-sit"),
        (("--var", "environment=qa"), {}, "products-qa"),
        ((), {"TF_VAR_environment": "qa"}, "products-sit"),
        (("--tf-vars",), {"TF_VAR_environment": "qa"}, "products-sit"),
    ],
)
def test_variables_of_the_command_line(options: tuple[str, ...], environment: dict[str, str], name: str) -> None:
    """A file wins over TF_VAR_, and --var over the file."""
    address = "aws_dynamodb_table.products.name"
    result = run("trace", "sit", address, EXAMPLE, *options, **environment)
    assert result.stdout.splitlines()[0] == name, result.stderr


def test_the_environment_is_taken_only_when_asked(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text('variable "size" {\n  type    = number\n  default = 1\n}\n')
    for options, printed in (((), "1"), (("--tf-vars",), "3"), (("--tf-vars", "--var", "size=4"), "4")):
        result = run("trace", "sit", "var.size", tmp_path, *options, TF_VAR_size="3")
        assert result.stdout.splitlines()[0] == printed, result.stderr


def test_a_variable_without_a_value_is_refused() -> None:
    assert_one_complaint(run("trace", "sit", "var.environment", EXAMPLE, "--var", "environment"), 2, "--var name=value")
