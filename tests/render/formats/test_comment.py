"""The comment tells verdict and changes before its fold, everything else below, and always fits."""

import re
from datetime import datetime
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bbws_readiness.compare.compare import compare
from bbws_readiness.compare.read import snapshot_of
from bbws_readiness.pipeline import assess_project
from bbws_readiness.render.formats.comment import MAX_CHARACTERS, Surroundings, comment, content, shortest
from bbws_readiness.render.machine import to_data
from tests.cases import each
from tests.example import EXAMPLE, READINGS, assessed
from tests.render.encode.github import ALIVE, loose, rendered, tags
from tests.render.encode.hostile import few, hostile
from tests.render.sample import blocked

BLOB = f"https://github.com/o/r/blob/{'0' * 40}"
RUN = "https://github.com/o/r/actions/runs/5"
AROUND = Surroundings(base="main", blob=BLOB, run=RUN, prefix="examples/dynamodb_schemas")


@cache
def _data_of(reading: str) -> dict[str, Any]:
    return to_data(assessed(reading))


def data_of(reading: str) -> dict[str, Any]:
    """To be changed on its first level only."""
    return dict(_data_of(reading))


def between(before: str, after: str) -> str:
    old, new = data_of(before), data_of(after)
    return comment(new, compare(snapshot_of(old), snapshot_of(new)), AROUND)


def many(issues: int) -> dict[str, Any]:
    """The JSON of the example with its first issue that often, the least severe ones last."""
    data = data_of("b")
    first = data["issues"][0]
    data["issues"] = [first | {"title": f"issue {number} " + "words " * 20} for number in range(issues)]
    return data


def before_fold(text: str) -> list[str]:
    """The lines that are seen, hidden ones left out."""
    head, fold, _ = text.partition("<details>")
    assert fold
    return head.rstrip().splitlines()


@each("before", READINGS)
@each("after", READINGS)
def test_verdict_and_changes_stand_before_the_fold(before: str, after: str) -> None:
    lines = before_fold(between(before, after))
    assert len(lines) <= 15
    assert lines[0].startswith("## ")
    assert assessed(after).verdict.value in lines[0]
    assert re.fullmatch(r"\d+ new, \d+ reinstated, \d+ resolved(, .*)?, \d+ unchanged\.", lines[3])


EXAMPLES = {"many_faults": "sit", "s3_schemas": "sit", "order_lambda": "sit"}


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_is_short_before_the_fold(example: str) -> None:
    found = assess_project(EXAMPLE.parent / example, EXAMPLES[example], as_of=datetime(2026, 3, 4))
    data = to_data(found)
    nothing = data | {
        "issues": [],
        "decisions": [],
        "findings": [],
        "score": data["score"] | {"value": 100, "ledger": []},
    }
    everything = compare(snapshot_of(nothing), snapshot_of(data))
    for changes in (None, everything, compare(snapshot_of(data), snapshot_of(nothing))):
        around = AROUND if changes else replace(AROUND, uncompared="the base holds no project")
        assert len(before_fold(comment(data, changes, around))) <= 15


def test_what_is_resolved_says_so() -> None:
    text = between("b", "c")
    assert "score **95/100** (+95)" in text
    assert "- ✅ `TBL001` critical: Missing tables: orders, users\n" in text


def test_the_page_shows_this_comment() -> None:
    old, new = data_of("b"), data_of("c")
    text = comment(new, compare(snapshot_of(old), snapshot_of(new)), Surroundings(base="main"))
    page = (EXAMPLE.parents[1] / "docs" / "pull-request-comments.md").read_text()
    shown = page.partition("```markdown\n")[2].partition("```")[0]
    assert shown.rstrip() == "\n".join(before_fold(text))


def test_without_a_base_decisions_stand_before_minor_issues() -> None:
    first = [line for line in comment(data_of("a"), None).splitlines() if line.startswith("- ")]
    assert first[0].startswith("- ⚖️ `tables` decision: ")
    assert " medium: " in first[5]


def test_places_are_links_into_the_commit_where_it_is_known() -> None:
    text = between("c", "b")
    place = f"{BLOB}/examples/dynamodb_schemas/promotions/04_dynamodb_schemas_promotion.md#L90"
    assert f"[`promotions/04_dynamodb_schemas_promotion.md:90`]({place})" in text
    assert "http" not in comment(data_of("b"), None)


@each("address", ["javascript:alert(1)", "https://evil.invalid/x", f"{BLOB}) [x](http://e.x"])
def test_other_addresses_are_not_linked_to(address: str) -> None:
    text = comment(data_of("b"), None, Surroundings(blob=address, run=address))
    assert "](" not in text


@pytest.mark.parametrize("issues", [0, 1, 20, 500, 5000])
def test_it_fits_and_is_cut_after_whole_rows(issues: int) -> None:
    text = comment(many(issues), None, AROUND)
    assert len(text) <= MAX_CHARACTERS
    assert text.count("<details>") == text.count("</details>")
    shown = re.findall(r"^\| 🔴 CRITICAL .* \| \d+ \|$", text, re.MULTILINE)
    left = re.search(
        rf"and (\d+) more\. \[The run\]\({RUN}\) has all of it\.$", text.partition("</details>")[0], re.MULTILINE
    )
    assert len(shown) + (int(left[1]) if left else 0) == issues
    page = rendered(text)
    assert page.count("<table>") == text.count("<details>")
    if issues == 5000:
        assert f"[The run]({RUN}) has all of it." in text


POLICY = {
    "ref": "main",
    "commit": "0" * 40,
    "files": ["readiness.yaml"],
    "changes": [
        {"key": "authority.default", "change": "changed", "file": "readiness.yaml", "at": "readiness.yaml:3"},
        {"key": None, "change": "added", "file": "readiness-decisions.yaml", "at": "readiness-decisions.yaml"},
    ],
}


def test_a_change_of_the_rules_it_is_judged_by_is_told_before_the_fold() -> None:
    text = comment(data_of("b") | {"policy": POLICY}, None, AROUND)
    assert len(before_fold(text)) <= 15
    told = "this change touches readiness policy: 1 key, 1 file; not applied, the policy of the base holds."
    assert before_fold(text)[3] == f"⚠️ **Attention**: {told}"
    place = f"{BLOB}/examples/dynamodb_schemas/readiness.yaml#L3"
    assert f"\n| `authority.default` | changed | [`readiness.yaml:3`]({place}) |\n" in text
    assert "\n| `readiness-decisions.yaml` | added | `readiness-decisions.yaml` |\n" in text
    assert "Attention" not in comment(data_of("b") | {"policy": POLICY | {"changes": []}}, None, AROUND)


def test_half_the_rows_and_the_shortest() -> None:
    data = many(500)
    whole, half, least = comment(data, None, AROUND), comment(data, None, AROUND, share=2), shortest(data, AROUND)
    rows = [text.count("🔴 CRITICAL") for text in (whole, half)]
    assert rows[1] == -(-rows[0] // 2)
    assert len(least) < 500
    assert least.splitlines()[0] == whole.splitlines()[0]
    assert f"[The run]({RUN})" in least


def test_content_is_what_no_run_says_anew() -> None:
    data = data_of("b")
    later = data | {"commit": "c" * 40, "as_of": "2026-01-08T00:00:00"}
    later["schedule"] = data["schedule"] | {"ready": data["schedule"]["ready"] | {"at": "2026-01-09T10:00"}}
    elsewhere = replace(AROUND, blob=BLOB.replace("0", "1"), run=f"{RUN}1")
    assert comment(data, None, AROUND) != comment(later, None, elsewhere)
    assert content(data, None, AROUND) == content(later, None, elsewhere)
    assert content(data, None, AROUND) != content(data, None, replace(AROUND, base="other", uncompared="why"))
    assert content(many(500), None) != content(many(501), None)


def attacked_data(text: str) -> dict[str, Any]:
    """The JSON of the example with one text wherever a text of the project may stand."""
    data = data_of("a")
    issue = data["issues"][0] | {"title": text, "at": text, "owners": [text, text], "rule": text}
    decision = data["decisions"][0] | {"question": text, "key": text, "owners": [text], "rules": [text]}
    decision["votes"] = [{"sources": [text], "says": text, "at": []}]
    action = data["actions"][0] | {"title": text, "owners": [text], "priority": text}
    fault = {"severity": "error", "code": "E101", "summary": text, "at": text}
    touched = {"key": text, "change": "changed", "file": text, "at": text}
    return data | {
        "policy": POLICY | {"changes": [touched, touched | {"key": None}]},
        "issues": [issue],
        "decisions": [decision],
        "actions": [action],
        "diagnostics": [fault],
        "not_verified": [{"text": text, "needs": text, "reason": None}],
        "project": data["project"] | {"title": text},
        "commit": text,
    }


HARMLESS = tags(rendered(comment(attacked_data("word"), None, replace(AROUND, uncompared="word"))))
MENTION = re.compile(r"(?<![\w`])@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:/[a-z0-9_.-]+)?", re.IGNORECASE)
"""GitHub's grammar of users and teams."""


@settings(parent=few, max_examples=150)
@given(
    text=st.one_of(hostile, st.from_regex(MENTION, fullmatch=True), st.sampled_from(["@acme/ops", "x @me.", "(@a)"]))
)
def test_nothing_of_the_project_comes_alive_in_a_comment(text: str) -> None:
    page = rendered(comment(attacked_data(text), None, replace(AROUND, uncompared=text)))
    found = tags(page)
    for mark in ("<table>", "<tr>", "<td>", "<details>", "</details>", "<summary>", "<h2>", "<sub>"):
        assert found[mark] == HARMLESS[mark], mark
    assert set(found) <= {*HARMLESS, "<code>", "</code>"} | {
        mark for mark in found if mark.startswith(f'<a href="{BLOB}/')
    }
    assert not MENTION.search(loose(page))
    assert not ALIVE.search(loose(page))


def test_words_of_the_project_notify_nobody_and_open_nothing() -> None:
    words = "@acme/ops #12 </details> <!-- x --> [a](http://e.x) | AKIAIOSFODNN7EXAMPLQ\n::error::x"
    assessment = blocked()
    issue = replace(assessment.issues[0], title=words)
    text = comment(to_data(replace(assessment, issues=(issue, *assessment.issues[1:]))), None)
    page = rendered(text)
    assert page.count("</details>") == page.count("<details>")
    assert "@acme/ops" not in re.sub(r"<code>.*?</code>", "", page)
    assert "<!-- x" not in page
    assert "e.x" not in re.sub(r"<code>.*?</code>", "", page)
    assert "AKIA" not in text
