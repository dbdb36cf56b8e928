"""The rulebook as a whole: every rule is told, worded, ordered and shown by cases; a mistake is told with its line."""

import shutil
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from string import Formatter
from tempfile import TemporaryDirectory

import pytest

from bbws_readiness.assess.wording import OF_FINDINGS, common_values
from bbws_readiness.checks import CHECKS, SIGNATURES
from bbws_readiness.config import Config
from bbws_readiness.engine.rule import AREAS, Remedy, Rule
from bbws_readiness.engine.rulebook import load_rulebook
from bbws_readiness.engine.run import run_rules
from bbws_readiness.errors import RulebookError
from bbws_readiness.model.model import Model
from bbws_readiness.parsers.assemble import build_model
from bbws_readiness.project import discover
from bbws_readiness.resources import data_root
from bbws_readiness.rule_cases.prepare import prepare
from bbws_readiness.rule_cases.run import answer as answer_to
from bbws_readiness.rule_cases.run import posed
from bbws_readiness.rulebooks import shipped_rulebook
from tests.cases import each
from tests.rules.cases import PROJECTS, all_cases, suite

BOOK = shipped_rulebook()
RULES = BOOK.rules
REMEDIES = tuple(BOOK.remedies.values())

OWN_REASONS = {"ENV001": {"file"}}
"""Rules whose check words every undetermined answer itself, with the values that it gives."""

COMMON = frozenset(common_values(Model("sit", ("sit",)), "", ""))
"""What every text may name beside the summaries of its rules."""

ALWAYS = {"reason", "subject", "expected", "actual", "environment", "place"}
"""Values that the engine gives to every message, and the reason that stands where a check gives no answer."""


def fields(text: str) -> set[str]:
    """The placeholders of a text; raises when a brace is not closed."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@cache
def summaries() -> dict[str, frozenset[str]]:
    """The summary keys of every rule on the projects that together have every kind of input and resource."""
    config = Config()
    found: dict[str, frozenset[str]] = {}
    for project in ("shipments", "buckets", "invoices", "access"):
        model = build_model(discover(PROJECTS / project, config), "sit")
        for answer in run_rules(model, BOOK, CHECKS, config, date(2026, 3, 4)):
            found[answer.rule.code] = found.get(answer.rule.code, frozenset()) | frozenset(answer.summary)
    # The rules of the portfolio have nothing to say of a project alone.
    for rule in RULES:
        if rule.area == "POR":
            case = next(case for case in suite().of(rule.code) if "fail" in case.outcomes)
            with TemporaryDirectory() as folder:
                about = posed(case, prepare(case, Path(folder), suite().start(case)))
                found[rule.code] = frozenset(answer_to(case, about, BOOK).summary)
    return found


def texts(remedy: Remedy) -> Iterator[str]:
    yield from (remedy.title, remedy.question, remedy.deliverable, *(task.text for task in remedy.tasks))
    for option in remedy.options:
        yield from (option.title, option.changes, option.pro, option.con, option.irreversible, *option.tasks)


@each("rule", RULES, ids=lambda rule: rule.code)
def test_rule_file_is_named_for_the_fault(rule: Rule) -> None:
    assert rule.at.path == f"rules/{rule.code}-{rule.slug}.yaml"
    assert rule.area in AREAS


@each("rule", RULES, ids=lambda rule: rule.code)
def test_rule_fits_one_screen(rule: Rule) -> None:
    assert len((data_root() / rule.at.path).read_text().splitlines()) <= 60


def test_files_keep_their_schemas() -> None:
    assert load_rulebook(data_root(), CHECKS, SIGNATURES) == BOOK, "a run trusts these files; here they are checked"


def test_rules_that_keep_a_verdict_honest_cannot_be_ignored() -> None:
    assert {rule.code for rule in RULES if not rule.ignorable} >= {"TFC001", "TBL005", "ENV005"}


def test_of_these_only_a_replacing_change_can_be_decided() -> None:
    assert [rule.code for rule in RULES if rule.decidable and not rule.ignorable] == ["TBL005"]
    assert not [rule.code for rule in RULES if rule.ignorable and not rule.decidable]


def test_every_case_is_about_a_rule() -> None:
    assert {case.code for case in all_cases()} <= {rule.code for rule in RULES}


def test_case_names_are_told_apart() -> None:
    names = [(case.code, case.name) for case in all_cases()]
    assert len(names) == len(set(names))


@each("rule", RULES, ids=lambda rule: rule.code)
def test_answers_without_a_subject_can_be_worded(rule: Rule) -> None:
    assert fields(rule.messages["undetermined"]) <= ALWAYS | OWN_REASONS.get(rule.code, set())
    assert fields(rule.messages["not-applicable"]) <= ALWAYS
    for message in rule.messages.values():
        fields(message)


@each("rule", RULES, ids=lambda rule: rule.code)
def test_title_is_filled_by_the_summary(rule: Rule) -> None:
    assert fields(rule.title) <= summaries()[rule.code] | COMMON | {"subjects"}


@each("remedy", REMEDIES, ids=lambda remedy: remedy.key)
def test_remedy_is_filled_by_every_rule_that_names_it(remedy: Remedy) -> None:
    wanted = set().union(*(fields(text) for text in texts(remedy))) - COMMON - OF_FINDINGS
    for rule in RULES:
        if rule.remedy == remedy.key:
            missing = wanted - summaries()[rule.code]
            assert not missing, f"{rule.code} does not fill {missing} of the remedy {remedy.key}"


@each("remedy", REMEDIES, ids=lambda remedy: remedy.key)
def test_remedy_is_used(remedy: Remedy) -> None:
    generic = remedy.always or remedy.key == "unknown-facts"
    assert generic or any(rule.remedy == remedy.key for rule in RULES)


@each("remedy", REMEDIES, ids=lambda remedy: remedy.key)
def test_remedy_names_tasks_and_snippets_that_exist(remedy: Remedy) -> None:
    assert len({task.key for task in remedy.tasks}) == len(remedy.tasks)
    assert len({option.key for option in remedy.options}) == len(remedy.options)
    for task in remedy.tasks:
        assert not task.snippet or (data_root() / "templates" / "snippets" / task.snippet).is_file()


def test_remedies_of_compared_rules_offer_ways_out() -> None:
    for rule in RULES:
        remedy = BOOK.remedies[rule.remedy]
        if rule.kind.value == "compare" and remedy.phase == "decide":
            assert len(remedy.options) > 1, f"{remedy.key} leaves no choice"
            assert remedy.question


def test_order_of_remedies_has_no_circle() -> None:
    def before(key: str, seen: tuple[str, ...]) -> None:
        assert key not in seen, f"{' -> '.join((*seen, key))}"
        for earlier in BOOK.remedies[key].after:
            if not earlier.startswith("every:"):
                before(earlier, (*seen, key))

    for key in BOOK.remedies:
        before(key, ())


def test_a_remedy_that_replaces_a_table_says_so() -> None:
    for key in ("names", "keys"):
        warnings = " ".join(option.irreversible for option in BOOK.remedies[key].options)
        assert "replaces" in warnings
        assert "data" in warnings


def test_explanations_name_rules() -> None:
    for rule in RULES:
        for explanation in rule.explained_by:
            assert BOOK.rule(explanation.rule), f"{rule.code} is explained by {explanation.rule}, which does not exist"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "severity: critical",
            "severity: fatal",
            'rules/TBL001-missing-table.yaml:7:1: severity: expected one of critical, high, medium, low; found "fatal"',
        ),
        ("remedy: tables", "remedy: tabels", 'names the remedy "tabels", which does not exist; did you mean "tables"?'),
        ("check: missing-tables", "check: missing-table", 'did you mean "missing-tables"?'),
        ("code: TBL001", "code: TBX001", 'rules/TBL001-missing-table.yaml:1:1: "TBX" is no rule area'),
        ("slug: missing-table", "slug: count-differs", '"count-differs" is used twice'),
        ("kind: compare", "kind: compare\nkinds: x", 'unknown key "kinds"; did you mean "kind"?'),
        ("kind: compare\n", "", 'the file needs the key "kind"'),
        ("code: TBL001", "code: [TBL001", "rules/TBL001-missing-table.yaml:2"),
    ],
)
def test_mistake_is_told_with_its_line(tmp_path: Path, old: str, new: str, told: str) -> None:
    shutil.copytree(data_root() / "rules", tmp_path / "rules")
    path = tmp_path / "rules" / "TBL001-missing-table.yaml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    with pytest.raises(RulebookError) as raised:
        load_rulebook(tmp_path, CHECKS)
    assert told in str(raised.value)
    assert raised.value.at is not None
    assert raised.value.at.line > 0


def test_edge_to_a_remedy_that_does_not_exist(tmp_path: Path) -> None:
    shutil.copytree(data_root() / "rules", tmp_path / "rules")
    path = tmp_path / "rules" / "remedies" / "backup.yaml"
    path.write_text(path.read_text().replace("after: [tables, names]", "after: [tables, name]"))
    with pytest.raises(RulebookError, match='comes after "name", which does not exist; did you mean "names"'):
        load_rulebook(tmp_path, CHECKS)
