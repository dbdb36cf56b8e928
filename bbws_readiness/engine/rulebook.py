"""The rules and remedies of one run, loaded from the files that travel with this tool."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from bbws_readiness.codes import Code
from bbws_readiness.engine.checklist import Coverage
from bbws_readiness.engine.prepared import rule_files_in
from bbws_readiness.engine.rule import Remedy, Rule
from bbws_readiness.engine.shipped import OutsideCheck
from bbws_readiness.engine.signature import Signature, parameter_faults, type_of
from bbws_readiness.errors import RulebookError, near_name
from bbws_readiness.positioned import Node
from bbws_readiness.reader import Reader
from bbws_readiness.source import Location, Source

if TYPE_CHECKING:
    from bbws_readiness.config import Config


class Rulebook(Struct, frozen=True):
    """All rules in the order of the catalogue, all remedies by key, and what lies outside the files."""

    rules: tuple[Rule, ...]
    remedies: Mapping[str, Remedy]
    outside: tuple[OutsideCheck, ...]
    checklist: tuple[Coverage, ...] = ()
    """What answers the items of a plan's checklist, the first that covers an item decides."""
    signatures: Mapping[str, Signature] = field(default_factory=dict)
    """The checks that rules of a project may name, with what each takes."""

    def rule(self, name: str) -> Rule | None:
        """The rule of that code or slug, upper or lower case, or None."""
        wanted = name.casefold()
        return next((rule for rule in self.rules if wanted in (rule.code.casefold(), rule.slug)), None)

    def near(self, name: str) -> str | None:
        """The code or slug that is spelt most like `name`."""
        return near_name(name.casefold(), [rule.slug for rule in self.rules]) or near_name(
            name.upper(), [rule.code for rule in self.rules]
        )

    def configured(self, config: Config) -> Rulebook:
        """This rulebook with the severities, parameters, owners and estimates of the configuration.

        Raises `InvalidConfiguration` for settings of a rule that does not exist, of a parameter that it does not take
        or takes otherwise, and for what a rule that cannot be ignored does not let itself be told.
        """
        from bbws_readiness.engine.settings import Known, configured_remedy, configured_rules, refuse_senseless

        refuse_senseless(Known(self.rules, self.signatures), config)
        return replace(
            self,
            rules=configured_rules(self.rules, config),
            remedies={key: configured_remedy(remedy, config) for key, remedy in self.remedies.items()},
        )


class OwnRules(Struct, frozen=True):
    """What a project brings, beside the rulebook that holds it."""

    book: Rulebook
    """Ours and theirs."""
    nodes: Mapping[str, Node] = field(default_factory=dict)
    """The whole file of each rule of the project, by its code."""
    sources: tuple[Source, ...] = ()
    """The files read, cases not among them."""


def digest(rules: Iterable[Rule]) -> str:
    """Twelve hex digits that differ when the rules ask or say something else."""
    told = [
        (
            *(rule.code, rule.slug, rule.name, rule.title, rule.kind, rule.facet, rule.severity, rule.severity_unasked),
            *(rule.check, rule.by_itself, rule.scope, rule.gating, rule.explained_by),
            *(sorted(rule.messages.items()), sorted(rule.parameters.items())),
        )
        for rule in rules
    ]
    return hashlib.sha256(repr(told).encode()).hexdigest()[:12]


def load_rulebook(
    root: Path,
    checks: Mapping[str, object],
    signatures: Mapping[str, Signature] | None = None,
    *,
    validate: bool = True,
    prepared: Path | None = None,
) -> Rulebook:
    """The rulebook below `root` (the folder that holds `rules/`), each rule bound to a name in `checks`.

    Raises `RulebookError` at the first file that breaks its schema, names an unknown check or remedy, or repeats
    the code of another. `validate` False trusts the files to keep their schemas, as those that travel with this tool
    have been found to; they then need not be read if the folder `prepared` holds what was made of these very files.
    """
    signatures = signatures or {}

    def judge(rule: Rule, node: Node) -> None:
        _require_parameters(with_types(rule, signatures), node, signatures.get(rule.check))

    files = rule_files_in(prepared, root) if prepared and not validate else None
    if files is None:
        from bbws_readiness.engine.rule_files import rule_files

        files = rule_files(Reader(root), judge=judge if validate else None)
    rules = [with_types(rule, signatures) for rule in files.rules]
    remedies = files.remedies
    book = {remedy.key: remedy for remedy in remedies}
    refuse_repeats([(rule.code, rule.at) for rule in rules] + [(rule.slug, rule.at) for rule in rules])
    refuse_repeats([(remedy.key, remedy.at) for remedy in remedies])
    for rule in rules:
        require_names(rule, checks, book)
    for remedy in remedies:
        require_order(remedy, book)
    return Rulebook(
        rules=tuple(sorted(rules, key=lambda rule: rule.order)),
        remedies=book,
        outside=files.outside,
        checklist=files.checklist,
        signatures=signatures,
    )


def with_types(rule: Rule, signatures: Mapping[str, Signature]) -> Rule:
    """The rule with the types of its parameters: what it declares itself, what its check takes, else by example."""
    signature = signatures.get(rule.check)
    by_example = {name: type_of(value) for name, value in rule.parameters.items()}
    types = {**(signature.parameters if signature else by_example), **rule.parameter_types}
    return replace(rule, parameter_types=types)


def require_names(rule: Rule, checks: Mapping[str, object], remedies: Mapping[str, Remedy]) -> None:
    """Raises `RulebookError` when the rule names a check or a remedy that does not exist."""
    for noun, name, known in (("check", rule.check, checks), ("remedy", rule.remedy, remedies)):
        if name not in known:
            near = near_name(name, list(known))
            raise RulebookError(
                f'{rule.code} names the {noun} "{name}", which does not exist',
                at=rule.at,
                hint=f'did you mean "{near}"?' if near else "",
                code=Code.RULE_REFERENCE,
            )


def require_order(remedy: Remedy, remedies: Mapping[str, Remedy]) -> None:
    """Raises `RulebookError` when the remedy comes after one that does not exist."""
    for earlier in remedy.after:
        if not earlier.startswith("every:") and earlier not in remedies:
            near = near_name(earlier, list(remedies))
            raise RulebookError(
                f'remedy {remedy.key} comes after "{earlier}", which does not exist',
                at=remedy.at,
                hint=f'did you mean "{near}"?' if near else "",
                code=Code.RULE_REFERENCE,
            )


def refuse_repeats(names: list[tuple[str, Location]]) -> None:
    """Raises `RulebookError` at the second use of a name."""
    seen: dict[str, Location] = {}
    for name, at in names:
        if name in seen:
            raise RulebookError(
                f'"{name}" is used twice (first at {seen[name]})',
                at=at,
                hint="give it another name",
                code=Code.RULE_TWICE,
            )
        seen[name] = at


def _require_parameters(rule: Rule, node: Node, signature: Signature | None) -> None:
    for fault in parameter_faults(rule.parameters, rule.parameter_types, signature):
        at = node.locate(["parameters", *fault.path])
        raise RulebookError(f"{rule.code}: {fault.text}", at=at, hint=fault.hint)
