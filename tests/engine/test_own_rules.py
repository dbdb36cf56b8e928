"""Rules of a project: what they may say, and how everything else is told with its place."""

import re
import shutil
from pathlib import Path

import pytest

from bbws_readiness.assess.wording import common_values
from bbws_readiness.config import Config
from bbws_readiness.config.base import load_config_of_base
from bbws_readiness.engine.texts import SUMMARY
from bbws_readiness.errors import InvalidRules, RulebookError
from bbws_readiness.model.model import Model
from bbws_readiness.rulebooks import project_rules
from tests.checkouts import commit, git

EXAMPLE = Path(__file__).parents[2] / "examples" / "custom_rules"
RULE = "readiness/rules/ACM001-foreign-name.yaml"
REMEDY = "readiness/remedies/log-retention.yaml"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return shutil.copytree(EXAMPLE, tmp_path / "project")


def refused(project: Path) -> str:
    with pytest.raises(RulebookError) as raised:
        project_rules(project, Config())
    problems = getattr(raised.value, "problems", (raised.value,))
    return "\n".join(problem.line for problem in problems)


def test_rules_stand_beside_ours(project: Path) -> None:
    own = project_rules(project, Config())
    rules = [rule for rule in own.book.rules if rule.own]
    assert [rule.code for rule in rules] == ["ACM001", "ACM002", "ACM003", "ACM004"]
    assert [rule.remedy for rule in rules] == ["foreign-name", "log-retention", "foreign-region", "unpinned-action"]
    assert own.book.rules[-4:] == tuple(rules)
    assert [source.path for source in own.sources if "ACM001" in source.path] == [RULE]


def test_a_project_without_rules_has_ours(tmp_path: Path) -> None:
    own = project_rules(tmp_path, Config())
    assert not any(rule.own for rule in own.book.rules)
    assert own.sources == ()


@pytest.mark.parametrize(
    ("path", "old", "new", "told"),
    [
        (RULE, "code: ACM001", "code: TBL901", f'E314: {RULE}:1:1: "TBL" is an area of this tool'),
        (
            RULE,
            "slug: foreign-name",
            "slug: missing-table",
            'E310: readiness/rules/ACM001-foreign-name.yaml:1:1: "missing-table" is used twice',
        ),
        (
            RULE,
            "check: matches",
            "check: match",
            f'E309: {RULE}:1:1: ACM001 names the check "match", which does not exist; did you mean "matches"?',
        ),
        (
            RULE,
            "check: matches",
            "check: missing-tables",
            f'E309: {RULE}:9:1: the check "missing-tables" belongs to a rule of this tool',
        ),
        (RULE, "facet: naming", "facet: namin", f'E309: {RULE}:6:1: there is no facet "namin"; did you mean "naming"?'),
        (
            RULE,
            "kind: alone",
            "kind: compare",
            f"E308: {RULE}:5:1: a rule of the check matches is of the kind alone or self",
        ),
        (
            RULE,
            "severity: medium",
            "severity: grave",
            f'E308: {RULE}:7:1: severity: expected one of critical, high, medium, low; found "grave"',
        ),
        (
            RULE,
            "  field: full_name",
            "  field: ful_name",
            f'E308: {RULE}:12:3: a table has no field "ful_name"; did you mean "full_name"?',
        ),
        (RULE, 'pattern: "acme-.*"', 'pattern: "(?<=a)"', f"E308: {RULE}:13:3: not a regular expression of RE2"),
        (RULE, "kind: alone", "kind: alone\ncommand: rm", f'{RULE}:6:1: unknown key "command"'),
        (RULE, "kind: alone", "kind: alone\nparameter-types: {}", f'{RULE}:6:1: unknown key "parameter-types"'),
        (
            RULE,
            "is called {actual}",
            "is called {actual.__class__}",
            f'E308: {RULE}:20:3: "{{actual.__class__}}" is no plain placeholder',
        ),
        (
            RULE,
            "is called {actual}",
            "is called {actual:>99999999}",
            f'{RULE}:20:3: "{{actual}}" is no plain placeholder',
        ),
        (RULE, "is called {actual}", "is called {actual!r}", f'{RULE}:20:3: "{{actual}}" is no plain placeholder'),
        (RULE, "is called {actual}", "is called {actual", f"{RULE}:20:3: a brace is opened or closed alone"),
        (
            RULE,
            "is called {actual}",
            "is called {actuall}",
            f'{RULE}:20:3: there is no placeholder "actuall" here; did you mean "actual"?',
        ),
        (
            RULE,
            "prefix: {failed}",
            "prefix: {faild}",
            f'{RULE}:4:1: there is no placeholder "faild" here; did you mean "failed"?',
        ),
        (
            RULE,
            "Find out whether {failed}",
            "Find out whether {secrets}",
            'remedy foreign-name: there is no placeholder "secrets" here',
        ),
        (RULE, "  phase: decide", "  phase: decide\n  verifies: [AWS]", 'unknown key "verifies"'),
        (RULE, "{key: data, text:", "{key: data, snippet: backup.tf.j2, text:", 'unknown key "snippet"'),
        (
            RULE,
            "  phase: decide",
            "  phase: decide\n  after: [tabels]",
            'remedy foreign-name comes after "tabels", which does not exist; did you mean "tables"?',
        ),
        (REMEDY, "key: log-retention", "key: tables", '"tables" is used twice'),
        (REMEDY, "phase: build", "phase: build\nalways: true", f'E308: {REMEDY}:4:1: unknown key "always"'),
        (
            "readiness/rules/ACM002-short-log-retention.yaml",
            "remedy: log-retention",
            "remedy: tables",
            "the remedy tables needs",
        ),
        (RULE, "code: ACM001", "code: [ACM001", f"E401: {RULE}"),
        (RULE, "code: ACM001", "code: &code ACM001\nname: *code", "E404"),
    ],
)
def test_mistake_is_told_with_its_place(project: Path, path: str, old: str, new: str, told: str) -> None:
    file = project / path
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))
    assert told in refused(project)


def test_all_mistakes_are_told_at_once(project: Path) -> None:
    for path in (project / "readiness" / "rules").glob("ACM00?-*[a-z].yaml"):
        path.write_text(path.read_text().replace("facet:", "facet: no-such-facet #"))
    with pytest.raises(InvalidRules) as raised:
        project_rules(project, Config())
    assert len(raised.value.problems) == 4


@pytest.mark.parametrize("folder", ["readiness", "readiness/rules", "readiness/remedies"])
def test_a_link_is_told_and_not_followed(project: Path, folder: str) -> None:
    moved = project.parent / "elsewhere"
    (project / folder).rename(moved)
    (project / folder).symlink_to(moved, target_is_directory=True)
    assert re.search(r"E10[23]: readiness", refused(project))


def test_with_a_base_the_rules_are_those_of_the_base(project: Path) -> None:
    git(project, "init", "-q", "-b", "main")
    base = commit(project, {})
    (project / RULE).unlink()
    (project / REMEDY).write_text("not: valid\n")
    config = load_config_of_base(project, base)
    own = project_rules(project, config)
    assert [rule.code for rule in own.book.rules if rule.own] == ["ACM001", "ACM002", "ACM003", "ACM004"]
    assert config.policy
    assert {change.name for change in config.policy.changes} >= {RULE, REMEDY}


def test_texts_may_name_every_figure_of_the_assessment() -> None:
    assert frozenset(common_values(Model("sit", ("sit",)), "", "")) == SUMMARY
