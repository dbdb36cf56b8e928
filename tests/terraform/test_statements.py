"""What a configuration gets wrong about itself is told: where, in what words, with which way out."""

from bbws_readiness.source import Location
from bbws_readiness.terraform import Passed, evaluate_configuration
from tests.cases import each
from tests.terraform.memory import MemoryFiles

DATA = 'resource "terraform_data" "a" {\n  input = "x"\n}\n'

CASES = [
    ("nothing is wrong", DATA, []),
    (
        "depends_on names nothing",
        DATA + 'resource "terraform_data" "b" {\n  depends_on = [terraform_data.aa]\n}\n',
        ['main.tf:5:17: error E211: there is no resource "terraform_data.aa"; did you mean "terraform_data.a"?'],
    ),
    (
        "replace_triggered_by names nothing",
        'resource "terraform_data" "b" {\n  lifecycle {\n    replace_triggered_by = [terraform_data.a]\n  }\n}\n',
        ['main.tf:3:29: error E211: there is no resource "terraform_data.a"; did you mean "terraform_data.b"?'],
    ),
    (
        "a precondition fails",
        'resource "terraform_data" "b" {\n  lifecycle {\n    precondition {\n      condition = 1 > 2\n'
        '      error_message = "One is ${"less"}."\n    }\n  }\n}\n',
        ["main.tf:4:7: error E232: a precondition of terraform_data.b does not hold: One is less."],
    ),
    (
        "a postcondition fails for one instance",
        'resource "terraform_data" "b" {\n  count = 2\n  input = count.index\n  lifecycle {\n    postcondition {\n'
        '      condition = self.input == 0\n      error_message = "Index ${count.index}."\n    }\n  }\n}\n',
        ["main.tf:6:7: error E232: a postcondition of terraform_data.b[1] does not hold: Index 1."],
    ),
    (
        "an unknown condition says nothing",
        'resource "terraform_data" "b" {\n  lifecycle {\n    postcondition {\n      condition = self.id == "x"\n'
        '      error_message = "Never."\n    }\n  }\n}\n',
        [],
    ),
    (
        "an output's precondition fails",
        'output "o" {\n  value = 1\n  precondition {\n    condition = false\n    error_message = "No."\n  }\n}\n',
        ["main.tf:4:5: error E232: a precondition of output.o does not hold: No."],
    ),
    (
        "a failed check is a warning",
        DATA + 'check "c" {\n  assert {\n    condition = terraform_data.a.input == "y"\n    error_message = "Not y."\n'
        "  }\n}\n",
        ["main.tf:6:5: warning E232: the check c does not hold: Not y."],
    ),
    (
        "a check names nothing",
        'check "c" {\n  assert {\n    condition = var.x\n    error_message = "x"\n  }\n}\n',
        ['main.tf:3:17: error E211: there is no variable "x"'],
    ),
    (
        "moved and still there",
        DATA + "moved {\n  from = terraform_data.a\n  to = terraform_data.b\n}\n",
        [
            "main.tf:5:3: error E241: terraform_data.a is said to have moved, and is still declared; "
            "remove this moved block or the declaration"
        ],
    ),
    ("an instance moved", DATA + "moved {\n  from = terraform_data.a[0]\n  to = terraform_data.a\n}\n", []),
    (
        "removed and still there",
        DATA + "removed {\n  from = terraform_data.a\n}\n",
        [
            "main.tf:5:3: error E241: terraform_data.a is said to be removed, and is still declared; "
            "remove this removed block or the declaration"
        ],
    ),
    (
        "imported and not there",
        DATA + 'import {\n  to = terraform_data.b\n  id = "x"\n}\n',
        ['main.tf:5:8: error E211: there is no resource "terraform_data.b"; did you mean "terraform_data.a"?'],
    ),
    (
        "a provider that nobody configures",
        'provider "aws" {\n  alias = "replica"\n}\nresource "aws_x" "a" {\n  provider = aws.replca\n}\n',
        ['main.tf:5:3: error E242: there is no provider configuration "aws.replca"; did you mean "aws.replica"?'],
    ),
    (
        "a provider configured twice",
        'provider "aws" {}\nprovider "aws" {\n  region = "x"\n}\n',
        ['main.tf:2:1: error E208: provider "aws" is declared twice (first at main.tf:1)'],
    ),
    (
        "a default that nullable excludes",
        'variable "v" {\n  default = null\n  nullable = false\n}\n',
        ['main.tf:2:3: error E230: the default of variable "v" is null, which nullable excludes'],
    ),
    (
        "an attribute that a recorded type does not have",
        'resource "aws_sqs_queue" "q" {\n  name = "q"\n}\noutput "o" { value = aws_sqs_queue.q.fifo_quee }\n',
        ['main.tf:4:38: error E215: there is no attribute "fifo_quee"; did you mean "fifo_queue"?'],
    ),
    (
        "an argument spelt almost like one",
        'resource "aws_sqs_queue" "q" {\n  name = "q"\n  delay_secconds = 1\n}\n',
        ['main.tf:3:3: warning E243: aws_sqs_queue.q has no argument "delay_secconds"; did you mean "delay_seconds"?'],
    ),
    (
        "a value that does not fit a recorded argument",
        'resource "aws_sqs_queue" "q" {\n  name = "q"\n  delay_seconds = "soon"\n}\n',
        ["main.tf:3:3: error E243: aws_sqs_queue.q.delay_seconds does not fit: a number is required"],
    ),
]


@each(("main", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_told(main: str, expected: list[str]) -> None:
    evaluation = evaluate_configuration(MemoryFiles({"main.tf": main}), ".")
    assert [str(found) for found in evaluation.diagnostics] == expected


def test_a_variable_passed_from_a_place() -> None:
    at = Location(".github/workflows/deploy.yml", 12)
    evaluation = evaluate_configuration(
        MemoryFiles({"main.tf": 'variable "v" { type = number }\noutput "o" { value = var.v + 1 }\n'}),
        ".",
        variables={"v": Passed(at, "41")},
    )
    assert evaluation.outputs["o"].value.raw == 42
    assert evaluation.variables[0].set_at == at


def test_a_variable_passed_as_something_unknown() -> None:
    at = Location(".github/workflows/deploy.yml", 12)
    evaluation = evaluate_configuration(
        MemoryFiles({"main.tf": 'variable "v" { type = number }\noutput "o" { value = var.v + 1 }\n'}),
        ".",
        variables={"v": Passed(at, reason="a secret of the workflow")},
    )
    assert evaluation.outputs["o"].value.reason == "a secret of the workflow"
    assert evaluation.variables[0].set_at == at and not evaluation.variables[0].missing
    assert evaluation.diagnostics == ()


def test_a_variable_passed_that_is_not_declared() -> None:
    evaluation = evaluate_configuration(
        MemoryFiles({"main.tf": 'variable "name" { default = 1 }\n'}), ".", variables={"nam": "x"}
    )
    assert [str(found) for found in evaluation.diagnostics] == [
        '-var nam: error E211: there is no variable "nam"; did you mean "name"?'
    ]


def test_ephemeral_values_are_not_told() -> None:
    evaluation = evaluate_configuration(
        MemoryFiles(
            {
                "main.tf": 'variable "t" {\n  default = "x"\n  ephemeral = true\n}\nlocals { "l" = var.t }\n'.replace(
                    '"l"', "l"
                )
            }
        ),
        ".",
    )
    assert evaluation.locals["l"].value.reason == 'variable "t" is ephemeral'
    assert evaluation.variables[0].value.raw == "x"
