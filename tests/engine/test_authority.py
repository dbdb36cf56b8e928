"""From a disagreement to its standing."""

import pytest

from bbws_readiness.engine.authority import judge
from bbws_readiness.engine.finding import Observation, Outcome, Side, Standing
from bbws_readiness.engine.rule import Kind, Rule, Severity
from bbws_readiness.source import Location, SourceKind
from tests.cases import each

AT = Location("main.tf", 1)
WORDS = {kind.value: kind for kind in SourceKind}


def rule(kind: Kind, *, unasked: Severity | None = None, by_itself: bool = False) -> Rule:
    return Rule(
        code="TBL001",
        slug="missing-table",
        name="Missing tables",
        title="Missing tables",
        kind=kind,
        facet="tables",
        severity=Severity.CRITICAL,
        severity_unasked=unasked,
        by_itself=by_itself,
        check="x",
        remedy="x",
        holds="",
        why="",
        messages={},
        at=AT,
    )


def told(**says: object) -> Observation:
    sides = tuple(Side(WORDS[name], value, str(value), (AT,)) for name, value in says.items())  # type: ignore[arg-type]
    return Observation(Outcome.FAIL, "orders", AT, sides=sides)


def judged(found: Rule, observation: Observation, *declared: str) -> list[tuple[object, ...]]:
    authority = tuple(WORDS[name] for name in declared)
    return [(one.standing, one.severity, one.document) for one in judge(found, observation, authority)]


COMPARED = [
    ("nobody is declared", {"plan": 1, "terraform": 0}, (), [(Standing.DECISION, Severity.CRITICAL, None)]),
    ("code against authority", {"plan": 1, "terraform": 0}, ("plan",), [(Standing.DEFECT, Severity.CRITICAL, None)]),
    (
        "document against authority",
        {"plan": 1, "terraform": 0},
        ("terraform",),
        [(Standing.DRIFT, Severity.LOW, SourceKind.PLAN)],
    ),
    (
        "both at once",
        {"plan": 1, "terraform": 0, "readme": 0},
        ("plan",),
        [(Standing.DEFECT, Severity.CRITICAL, None), (Standing.DRIFT, Severity.LOW, SourceKind.README)],
    ),
    (
        "the first declared source that speaks",
        {"terraform": 0, "readme": 1},
        ("plan", "terraform"),
        [(Standing.DRIFT, Severity.LOW, SourceKind.README)],
    ),
    (
        "no declared source speaks",
        {"readme": 1, "script": 0},
        ("plan", "terraform"),
        [(Standing.DECISION, Severity.CRITICAL, None)],
    ),
    (
        "terraform stands for its tfvars",
        {"plan": "a", "tfvars": "b"},
        ("terraform",),
        [(Standing.DRIFT, Severity.LOW, SourceKind.PLAN)],
    ),
    (
        "code that contradicts itself",
        {"tfvars": "eu", "workflows": "us"},
        (),
        [(Standing.DEFECT, Severity.CRITICAL, None)],
    ),
    (
        "a number agrees with a set of that size",
        {"plan": frozenset("ab"), "terraform": frozenset("ab"), "readme": 2, "script": 3},
        ("plan",),
        [(Standing.DRIFT, Severity.LOW, SourceKind.SCRIPT)],
    ),
]


@each(("name", "says", "declared", "expected"), COMPARED, ids=[row[0] for row in COMPARED])
def test_compare(name: str, says: dict[str, object], declared: tuple[str, ...], expected: list[object]) -> None:
    assert judged(rule(Kind.COMPARE), told(**says), *declared) == expected


@each(
    ("declared", "by_itself", "expected"),
    [
        ((), False, (Standing.DEFECT, Severity.LOW, None)),
        (("plan",), False, (Standing.DEFECT, Severity.CRITICAL, None)),
        (("plan", "terraform"), False, (Standing.DEFECT, Severity.CRITICAL, None)),
        (("terraform",), False, (None, None, None)),
        (("terraform",), True, (Standing.DEFECT, Severity.LOW, None)),
    ],
)
def test_demand(declared: tuple[str, ...], by_itself: bool, expected: tuple[object, ...]) -> None:
    asked = rule(Kind.DEMAND, unasked=Severity.LOW, by_itself=by_itself)
    assert judged(asked, told(plan="hourly"), *declared) == [expected]


@pytest.mark.parametrize("kind", [Kind.ALONE, Kind.SELF])
def test_needs_no_second_source(kind: Kind) -> None:
    assert judged(rule(kind), told(), "terraform") == [(Standing.DEFECT, Severity.CRITICAL, None)]
