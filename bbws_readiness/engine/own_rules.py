"""Loads the rules that a project brings itself: data of the same form, held to what data may do.

They are `readiness/rules/*.yaml` with remedies in the same file or in `readiness/remedies/*.yaml`. Such a rule names a
check that has a signature, an area of its own, and placeholders of a closed set; it can replace nothing of ours.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from bbws_readiness.codes import Code
from bbws_readiness.config import FACETS, PolicyFiles
from bbws_readiness.engine import texts
from bbws_readiness.engine.reading import remedy_of, rule_of
from bbws_readiness.engine.rule import AREAS, Remedy, Rule
from bbws_readiness.engine.rule_files import schema_of
from bbws_readiness.engine.rulebook import OwnRules, Rulebook, refuse_repeats, require_names, require_order
from bbws_readiness.engine.signature import Signature, parameter_faults
from bbws_readiness.errors import Diagnostic, InvalidRules, RulebookError, near_name
from bbws_readiness.positioned import Node, read_policy
from bbws_readiness.reader import Reader
from bbws_readiness.schema_check import SchemaCheck
from bbws_readiness.source import Refused, Source

RULES = "readiness/rules"
REMEDIES = "readiness/remedies"
CASES = (".cases.yaml", ".cases.yml")
"""How the names of files end that hold cases beside a rule."""
MOST = 200
"""Files that are read of one folder."""
_MESSAGES = frozenset({"pass", "fail", "undetermined", "not-applicable"})
_OURS_ALONE = frozenset({"snippet", "verifies", "always"})
"""Keys of remedies that only this tool's own may have."""


def with_own_rules(
    book: Rulebook, checks: Mapping[str, object], root: Path, files: PolicyFiles, project: str
) -> OwnRules:
    """The rulebook with the rules that lie in `files` below the folder `project`; `root` holds our own `rules/`.

    Raises `InvalidRules` with everything that is wrong with them.
    """
    loader = _Loader(book, files, project, root)
    remedies = [one for node in loader.nodes(REMEDIES) for one in loader.remedies_of(node)]
    pairs = [(node, one) for node in loader.nodes(RULES) for one in loader.rules_of(node)]
    remedies += [one for _, (_, inline) in pairs for one in inline]
    rules = [rule for _, (rule, _) in pairs]
    loader.give_up()
    merged = {**book.remedies, **{one.key: one for one in remedies}}
    every = (*book.rules, *rules)
    refuse_repeats([(one.key, one.at) for one in (*book.remedies.values(), *remedies)])
    refuse_repeats([(name, one.at) for one in every for name in (one.code, one.slug)])
    for rule in rules:
        require_names(rule, checks, merged)
    for remedy in remedies:
        require_order(remedy, merged)
    for node, (rule, _) in pairs:
        loader.judge(node, rule, merged[rule.remedy], frozenset(one.code for one in every))
    loader.give_up()
    whole = replace(book, rules=tuple(sorted(every, key=lambda rule: rule.order)), remedies=merged)
    return OwnRules(whole, {rule.code: node for node, (rule, _) in pairs}, tuple(loader.sources))


class _Loader:
    """Reads files and collects what is wrong with them."""

    def __init__(self, book: Rulebook, files: PolicyFiles, project: str, root: Path) -> None:
        self._book = book
        self._files = files
        self._prefix = "" if project == "." else f"{project}/"
        self._ours = Reader(root)
        self._problems: list[RulebookError] = []
        self.sources: list[Source] = []

    def give_up(self) -> None:
        """Raises when something was wrong."""
        if self._problems:
            raise InvalidRules(self._problems)

    def nodes(self, folder: str) -> Iterator[Node]:
        """The documents of a folder; a folder that is not there has none, one that is a link is refused."""
        path = f"{self._prefix}{folder}"
        refused = self._files.read(path)
        if isinstance(refused, Refused) and refused.code not in (Code.MISSING, Code.NOT_REGULAR):
            self._problems.append(_refused(replace(refused, at=replace(refused.at, path=folder))))
            return
        names = [name for name in self._files.listdir(path) if _is_document(name)]
        for name in names[:MOST]:
            yield from self._node(f"{folder}/{name}")
        if len(names) > MOST:
            problem = RulebookError(f"{folder} holds more than {MOST} files", hint="merge or remove some")
            self._problems.append(problem)

    def remedies_of(self, node: Node) -> Iterator[Remedy]:
        """The remedy of a file, when it keeps the schema."""
        if self._keeps(node, self._remedy_check):
            yield remedy_of(node)

    def rules_of(self, node: Node) -> Iterator[tuple[Rule, tuple[Remedy, ...]]]:
        """The rule of a file and the remedy that stands in it, when they keep their schemas."""
        if not self._keeps(node, self._rule_check):
            return
        inline = node.get("remedy")
        if inline is None or inline.shape != "mapping":
            yield self._typed(rule_of(node, own=True)), ()
        elif self._keeps(inline, self._inline_check):
            key = str(node.to_python()["slug"])
            yield self._typed(rule_of(node, remedy=key, own=True)), (remedy_of(inline, key=key),)

    def judge(self, node: Node, rule: Rule, remedy: Remedy, codes: frozenset[str]) -> None:
        """Tells what a schema cannot say: areas, facets, kinds, parameters, placeholders."""
        signature = self._book.signatures.get(rule.check)
        if rule.area in AREAS:
            hint = f'choose letters of your own, such as "X{rule.area[:2]}"'
            self._tell(node, ("code",), f'"{rule.area}" is an area of this tool', hint, Code.RULE_AREA)
        if rule.facet not in FACETS:
            near = near_name(rule.facet, FACETS)
            hint = f'did you mean "{near}"?' if near else f"known are {', '.join(FACETS)}"
            self._tell(node, ("facet",), f'there is no facet "{rule.facet}"', hint, Code.RULE_REFERENCE)
        for position, explanation in enumerate(rule.explained_by):
            if explanation.rule not in codes:
                text = f'there is no rule "{explanation.rule}"'
                self._tell(node, ("explained-by", position), text, "", Code.RULE_REFERENCE)
        if signature is None:
            known = f"checks for rules of a project are {', '.join(self._book.signatures)}"
            text = f'the check "{rule.check}" belongs to a rule of this tool'
            self._tell(node, ("check",), text, known, Code.RULE_REFERENCE)
            return
        if rule.kind not in signature.kinds:
            kinds = " or ".join(sorted(signature.kinds))
            self._tell(node, ("kind",), f"a rule of the check {rule.check} is of the kind {kinds}", "")
        for fault in parameter_faults(rule.parameters, signature.parameters, signature):
            self._tell(node, ("parameters", *fault.path), fault.text, fault.hint)
        self._judge_texts(node, rule, remedy, signature)

    def _judge_texts(self, node: Node, rule: Rule, remedy: Remedy, signature: Signature) -> None:
        for key, message in rule.messages.items():
            if key not in _MESSAGES:
                self._tell(
                    node, ("messages", key), f'unknown message "{key}"', f"known are {', '.join(sorted(_MESSAGES))}"
                )
            answered = key in ("pass", "fail")
            allowed = texts.MESSAGE | (signature.says.get(key, frozenset()) if answered else texts.REASON)
            self._judge_text(node, ("messages", key), message, allowed)
        summary = texts.SUMMARY | signature.sums_up
        self._judge_text(node, ("title",), rule.title, summary | {"subjects"})
        if remedy.key in self._book.remedies:
            wanted = frozenset[str]().union(*(texts.placeholders(text) for text in texts.texts_of(remedy))) - summary
            if wanted:
                text = f"the remedy {remedy.key} needs {', '.join(sorted(wanted))}, which this check does not tell"
                self._tell(node, ("remedy",), text, "write a remedy of your own", Code.RULE_REFERENCE)
            return
        for text in texts.texts_of(remedy):
            for told, hint in texts.text_faults(text, summary):
                self._problems.append(RulebookError(f"remedy {remedy.key}: {told}", at=remedy.at, hint=hint))

    def _judge_text(self, node: Node, path: tuple[str, ...], text: str, allowed: frozenset[str]) -> None:
        for told, hint in texts.text_faults(text, allowed):
            self._tell(node, path, told, hint)

    def _tell(self, node: Node, path: tuple[str | int, ...], text: str, hint: str, code: Code = Code.RULE) -> None:
        self._problems.append(RulebookError(text, at=node.locate(path), hint=hint, code=code))

    def _typed(self, rule: Rule) -> Rule:
        signature = self._book.signatures.get(rule.check)
        return replace(rule, parameter_types=signature.parameters if signature else {})

    @cached_property
    def _rule_check(self) -> SchemaCheck:
        schema = schema_of(self._ours, "rules/rule.schema.json")
        del schema["properties"]["parameter-types"]
        return SchemaCheck(schema)

    @cached_property
    def _remedy_check(self) -> SchemaCheck:
        return SchemaCheck(_own_remedy(schema_of(self._ours, "rules/remedy.schema.json"), inline=False))

    @cached_property
    def _inline_check(self) -> SchemaCheck:
        return SchemaCheck(_own_remedy(schema_of(self._ours, "rules/remedy.schema.json"), inline=True))

    def _keeps(self, node: Node, check: SchemaCheck) -> bool:
        faults = check.faults(node)
        self._problems += [RulebookError(one.summary, at=one.at, hint=one.detail) for one in faults]
        return not faults

    def _node(self, path: str) -> Iterator[Node]:
        read = self._files.read(f"{self._prefix}{path}")
        if isinstance(read, Refused):
            self._problems.append(_refused(replace(read, at=replace(read.at, path=path))))
            return
        source = replace(read, path=path)
        self.sources.append(source)
        node = read_policy(source)
        if isinstance(node, Diagnostic):
            self._problems.append(RulebookError(node.summary, at=node.at, hint=node.detail, code=node.code))
            return
        yield node


def _is_document(name: str) -> bool:
    return name.endswith((".yaml", ".yml")) and not name.endswith(CASES)


def _refused(refused: Refused) -> RulebookError:
    return RulebookError(refused.summary, at=refused.at, hint=refused.detail, code=refused.code)


def _own_remedy(schema: dict[str, Any], *, inline: bool) -> dict[str, Any]:
    """The schema of a remedy without the keys that only ours may have; one that stands in a rule has no key."""
    own = copy.deepcopy(schema)
    for properties in (own["properties"], own["properties"]["tasks"]["items"]["properties"]):
        for key in _OURS_ALONE & set(properties):
            del properties[key]
    if inline:
        del own["properties"]["key"]
        own["required"] = ["title", "tasks"]
    return own
