"""The matrix of sources: every statement in the column of who says it, with its stance told without colour."""

import json
import re

from bbws_readiness.render.site.pictures.sources import (
    LONG,
    MARKS,
    MOST,
    NAMED,
    ONLY,
    UNFOLDED,
    opinion,
    sources_matrix,
)
from tests.example import ROOT
from tests.render.site.pictures import forms
from tests.render.site.pictures.geometry import tree


def said(source: str, says: str, stance: str, number: int = 1) -> dict[str, object]:
    return {"source": source, "says": says, "stance": stance, "opinion": number, "at": [f"docs/{source}.md:4", "x:1"]}


def fact(subject: str, *statements: dict[str, object], differs: bool = True, **more: object) -> dict[str, object]:
    base = {"rule": "TBL001", "facet": "tables", "subject": subject, "title": "Missing tables", "differs": differs}
    return {**base, "settled_by": None, "findings": ["0" * 12], "said": list(statements), **more}


def rows(markup):
    """Per table its caption with the rows as dictionaries from column to the words of the cell."""
    found = {}
    for table in tree(markup).iter("table"):
        head, *body = table.iter("tr")
        columns = [one.text for one in head]
        shown = [
            dict(zip(columns, (" ".join("".join(cell.itertext()).split()) for cell in row), strict=True))
            for row in body
        ]
        found[table.find("caption").text] = shown
    return found


def test_every_statement_stands_under_its_source() -> None:
    plan, terraform = said("plan", "5", "authority"), said("terraform", "3", "differs", 2)
    data = {"sources": [fact("orders", plan, terraform, settled_by="D-1"), fact("tags", plan, differs=False)]}
    markup = sources_matrix(data)
    (differing,) = rows(markup)["Facts on which the sources differ"]
    assert differing["plan"].startswith("★declared right: 5")
    assert differing["terraform"].startswith("≠differs from what was declared right: 3")
    assert "terraform.md:4 and 1 more" in differing["terraform"]
    assert differing["Fact"].startswith("orderstables · TBL001 Missing tablessettled by D-1")
    (agreed,) = rows(markup)["Facts on which the sources agree"]
    assert set(agreed) == {"Fact", "plan"}
    assert "2 facts stated by at least two sources; they differ about 1." in markup


def test_opinions_in_dispute_carry_letters_and_silence_is_told() -> None:
    dispute = fact("orders", said("plan", "5", "disputed"), said("readme", "3", "disputed", 2))
    silent = fact("users", said("plan", "on", "not-verified"))
    first, second = rows(sources_matrix({"sources": [dispute, silent]}))["Facts on which the sources differ"]
    assert first["plan"].startswith("Aopinion A: 5")
    assert first["README"].startswith("Bopinion B: 3")
    assert second["plan"].startswith("?could not be verified: on")
    assert second["README"] == "·says nothing"
    assert [opinion(1), opinion(26), opinion(900)] == ["A", "Z", "Z"]


def test_an_answer_of_yes_or_no_stands_before_words_that_are_not_compared() -> None:
    facts = [one for one in forms.example("b")["sources"] if one["rule"] in ("BKP001", "BKP002")]
    missing, terms = rows(sources_matrix({"sources": facts}))["Facts on which the sources differ"]
    assert missing["Fact"].endswith(ONLY)
    assert missing["plan"].startswith("★declared right: yes: hourly, 7 days")
    assert missing["schemas"].startswith("✓agrees: yes: daily, 14 days")
    assert missing["terraform"].startswith("≠differs from what was declared right: no: none")
    assert ONLY not in terms["Fact"] and terms["plan"].startswith("★declared right: hourly, 7 days")


def test_facts_about_which_everybody_says_the_same_share_a_row() -> None:
    same = [
        fact(name, said("plan", "on", "authority"), said("readme", "off", "differs", 2)) for name in ("a", "b", "c")
    ]
    other = fact("d", said("plan", "on", "authority"), said("readme", "paused", "differs", 2))
    shown = rows(sources_matrix({"sources": [*same, other]}))["Facts on which the sources differ"]
    assert [row["Fact"].split("tables")[0] for row in shown] == ["a, b and c", "d"]


def test_the_example_shows_every_statement_of_every_fact() -> None:
    for name in ("a", "b", "c"):
        facts = forms.example(name)["sources"]
        shown = rows(sources_matrix(forms.example(name)))
        for one in facts:
            table = shown[f"Facts on which the sources {'differ' if one['differs'] else 'agree'}"]
            mine = [row for row in table if one["rule"] in row["Fact"] and one["subject"] in row["Fact"]]
            for statement in one["said"]:
                column = {"readme": "README"}.get(statement["source"], statement["source"])
                assert any(statement["says"] in row[column] for row in mine), (one["subject"], statement)


def test_places_are_links_where_the_page_makes_them() -> None:
    one = fact("orders", said("plan", "5", "authority"), said("readme", "3", "differs", 2))
    markup = sources_matrix({"sources": [one]}, address=lambda at: f'../{at}?"' if "plan" in at else "")
    (link,) = tree(markup).iter("a")
    assert (link.text, link.attrib["href"], link.attrib["title"]) == (
        "plan.md:4",
        '../docs/plan.md:4?"',
        "docs/plan.md:4",
    )
    assert "readme.md:4" in [place.text for place in tree(markup).iter("code")]


def test_rows_beyond_the_limit_are_counted() -> None:
    many = [
        fact(f"t{one}", said("plan", str(one), "authority"), said("readme", "x", "differs", 2))
        for one in range(UNFOLDED + MOST + 3)
    ]
    markup = sources_matrix({"sources": many})
    shown = rows(markup)
    assert len(shown["Facts on which the sources differ"]) == UNFOLDED
    further = shown["Further facts on which the sources differ"]
    assert len(further) == MOST and further[0]["Fact"].startswith(f"t{UNFOLDED}")
    assert f"{MOST + 3} further rows" in markup and "3 more rows" in markup


def test_a_row_of_many_subjects_and_long_statements_stays_a_row() -> None:
    said_ = (said("plan", "on", "authority"), said("readme", "no " * LONG, "differs", 2))
    markup = sources_matrix({"sources": [fact(f"t{one:03}", *said_) for one in range(150)]})
    (row,) = rows(markup)["Facts on which the sources differ"]
    assert row["Fact"].startswith(f"t000, t001, t002, t003, t004, t005, t006, t007 and {150 - NAMED} more")
    (long,) = [one for one in tree(markup).iter("span") if "pic-long" in one.attrib.get("class", "")]
    assert long.text == "no " * LONG


def test_nothing_to_compare_is_said() -> None:
    assert "there is nothing to compare" in sources_matrix({"sources": []})
    assert "there is nothing to compare" in sources_matrix({})
    assert set(MARKS) == {"authority", "agrees", "differs", "disputed", "not-verified", "silent"}


def test_the_documented_fact_is_one_of_the_example() -> None:
    page = (ROOT / "docs" / "pictures.md").read_text()
    (shown,) = re.findall(r"```json\n(.*?)```", page, re.DOTALL)
    assert json.loads(shown) in forms.example("b")["sources"]
    for sign, _ in MARKS.values():
        assert not sign or f"| `{sign}` |" in page
