"""Policy documents come out letter by letter as the provider renders them, or they are not told."""

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bbws_readiness.terraform import Evaluation, evaluate_configuration
from bbws_readiness.terraform.policy_document import MAX_DOCUMENT
from bbws_readiness.terraform.policy_text import NotTold, Refusal, parsed, written
from tests.cases import each
from tests.data import data
from tests.terraform.memory import MemoryFiles

HERE = Path(__file__).parent.parent / "policy_documents"
CASES = data(HERE / "configurations.yaml")
ANSWERS = {answer["name"]: answer for answer in json.loads((HERE / "answers.json").read_text())}
MEMBERS = ("json", "minified_json", "id", "version")
NOT_TOLD = {
    "the old arguments for mixing in",
    "null for holders that are mixed in",
}
"""What is refused by the provider and only left open by us."""


def evaluated(main: str) -> Evaluation:
    outputs = "\n".join(f'output "{name}" {{ value = data.aws_iam_policy_document.d.{name} }}' for name in MEMBERS)
    return evaluate_configuration(MemoryFiles({"main.tf": f"{main}\n{outputs}\n"}), ".")


SECRET = """
variable "key" {
  default   = "arn:aws:s3:::x"
  sensitive = true
}
data "aws_iam_policy_document" "d" {
  statement {
    resources = [var.key]
  }
}
data "aws_iam_policy_document" "each" {
  for_each = toset([data.aws_iam_policy_document.d.id])
}
"""


def test_what_is_sensitive_stays_hidden_and_is_no_fault() -> None:
    found = evaluated(SECRET)
    assert found.diagnostics == ()
    assert found.outputs["json"].value.sensitive
    assert len([one for one in found.resources if one.name == "each"]) == 1


@each(
    "text",
    [
        '{"Statement": [{"Effect": "Allow", "effect": "Deny"}]}',
        '{"Statement": [null]}',
        '{"Statement": [{"Action": 5}]}',
        '{"Statement": [{"Action": [5]}]}',
        '{"Statement": [{"Principal": 5}]}',
        '{"Statement": [{"Principal": {"AWS": 5}}]}',
        '{"Statement": [{"Condition": {"Bool": []}}]}',
        '{"Statement": [{"Condition": {"Bool": {"a:b": [5]}}}]}',
        '{"Statement": [{"Sid": "\\ud800"}]}',
        '{"Note": ' + "[" * 100_000 + "]" * 100_000 + "}",
        '{"Note": "' + "x" * 300_000 + '"}',
    ],
)
def test_what_is_not_worked_out_is_not_told(text: str) -> None:
    files = {"main.tf": MIXING, "mixed.json": text}
    found = evaluate_configuration(MemoryFiles(files), ".")
    assert found.diagnostics == ()
    assert (
        found.outputs["json"].value.reason
        == "data.aws_iam_policy_document.d.json is read from the provider when planned"
    )


MIXING = """
data "aws_iam_policy_document" "d" {
  source_policy_documents = [file("mixed.json")]
}
output "json" { value = data.aws_iam_policy_document.d.json }
"""


def test_documents_that_double_each_other_come_to_an_end() -> None:
    main = 'data "aws_iam_policy_document" "d0" {\n  statement {\n    actions = ["a:b"]\n  }\n}\n'
    for number in range(30):
        before = f"data.aws_iam_policy_document.d{number}.json"
        main += (
            f'data "aws_iam_policy_document" "d{number + 1}" {{\n  source_policy_documents = [{before}, {before}]\n}}\n'
        )
    main += 'output "last" { value = data.aws_iam_policy_document.d30.json }\n'
    found = evaluate_configuration(MemoryFiles({"main.tf": main}), ".")
    assert not found.outputs["last"].value.known
    assert max(len(str(one.computed["json"].raw)) for one in found.resources if one.computed) <= MAX_DOCUMENT


def test_enough_answers() -> None:
    assert [case["name"] for case in CASES] == list(ANSWERS)
    assert sum("json" in answer for answer in ANSWERS.values()) >= 40


@each("case", CASES, ids=lambda case: str(case["name"]))
def test_same_as_rendered(case: dict[str, str]) -> None:
    answer, found = ANSWERS[case["name"]], evaluated(case["main"])
    told = {name: output.value.raw for name, output in found.outputs.items() if output.value.known}
    problems = [one for one in found.diagnostics if one.severity == "error"]
    if "json" in answer:
        assert problems == []
        assert told == {name: answer[name] for name in MEMBERS}
    else:
        # What is written is told, whatever the provider says to it.
        assert set(told) <= {"version"}
        assert len(problems) == ("refused" in answer and case["name"] not in NOT_TOLD)


WORDS = ["Statement", "Effect", "Sid", "Action", "Principal", "Condition", "AWS", "*", "StringLike", "Allow", "version"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(WORDS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=4),
    max_leaves=15,
)


@given(JSON)
def test_any_json_is_told_or_refused_and_nothing_else(value: object) -> None:
    try:
        text = written(parsed(json.dumps({"Statement": [value], "Version": value})))
    except (NotTold, Refusal):
        return
    assert written(parsed(text)) == text
