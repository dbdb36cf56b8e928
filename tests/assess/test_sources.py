"""Who says what: the stance of every statement, from the same authority by which findings are judged."""

from msgspec.structs import replace

from bbws_readiness.assess.sources import spoken_facts
from bbws_readiness.config import Config
from bbws_readiness.engine.finding import Finding, Outcome, Side, Standing
from bbws_readiness.engine.rule import Kind
from bbws_readiness.source import Location, SourceKind
from tests.cases import each
from tests.example import READINGS, assessed
from tests.render.sample import TBL001

AT = Location("main.tf", 1)
WORDS = {kind.value: kind for kind in SourceKind}


def side(source: str, says: object) -> Side:
    return Side(WORDS[source], says, str(says), (AT,))  # type: ignore[arg-type]


def finding(*sides: Side, outcome: Outcome = Outcome.FAIL, **more: object) -> Finding:
    return replace(Finding(TBL001, outcome, "orders", AT, "orders differ", "tables", sides=sides), **more)  # type: ignore[arg-type]


NAMES = frozenset({"a", "b", "c"})
STANCES = [
    ("all agree, nobody declared", {"plan": 1, "terraform": 1}, (), "terraform agrees 1, plan agrees 1"),
    ("all agree with what was declared", {"plan": 1, "readme": 1}, ("plan",), "plan authority 1, readme agrees 1"),
    ("nobody declared", {"plan": 5, "terraform": 3, "readme": 3}, (), "terraform disputed 1, plan disputed 2"),
    (
        "the declared one is alone",
        {"plan": 5, "terraform": 3, "readme": 3},
        ("plan",),
        "plan authority 1, readme differs 2",
    ),
    ("the first declared that speaks", {"terraform": 3, "readme": 2}, ("plan", "terraform"), "readme differs 2"),
    ("a number agrees with a set", {"terraform": NAMES, "readme": 3, "plan": 4}, ("terraform",), "readme agrees 1"),
    ("every other opinion has its number", {"plan": 5, "readme": 4, "script": 3}, ("plan",), "script differs 3"),
    ("terraform stands for its settings", {"tfvars": 1, "readme": 2}, ("terraform",), "tfvars authority 1"),
    ("which files there are is always right", {"files": 1, "readme": 2}, (), "files authority 1, readme differs 2"),
]


@each(("says", "declared", "expected"), [case[1:] for case in STANCES], ids=[case[0] for case in STANCES])
def test_stance(says: dict[str, object], declared: tuple[str, ...], expected: str) -> None:
    config = Config(authority={"default": tuple(WORDS[name] for name in declared)} if declared else {})
    (fact,) = spoken_facts([finding(*(side(*one) for one in says.items()))], config)
    told = {f"{one.side.source.value} {one.stance} {one.opinion}" for one in fact.said}
    assert set(expected.split(", ")) <= told
    assert fact.differs is (len({one.opinion for one in fact.said}) > 1)
    order = list(SourceKind)
    assert [one.side.source for one in fact.said] == sorted((WORDS[name] for name in says), key=order.index)


def test_one_fact_has_all_its_findings() -> None:
    sides = (side("plan", 1), side("terraform", 2))
    several = [
        finding(*sides, standing=Standing.DEFECT),
        finding(*sides, standing=Standing.DRIFT, document=SourceKind.README),
        finding(*sides, subject="users"),
    ]
    first, second = spoken_facts(several, Config())
    assert first.findings == tuple(several[:2])
    assert second.findings == (several[2],)


def test_what_one_source_says_alone_and_what_is_explained_elsewhere_is_left_out() -> None:
    alone = finding(side("plan", 8), side("plan", 11))
    explained = finding(side("plan", 1), side("terraform", 2), explained_by="0123456789ab")
    assert spoken_facts([alone, explained], Config()) == ()


def test_sources_that_agree_by_yes_or_no_alone_say_so() -> None:
    """BKP001 asks whether there are backups at all; on which terms is another fact."""

    def backups(source: str, text: str, *, says: bool = True) -> Side:
        return replace(side(source, says), text=text)

    plan, none = backups("plan", "hourly, 7 days"), backups("terraform", "none", says=False)
    for sides, holds in (
        ((plan, none, backups("schemas", "daily, 14 days")), [True, False, True]),
        ((plan, none, backups("schemas", "hourly, 7 days")), [None, None, None]),
        ((plan, none, backups("schemas", "not even planned", says=False)), [None, None, None]),
        ((side("plan", 1), side("terraform", frozenset({"a"}))), [None, None]),
    ):
        (fact,) = spoken_facts([finding(*sides)], Config())
        assert [one.holds for one in fact.said] == holds


def test_what_could_not_be_determined_takes_no_side() -> None:
    (fact,) = spoken_facts([finding(side("plan", 1), side("readme", 2), outcome=Outcome.UNDETERMINED)], Config())
    assert {one.stance.value for one in fact.said} == {"not-verified"}


@each("reading", READINGS)
def test_stances_of_the_example_are_those_of_its_findings(reading: str) -> None:
    assessment = assessed(reading)
    for fact in spoken_facts(assessment.findings, assessment.config):
        for found in fact.findings:
            if found.outcome is not Outcome.FAIL or found.rule.kind is not Kind.COMPARE:
                continue
            authority = [one.side.source for one in fact.said if one.stance.value == "authority"]
            assert authority[:1] == ([found.authority] if found.authority else [])
            assert fact.differs
            if found.document:
                drifting = [one.stance.value for one in fact.said if one.side.source is found.document]
                assert drifting == ["differs"]
