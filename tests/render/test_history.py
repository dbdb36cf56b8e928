"""The history: one row per run in the index, and the reason of each in one line."""

from decimal import Decimal

import pytest
from msgspec.structs import replace

from bbws_readiness.compare.changes import (
    AuthorityChange,
    Cause,
    Changes,
    DecidedChange,
    InputChange,
    IssueChange,
    Kind,
)
from bbws_readiness.compare.compare import compare
from bbws_readiness.compare.read import snapshot_of
from bbws_readiness.compare.snapshot import DecidedState, InputState, Snapshot
from bbws_readiness.render import history
from bbws_readiness.render.documents import render_documents
from bbws_readiness.render.frame import Run, Surroundings
from bbws_readiness.render.machine import to_data
from tests.cases import each
from tests.render import sample
from tests.render.oracle import Seen


def snapshot() -> Snapshot:
    data = to_data(sample.blocked())
    for line, points in zip(data["score"]["ledger"], (20, 20, 5), strict=True):
        line["points"] = points
    return snapshot_of(data)


NOW = snapshot()
NONE = Changes(NOW, NOW, (), (), (), (), None, Decimal(0))


def entry(key: str, state: str = "in-force") -> DecidedState:
    return DecidedState(key, "by-design", state, ("DBA",), "2026-01-07", "", "why", "", (), (), "log:1")


def file(path: str, sha256: str = "0" * 64) -> InputState:
    return InputState(path, "terraform", sha256)


REASONS: dict[str, tuple[Changes, str]] = {
    "the moment": (
        replace(NONE, after=replace(NOW, as_of="2026-02-01T00:00:00")),
        "nothing but the moment of assessment",
    ),
    "the commit": (
        replace(NONE, after=replace(NOW, as_of="2026-02-01T00:00:00", commit="f" * 40)),
        "what git says of the checkout",
    ),
    "a tag": (
        replace(
            NONE, issues=(IssueChange(Kind.RESOLVED, "REL001", None, None, (Cause.CODE,), "a tag", (), Decimal(10)),)
        ),
        "what git says of the checkout",
    ),
    "a detail": (NONE, "a detail that changes no issue"),
    "another verdict": (replace(NONE, after=replace(NOW, verdict="READY")), "correction: BLOCKED → READY"),
    "authority": (
        replace(NONE, authority=(AuthorityChange("default", ("plan", "terraform"), ("terraform",)),)),
        "authority plan, terraform → terraform",
    ),
    "authority of a facet": (
        replace(NONE, authority=(AuthorityChange("tables", (), ("plan",)),)),
        "authority of tables nobody → plan",
    ),
    "many authorities": (
        replace(NONE, authority=tuple(AuthorityChange(f"f{n}", (), ("plan",)) for n in range(8))),
        "; ".join([*(f"authority of f{n} nobody → plan" for n in range(6)), "authority of 2 more facets"]),
    ),
    "decisions recorded": (
        replace(NONE, decided=tuple(DecidedChange(None, entry(f"D{n}")) for n in range(1, 9))),
        "8 decisions recorded (D1, D2, D3, D4, D5, D6 and 2 more)",
    ),
    "decisions removed and expired": (
        replace(NONE, decided=(DecidedChange(entry("D1"), None), DecidedChange(entry("D2"), entry("D2", "expired")))),
        "1 decision removed (D1); 1 decision now expired (D2)",
    ),
    "files": (
        replace(
            NONE,
            inputs=(
                InputChange(file("main.tf"), file("main.tf", "1" * 64), Cause.CODE),
                InputChange(None, file("plan.md"), Cause.DOCUMENTS),
                InputChange(file("README.md"), None, Cause.DOCUMENTS),
                InputChange(None, file("readiness.yaml"), Cause.CONFIGURATION),
            ),
        ),
        "changed: 1 code file, 2 documents and 1 configuration file",
    ),
    "tool": (replace(NONE, tool=("1.0.0 (a)", "1.1.0 (b)")), "tool 1.0.0 (a) → 1.1.0 (b)"),
}


@each("what", REASONS)
def test_a_reason_is_one_line_of_what_differs(what: str) -> None:
    changes, reason = REASONS[what]
    assert history.reason_of(changes) == reason


def test_a_first_run_has_no_reason() -> None:
    assert history.reason_of(None) == ""


def test_a_reason_is_short_whatever_the_earlier_run_says() -> None:
    long = replace(NONE, authority=(AuthorityChange("x" * 5000, (), ("plan",)),))
    assert len(history.reason_of(long)) == history.MAX_REASON


def test_a_published_run_becomes_its_row() -> None:
    changes = compare(NOW, replace(NOW, as_of="2026-02-01T00:00:00"))
    row = history.run_of(replace(NOW, commit="0123456789abcdef"), changes)
    assert row == Run("2026-01-07T00:00:00", "0123456789ab", "BLOCKED", "55", "nothing but the moment of assessment")
    assert history.run_of(replace(NOW, commit=""), None).commit == ""


def rows(index: str) -> list[list[str]]:
    table = index.split("\n## Document History\n\n")[1].split("\n\n")[0]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table.split("\n")[2:]]


def index_with(earlier: tuple[Run, ...], superseded: tuple[str, ...] = ()) -> str:
    around = Surroundings(earlier=earlier, superseded=superseded)
    return render_documents(sample.ready(), surroundings=around)[-1].text


def test_a_first_run_stands_alone_as_current() -> None:
    assert rows(index_with(())) == [
        ["Wed 2026-01-07", "`0123456789ab`", "✅ READY FOR DEPLOYMENT", "97.5/100", "**current**", "first assessment"]
    ]


def test_earlier_runs_are_superseded_newest_first() -> None:
    earlier = (
        Run("2026-01-06T10:30:00", "abcdef012345", "CONDITIONAL", "60", "changed: 1 document"),
        Run("2026-01-05T00:00:00", "", "BLOCKED", "0", ""),
    )
    told = rows(index_with(earlier))
    assert [row[4] for row in told] == ["**current**", "superseded", "superseded"]
    assert told[1][:4] == [
        "Tue 2026-01-06 10:30",
        "`abcdef012345`",
        "⚠️ CONDITIONAL - DECISIONS OR FIXES OPEN",
        "60/100",
    ]
    assert told[2][1] == "not a git checkout"
    assert [row[5] for row in told[1:]] == ["changed: 1 document", "first assessment"]


@each(("number", "shown", "more"), [(19, 20, ""), (20, 20, "1 earlier run is"), (45, 20, "26 earlier runs are")])
def test_a_long_history_is_counted(number: int, shown: int, more: str) -> None:
    text = index_with(tuple(Run("2026-01-01T00:00:00", "", "BLOCKED", "0", f"run {n}") for n in range(number)))
    assert len(rows(text)) == shown
    twin = "sit_parcels_assessment.json"
    assert (f"{more} in the JSON: [`{twin}`]({twin})." in text) is bool(more)
    assert ("earlier run" in text.split("## Document History")[1]) is bool(more)


def test_documents_of_another_run_are_superseded_by_name() -> None:
    text = index_with((), ("sit_parcels_CORRECTED_STATUS.md",))
    assert "\n### Superseded\n\n- `sit_parcels_CORRECTED_STATUS.md` - superseded, not part of this run\n" in text
    assert "### Superseded" not in index_with(())
    assert "(sit_parcels_CORRECTED_STATUS.md)" not in text


@pytest.mark.parametrize(
    "text", ["<b>x</b>", "a | b\n| c |", "[x](http://evil.example)", "\x1b[31m", "2026-13-45", "9" * 400]
)
def test_rows_of_the_earlier_json_are_inert(text: str) -> None:
    shown = index_with((Run(text, text, text, text, text),), (text,))
    assert len(rows(shown)) == 2
    assert all(len(row) == 6 for row in rows(shown))
    assert "\x1b" not in shown
    usual = Seen(index_with((Run("", "", "", "", ""),), ("x",)))
    seen = Seen(shown)
    assert set(seen.tags) == set(usual.tags)
    assert not [value for name, value in seen.attributes if name == "href" and value and value.startswith("http")]
