"""A document about several projects: what is taken from it, and from which line."""

from datetime import date
from decimal import Decimal
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from bbws_readiness.errors import Diagnostic, DiagnosticSeverity
from bbws_readiness.model.plans import Moment
from bbws_readiness.model.portfolio import PortfolioDocument
from bbws_readiness.parsers.portfolio import parse_portfolio
from bbws_readiness.source import Source
from tests.cases import each
from tests.parsers.test_promotion_plan import facts

TEXT = (Path(__file__).parent / "cases/portfolio/master_plan.md").read_text()
ENVIRONMENTS = ("dev", "sit", "prod")


def parse(text: str) -> tuple[PortfolioDocument | None, tuple[Diagnostic, ...]]:
    return parse_portfolio(Source("plans.md", text, len(text), ""), environments=ENVIRONMENTS)


def document_of(text: str) -> PortfolioDocument:
    found, _ = parse(text)
    assert found is not None
    return found


DOCUMENT = document_of(TEXT)


def days(moment: Moment | None) -> tuple[date, date] | None:
    return (moment.start, moment.end) if moment else None


def day(month: int, first: int, last: int | None = None) -> tuple[date, date]:
    return date(2026, month, first), date(2026, month, last or first)


def test_it_is_read_without_a_fault() -> None:
    assert parse(TEXT)[1] == ()
    assert DOCUMENT.title == "Master Promotion Plan"


def test_waves() -> None:
    found = [
        (one.project.get(), one.project.at.line, one.wave, one.number, one.plan, one.type) for one in DOCUMENT.waves
    ]
    assert found == [
        ("shipments_schemas", 18, "Wave 1", "1", "", ""),
        ("labels_buckets", 19, "Wave 1", "2", "", ""),
        ("invoice_lambda", 32, "Wave 2", "3", "PROM-INV-021", "Lambda"),
    ]
    assert [one.owner for one in DOCUMENT.waves] == ["DBA", "DevOps Engineer", ""]


def test_targets_are_days_and_statuses_are_words() -> None:
    targets = [{name: days(moment) for name, moment in one.targets.items()} for one in DOCUMENT.waves]
    assert targets == [{"sit": day(3, 11), "prod": day(4, 21)}, {}, {"sit": day(3, 9)}]
    statuses = [{name: fact.get() for name, fact in one.statuses.items()} for one in DOCUMENT.waves]
    assert statuses == [{"dev": "Deployed"}, {"dev": "Testing", "sit": "TBD"}, {}]


def test_sentences() -> None:
    assert [(one.text.get(), one.text.at.line, one.ticked) for one in DOCUMENT.prerequisites] == [
        ("State buckets of SIT exist", 23, False),
        ("Accounts are open", 24, True),
    ]
    assert [(one.text.get(), one.topic) for one in DOCUMENT.dependencies] == [
        ("shipments_schemas must be signed off in SIT", "Wave 2: Services")
    ]


def test_edges_are_kept_as_drawn() -> None:
    assert [(one.source.get(), one.target.get(), one.what, one.target.at.line) for one in DOCUMENT.edges] == [
        ("shipments_schemas", "invoice_lambda", "tables, indexes", 38),
        ("shipments_schemas", "parcel_lambda", "tables", 38),
        ("labels_buckets", "invoice_lambda", "", 39),
    ]
    assert {one.topic for one in DOCUMENT.edges} == {"Dependencies between Projects"}


def test_timeline_has_the_day_before_or_in_the_parenthesis() -> None:
    assert [(row.title, days(row.moment), row.at.line) for row in DOCUMENT.timeline] == [
        ("Wave 1", day(3, 8, 9), 9),
        ("Wave 2", day(3, 16), 10),
        ("PROD freeze", day(4, 1, 3), 11),
    ]


def test_approvals() -> None:
    found = [(row.plan.get(), [role.get() for role in row.approvers], row.plan.at.line) for row in DOCUMENT.approvals]
    assert found == [
        ("shipments_schemas", ["Tech Lead", "DBA"], 46),
        ("PROM-INV-021", ["Tech Lead", "Security Lead"], 47),
    ]


def test_costs_with_their_total() -> None:
    found = [(one.project.get(), one.environment, one.low.get(), one.high.get()) for one in DOCUMENT.costs]
    assert found == [
        ("shipments_schemas", "sit", Decimal(12), Decimal(30)),
        ("shipments_schemas", "prod", Decimal("1200.50"), Decimal(2000)),
        ("labels_buckets", "sit", Decimal(4), Decimal(4)),
        ("Total SIT", "sit", Decimal(16), Decimal(34)),
    ]


def test_blockers_with_and_without_a_day() -> None:
    assert [(one.text.at.line, days(one.due)) for one in DOCUMENT.blockers] == [
        (57, day(3, 5)),
        (58, None),
        (59, day(4, 10)),
    ]


def test_every_name_stands_on_its_line() -> None:
    lines = TEXT.split("\n")
    checked = [fact for fact in facts(DOCUMENT) if isinstance(fact.get(), str)]
    assert len(checked) > 25
    for fact in checked:
        first = str(fact.get()).split(" ")[0]
        assert lines[fact.at.line - 1][fact.at.column - 1 :].startswith(first), fact


def test_the_year_comes_from_a_date_when_the_head_has_none() -> None:
    found = document_of(
        "# Plans\n\n## Wave 1\n\n| # | Project | SIT Target |\n|-|-|-|\n| 1 | a | Mar 9, 2027 |\n| 2 | b | Dec 1 |\n"
    )
    assert [days(one.targets["sit"]) for one in found.waves] == [(date(2027, 3, 9),) * 2, (date(2027, 12, 1),) * 2]


def test_without_any_year_a_day_is_no_day() -> None:
    found = document_of("# Plans\n\n| # | Project | SIT Target |\n|-|-|-|\n| 1 | a | Mar 9 |\n")
    assert found.waves[0].targets == {}


@each("text", ["", "# Notes\n\n- a\n", "\r\n"])
def test_another_document_is_a_warning(text: str) -> None:
    found, diagnostics = parse(text)
    assert found is not None
    assert [one.severity for one in diagnostics] == [DiagnosticSeverity.WARNING]
    assert diagnostics[0].at.line == (1 if text else 0)


def test_line_ends_change_nothing() -> None:
    assert document_of(TEXT.replace("\n", "\r\n")) == DOCUMENT


PIECES = st.sampled_from(
    [
        *("# Plans\n", "## Wave 1\n", "## Blockers\n", "- ", "- **a** → b (", "**Prerequisites:**\n", "\n\n", "```\n"),
        *(
            "| # | Project | SIT Target |\n|-|-|-|\n",
            "| Plan | Approval |\n|-|-|\n",
            "| 1 | a | Feb 30 |\n",
            "├─ Mar 99 (x)\n",
        ),
        *("- **x**: $1-2/month (SIT)\n", "$9,,9/month", "2026-02-30", "(", ")", ", ", "→", "due Mar 0", "٣", "|"),
    ]
)


@given(st.lists(st.one_of(PIECES, st.text(max_size=5)), max_size=40).map("".join))
@settings(deadline=None, max_examples=80)
def test_any_text(text: str) -> None:
    source = Source("plans.md", text, len(text), "")
    found, diagnostics = parse_portfolio(source, environments=ENVIRONMENTS)
    places = [one.at for one in diagnostics] + [fact.at for fact in facts(found)]
    assert all(0 <= place.line <= len(source.lines) for place in places)
