"""What a finding states: the same for the same values, wherever they stand, and another for other values."""

from msgspec.structs import replace

from bbws_readiness.decisions.statement import statement
from bbws_readiness.engine.finding import Finding, Outcome, Side, Standing
from bbws_readiness.engine.rule import Rule
from bbws_readiness.rulebooks import shipped_rulebook
from bbws_readiness.source import Location, SourceKind
from tests.cases import each

PLAN = Side(SourceKind.PLAN, frozenset({"ByDate", "ByStatus"}), "ByDate, ByStatus", (Location("plan.md", 12),))
TERRAFORM = Side(SourceKind.TERRAFORM, frozenset({"ByDate"}), "ByDate", (Location("main.tf", 3),))
SCRIPT = Side(SourceKind.SCRIPT, frozenset({"ByDay"}), "ByDay", (Location("validate.py", 9),))
COUNT = Side(SourceKind.README, 2, "2", (Location("README.md", 4),))

OTHER_PLAN = replace(PLAN, text="ByDate", says=frozenset({"ByDate"}))
OTHER_CODE = replace(TERRAFORM, text="none", says=frozenset())


def rule(code: str) -> Rule:
    found = shipped_rulebook().rule(code)
    assert found
    return found


def of(*sides: Side, **members: object) -> Finding:
    finding = Finding(rule("IDX001"), Outcome.FAIL, "parcels", Location("main.tf", 3), "words", "indexes", sides=sides)
    return replace(finding, **members)  # type: ignore[arg-type]


def moved(side: Side) -> Side:
    return replace(side, at=(Location("moved.md", 99),))


DRIFT = {"standing": Standing.DRIFT, "document": SourceKind.PLAN, "authority": SourceKind.TERRAFORM}
DECISION = {"standing": Standing.DECISION}
DEFECT = {"standing": Standing.DEFECT, "authority": SourceKind.PLAN}
ALONE = {"standing": Standing.DEFECT}


@each(
    ("name", "before", "after", "same"),
    [
        ("lines move", of(PLAN, TERRAFORM, **DECISION), of(moved(PLAN), moved(TERRAFORM), **DECISION), True),
        ("files change places", of(PLAN, TERRAFORM, **DECISION), of(TERRAFORM, PLAN, **DECISION), True),
        ("a message is worded anew", of(PLAN, TERRAFORM), of(PLAN, TERRAFORM, message="other"), True),
        ("a decision is about all", of(PLAN, TERRAFORM, **DECISION), of(PLAN, TERRAFORM, SCRIPT, **DECISION), False),
        ("a drift is about two", of(PLAN, TERRAFORM, **DRIFT), of(PLAN, TERRAFORM, SCRIPT, COUNT, **DRIFT), True),
        ("a drift with another plan", of(PLAN, TERRAFORM, **DRIFT), of(OTHER_PLAN, TERRAFORM, **DRIFT), False),
        ("a drift from other code", of(PLAN, TERRAFORM, **DRIFT), of(PLAN, OTHER_CODE, **DRIFT), False),
        ("a defect since the plan is right", of(PLAN, TERRAFORM, **DECISION), of(PLAN, TERRAFORM, **DEFECT), False),
        ("a demand of one who is right now", of(PLAN, **ALONE), of(PLAN, **DEFECT), False),
        ("a number is no name", of(COUNT), of(replace(COUNT, says="2")), False),
        ("another subject", of(PLAN), of(PLAN, subject="depots"), False),
        ("another rule", of(PLAN), of(PLAN, rule=rule("IDX002")), False),
        ("another word", of(**ALONE, message="Sat 2026-01-10"), of(**ALONE, message="Sun 2026-01-11"), False),
        ("a place in words", of(**ALONE, message="a.md:12 and :13"), of(**ALONE, message="a.md:14 and :15"), True),
        ("a column in words", of(**ALONE, actual="a.md:12:3 says"), of(**ALONE, actual="a.md:14:1 says"), True),
        ("another path in words", of(**ALONE, message="a.md:12"), of(**ALONE, message="b.md:12"), False),
        ("a time is no place", of(**ALONE, message="at 09:00"), of(**ALONE, message="at 09:30"), False),
        ("a figure is no place", of(**ALONE, message="days:30"), of(**ALONE, message="days:90"), False),
        ("several places", of(**ALONE, actual="a/b:1, :2 (c.tf:3:4)"), of(**ALONE, actual="a/b:5, :6 (c.tf:7)"), True),
        ("another expectation", of(**ALONE, expected="8"), of(**ALONE, expected="11"), False),
    ],
)  # fmt: skip
def test_statement(name: str, before: Finding, after: Finding, *, same: bool) -> None:
    assert (statement(before) == statement(after)) is same, name


def test_it_is_twelve_digits() -> None:
    assert len(statement(of(PLAN))) == 12
    assert int(statement(of(PLAN)), 16) >= 0
