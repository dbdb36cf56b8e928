"""Which cases there are: those of a project's own rules, and, in a checkout of this tool, those of ours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import Struct, field

from bbws_readiness.codes import Code
from bbws_readiness.engine.own_rules import CASES, RULES
from bbws_readiness.engine.rulebook import OwnRules, Rulebook
from bbws_readiness.errors import Diagnostic, RulebookError
from bbws_readiness.positioned import Node, read_yaml
from bbws_readiness.reader import PLAN_JSON as PLAN_LIMITS
from bbws_readiness.reader import Reader
from bbws_readiness.resources import data_root
from bbws_readiness.rule_cases.case import Case, cases_of
from bbws_readiness.rule_cases.prepare import Texts, broken
from bbws_readiness.source import Refused

SHIPPED = "tests/rules"
"""Where the cases of our own rules lie in a checkout of this tool; they are no part of the installed package."""
NEAR_MISSES = "tests/near_misses"
"""Where those of them lie that look wrong and are right."""
_FOR_SHIPPED = "shipments"


class Suite(Struct, frozen=True):
    """Cases with the projects that they begin with."""

    book: Rulebook
    """Without the settings of a configuration: each case has its own."""
    cases: tuple[Case, ...]
    reader: Reader
    """Of the folder in which `base` lies, or `projects` and `plans`."""
    own: bool
    """The cases belong to the rules of a project."""
    _texts: dict[str, Texts] = field(default_factory=dict)

    def start(self, case: Case) -> Texts:
        """The files that the case begins with; raises `RulebookError` when there are none where it says."""
        if not self.own:
            return self._folder(case, f"projects/{case.data.get('project', _FOR_SHIPPED)}")
        if "project" in case.data:
            raise broken(case, "`project` names the projects of this tool; write `base`")
        return self._folder(case, case.data["base"]) if "base" in case.data else {}

    def plan(self, case: Case) -> str | None:
        """The text of the plan that the case hands in, when that is no file of the project."""
        if self.own or "plan-json" not in case.data:
            return None
        plans = Reader(self.reader.root / "plans", limits=PLAN_LIMITS)
        found = plans.read(f"{case.data['plan-json']['file']}.json")
        if isinstance(found, Refused):
            raise broken(case, f"the plan cannot be read: {found.summary}")
        return found.text

    def of(self, code: str) -> tuple[Case, ...]:
        """The cases of one rule, in order."""
        return tuple(case for case in self.cases if case.code == code)

    def _folder(self, case: Case, folder: str) -> Texts:
        folder = folder.strip("/").removeprefix("./") or "."
        if folder not in self._texts:
            self._texts[folder] = _texts_of(self.reader, folder)
        if not self._texts[folder]:
            raise broken(case, f"there is nothing in the folder {folder}")
        return self._texts[folder]


def own_suite(own: OwnRules, project: Path) -> Suite:
    """The cases of the rules of the project in the folder; raises `RulebookError` at the first that is wrong."""
    reader = Reader(project)
    found = [case for code, node in own.nodes.items() for case in cases_of(node, code)]
    for name in reader.listdir(RULES):
        if name.endswith(CASES):
            found += _beside(reader, f"{RULES}/{name}", own.nodes)
    _refuse_twins(found)
    return Suite(own.book, tuple(found), reader, own=True)


def shipped_suite(book: Rulebook, only: str = "") -> Suite | None:
    """The cases of our own rules, or of the rule with the code `only`; None where this tool is installed without."""
    folder = data_root() / SHIPPED
    if not (folder / "cases").is_dir():
        return None
    reader = Reader(folder)
    found = [*_shipped(reader, "cases", only), *_shipped(Reader(data_root() / NEAR_MISSES), ".", only)]
    return Suite(book, tuple(found), reader, own=False)


def _shipped(reader: Reader, folder: str, only: str) -> Iterator[Case]:
    """The cases in the files of a folder, each of which is called by its rule; of the rule `only`, or of all."""
    for name in reader.listdir(folder):
        code = name.partition(".")[0].partition("-")[0]
        if name.endswith(".yaml") and only in ("", code):
            yield from cases_of(_node(reader, name if folder == "." else f"{folder}/{name}"), code)


def _beside(reader: Reader, path: str, nodes: Mapping[str, Node]) -> list[Case]:
    """The cases in a file beside its rule, which begins with the same name."""
    stem = next(path.removesuffix(end) for end in CASES if path.endswith(end))
    codes = [code for code, node in nodes.items() if node.at.path.rpartition(".")[0] == stem]
    node = _node(reader, path)
    if not codes:
        name = stem.rpartition("/")[2]
        raise RulebookError(
            f"there is no rule beside these cases, {name}.yaml", at=node.at, hint="rename one", code=Code.RULE_CASE
        )
    return list(cases_of(node, codes[0]))


def _node(reader: Reader, path: str) -> Node:
    source = reader.read(path)
    if isinstance(source, Refused):
        raise RulebookError(source.summary, at=source.at, hint=source.detail, code=source.code)
    node = read_yaml(source, max_aliases=0)
    if isinstance(node, Diagnostic):
        raise RulebookError(node.summary, at=node.at, hint=node.detail, code=node.code)
    return node


def _texts_of(reader: Reader, folder: str) -> Texts:
    """Every file below the folder that can be read, by its path from there."""
    prefix = "" if folder == "." else f"{folder}/"
    texts = {}
    for path in reader.walk().files:
        if path.startswith(prefix):
            read = reader.read(path)
            if not isinstance(read, Refused):
                texts[path.removeprefix(prefix)] = read.text
    return texts


def _refuse_twins(cases: list[Case]) -> None:
    seen: set[tuple[str, str]] = set()
    for case in cases:
        if (case.code, case.name) in seen:
            raise broken(case, "another case of the rule has this name")
        seen.add((case.code, case.name))
