"""What a person names on the command line: which findings it stands for, and why it is refused."""

from collections.abc import Sequence
from functools import cache

import pytest
from msgspec.structs import replace

from bbws_readiness.assess.assessment import Assessment
from bbws_readiness.config import load_config
from bbws_readiness.decisions.choice import NotFound, chosen
from bbws_readiness.engine.finding import Finding
from bbws_readiness.errors import UsageError
from bbws_readiness.pipeline import assess_project
from tests.cases import each
from tests.example import AS_OF, EXAMPLE, READINGS, assessed


@cache
def undecided() -> Assessment:
    """The example under reading (c), as if nothing had been decided."""
    config = load_config(EXAMPLE, path=READINGS["c"])
    return assess_project(EXAMPLE, "sit", as_of=AS_OF, config=replace(config, decisions=""))


def told(findings: Sequence[Finding]) -> list[str]:
    return [f"{one.rule.code} {one.subject}" for one in findings]


@each(
    ("names", "stand_for"),
    [
        (["TBL001"], ["TBL001 orders", "TBL001 users"]),
        (["tbl001"], ["TBL001 orders", "TBL001 users"]),
        (["missing-table"], ["TBL001 orders", "TBL001 users"]),
        (["TBL001:users"], ["TBL001 users"]),
        (["missing-table: users"], ["TBL001 users"]),
        (["e42836ade583"], ["TBL001 orders"]),
        (["E428"], ["TBL001 orders"]),
        (["TBL001", "TBL001:orders", "e42836"], ["TBL001 orders", "TBL001 users"]),
        (["CAL001:final sign-off"], ["CAL001 final sign-off"]),
        # One subject with a drift of each document that differs.
        (["IDX001:products"], ["IDX001 products"] * 3),
        (["CNT001:indexes in README"], ["CNT001 indexes in README"]),
    ],
)
def test_names_of_findings(names: list[str], stand_for: list[str]) -> None:
    choice = chosen(names, undecided().findings)
    assert (told(choice.findings), choice.drifts) == (stand_for, ())


@each(
    ("names", "stand_for", "drifts"),
    [
        (["NAM001@plan"], ["NAM001 campaigns", "NAM001 tenants"], ["NAM001@plan"]),
        (["name-differs @ Plan"], ["NAM001 campaigns", "NAM001 tenants"], ["NAM001@plan"]),
        (["IDX001@readme"], ["IDX001 products"], ["IDX001@readme"]),
        (
            ["CNT001@readme", "idx001@readme", "IDX001@readme"],
            [*["CNT001 indexes of products in README", "CNT001 indexes in README"], "IDX001 products"],
            ["CNT001@readme", "IDX001@readme"],
        ),
        (["NAM001:tenants", "NAM001@plan"], ["NAM001 campaigns", "NAM001 tenants"], ["NAM001@plan"]),
        # What another rule explains drifts as well.
        (["CNT001@readme"], ["CNT001 indexes of products in README", "CNT001 indexes in README"], ["CNT001@readme"]),
    ],
)
def test_drifts_of_documents(names: list[str], stand_for: list[str], drifts: list[str]) -> None:
    choice = chosen(names, undecided().findings)
    assert (told(choice.findings), [str(one) for one in choice.drifts]) == (stand_for, drifts)


@each(
    ("name", "kind", "words"),
    [
        ("missing-tabel", NotFound, 'did you mean "missing-table"?'),
        ("TBL0O1", NotFound, 'did you mean "TBL001"?'),
        ("TBL001:order", NotFound, 'did you mean "orders"?'),
        ("e42836ade584", NotFound, 'did you mean "e42836ade583"?'),
        ("e42", NotFound, 'nothing that has failed is called "e42"'),
        ("", NotFound, 'nothing that has failed is called ""'),
        ("TBL003", UsageError, '"TBL003" has not failed'),
        ("NAM001:products", UsageError, "NAM001 products is PASS"),
        ("STA004", UsageError, "NOT VERIFIED"),
        ("REL001", UsageError, "NOT APPLICABLE"),
        ("CNT001", UsageError, "has no failure that stands by itself"),
        ("NAM01@plan", NotFound, 'did you mean "NAM001"?'),
        ("NAM001@plam", UsageError, '"NAM001@plam" names no document; did you mean plan?'),
        ("NAM001@", UsageError, "there are plan, schemas, script, readme, plan-json, portfolio"),
        ("NAM001@terraform", UsageError, '"NAM001@terraform" names no document'),
        ("NAM001@readme", NotFound, "there is no drift NAM001@readme; there is NAM001@plan"),
        ("NAM002@plan", NotFound, "there is no drift NAM002@plan; there is NAM002:products, a defect"),
        ("TBL003@plan", NotFound, "there is no drift TBL003@plan; nothing of TBL003 has failed"),
    ],
)
def test_refused(name: str, kind: type[UsageError], words: str) -> None:
    with pytest.raises(kind) as fault:
        chosen([name], undecided().findings)
    assert words in str(fault.value)
    assert str(fault.value.code) == "E712"


def test_what_is_settled_is_not_decided_again() -> None:
    for name in ("TBL001", "TBL001:orders", "e42836ade583", "TBL001@plan"):
        with pytest.raises(UsageError, match=r"is settled already by D1: TBL001 orders"):
            chosen([name], assessed("c").findings)


def test_digits_that_fit_several_are_refused() -> None:
    findings = chosen(["TBL001:orders", "BKP001"], undecided().findings).findings
    several = [replace(one, subject=f"{one.subject} {number}") for one in findings for number in range(4000)]
    short: dict[str, set[str]] = {}
    for one in several:
        short.setdefault(one.fingerprint[:4], set()).add(one.fingerprint)
    digits, both = next((start, found) for start, found in short.items() if len(found) == 2)
    with pytest.raises(UsageError, match=f'"{digits}" fits 2 findings') as fault:
        chosen([digits], several)
    assert all(one in fault.value.hint for one in both)


def test_a_rule_that_cannot_be_settled() -> None:
    findings = chosen(["TBL001:orders"], undecided().findings).findings
    fixed = [replace(one, rule=replace(one.rule, decidable=False)) for one in findings]
    for name in ("TBL001", "TBL001@plan"):
        with pytest.raises(UsageError, match="TBL001 missing-table cannot be settled by a decision") as fault:
            chosen([name], fixed)
        assert str(fault.value.code) == "E329"
