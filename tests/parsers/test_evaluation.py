"""Expressions come to what GitHub's documentation says, or are left open."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bbws_readiness.parsers.workflows import parse_workflow
from bbws_readiness.parsers.workflows.evaluation import ANYTHING, Anything, Value, text_of, truth_of, value_of
from bbws_readiness.parsers.workflows.expressions import Name, parse
from bbws_readiness.source import Source
from tests.cases import each
from tests.data import data

CASES = data(Path(__file__).parent / "cases" / "expressions.yaml")
NAMES: dict[str, Value] = {"known.text": "Value", "known.yes": True}


def known(path: str) -> Value | Anything:
    return NAMES.get(path, ANYTHING)


@each(("text", "expected"), CASES, ids=[str(text) for text, _ in CASES])
def test_a_value(text: str, expected: object) -> None:
    expression = parse(text)
    assert expression is not None
    found = value_of(expression, known)
    assert ("open" if isinstance(found, Anything) else found) == expected
    assert type(found) is type(expected) or expected == "open"


@each(
    ("text", "truth"),
    [
        ("unknown.a && false", False),
        ("unknown.a || 'x'", True),
        ("unknown.a || ''", None),
        ("!(unknown.a && '')", True),
        ("unknown.a && known.yes", None),
        ("success() || always()", True),
    ],
)
def test_a_truth_that_one_side_decides(text: str, truth: bool | None) -> None:
    expression = parse(text)
    assert expression is not None
    assert truth_of(expression, known) is truth


@each(("value", "text"), [(None, ""), (True, "true"), (1.0, "1"), (1.5, "1.5"), (-2.0, "-2"), ("a", "a")])
def test_a_value_in_a_text(value: Value, text: str) -> None:
    assert text_of(value) == text


@given(st.text(alphabet="ab.()!=&|'[]*{}, 01efFromJSON<>", max_size=60))
def test_any_text_is_read_and_worked_out(text: str) -> None:
    expression = parse(text)
    if expression is not None and not isinstance(expression, Name):
        value_of(expression, known)
        truth_of(expression, known)


@each(
    ("condition", "refused"),
    [
        ("env.STAGE == 'sit'", "env"),
        ("secrets.TOKEN != ''", "secrets"),
        ("${{ matrix.os == 'x' }}", "matrix"),
        ("inputs.stage == 'sit' && github.ref == 'x' && vars.A && needs.b.result == 'success'", ""),
        ("'env.STAGE' == inputs.stage", ""),
    ],
)
def test_the_condition_of_a_job_reads_few_contexts(condition: str, refused: str) -> None:
    text = f'on: push\njobs:\n  a:\n    if: "{condition}"\n    runs-on: u\n    steps: [{{run: ls, if: "env.A"}}]\n'
    _, faults = parse_workflow(Source("w.yml", text, len(text), ""), environments=())
    assert [fault.at.line for fault in faults] == ([4] if refused else [])
    assert all(f"cannot read {refused}," in fault.summary for fault in faults)
