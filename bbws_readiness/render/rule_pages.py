"""A page for every rule, ours or a project's: what it asks, why, an example of each, how to fix and how to settle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bbws_readiness.engine.rule import AREAS, Remedy, Rule
from bbws_readiness.render import wording
from bbws_readiness.render.encode.markdown import Markdown, bullets, code, codes, fenced, link, plain, say, table
from bbws_readiness.render.frame import Document

INDEX = "README.md"
LANGUAGES = {
    "tf": "hcl",
    "tfvars": "hcl",
    "yml": "yaml",
    "yaml": "yaml",
    "json": "json",
    "md": "markdown",
    "py": "python",
}
MAX_LINES = 40
"""Lines of one fragment of an example; what is longer ends in `…`."""
OUTCOMES = {"pass": "PASS", "fail": "FAIL", "undetermined": "NOT VERIFIED", "not-applicable": "NOT APPLICABLE"}


@dataclass(frozen=True, slots=True)
class Example:
    """A case of the rule as a reader sees it."""

    name: str
    fragments: tuple[tuple[str, str], ...]
    """Path and text of what the case changes or writes; empty when it takes a project as it is."""
    messages: tuple[str, ...]
    """What the rule says of it."""


@dataclass(frozen=True, slots=True)
class Examples:
    """One case that fails and one that passes, as far as there are any."""

    bad: Example | None = None
    good: Example | None = None


def rule_documents(
    rules: Sequence[Rule], remedies: Mapping[str, Remedy], examples: Mapping[str, Examples], *, index: str = INDEX
) -> tuple[Document, ...]:
    """One page per rule in the order of the rules, then the index, which lists them all."""
    pages = [
        Document(page_name(rule), rule_page(rule, remedies[rule.remedy], examples.get(rule.code, Examples()), index))
        for rule in rules
    ]
    return (*pages, Document(index, rule_index(rules)))


def page_name(rule: Rule) -> str:
    """The file of a rule's page: `TBL001-missing-table.md`."""
    return f"{rule.code}-{rule.slug}.md"


def rule_index(rules: Sequence[Rule], *, folder: str = "") -> str:
    """The list of all rules, area by area; `folder` is where the pages lie, with a slash at its end."""
    parts = [Markdown("# Rules")]
    for area in dict.fromkeys(rule.area for rule in rules):
        rows = [
            (
                link(rule.code, f"{folder}{page_name(rule)}"),
                code(rule.slug),
                rule.name,
                severity_words(rule),
                code(rule.facet),
                wording.owners(rule.owners),
            )
            for rule in rules
            if rule.area == area
        ]
        parts.append(say("## {}", AREAS.get(area, area)))
        parts.append(table(("Code", "Rule", "What is found", "Severity", "Facet", "Owner"), rows))
    return "\n\n".join(parts) + "\n"


def rule_page(rule: Rule, remedy: Remedy, examples: Examples, index: str = INDEX) -> str:
    """The page of one rule."""
    parts = [
        say("# {} {}: {}", Markdown(rule.code), Markdown(rule.slug), rule.name),
        _facts(rule),
        Markdown("## What must hold"),
        plain(rule.holds),
        Markdown("## Why"),
        plain(rule.why),
        *_risk(rule),
        Markdown("## What it reads"),
        bullets(rule.reads),
        *_example("## An example that fails", examples.bad),
        *_example("## An example that passes", examples.good),
        Markdown("## How to fix it"),
        plain(rule.fix),
        *_remedy(remedy),
        Markdown("## How to settle it"),
        plain(rule.settle),
        Markdown("## Settings"),
        *_settings(rule),
        Markdown("## Outcomes"),
        table(
            ("Outcome", "What it says"), [(OUTCOMES.get(key, key), code(text)) for key, text in rule.messages.items()]
        ),
        link("All rules", index),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def severity_words(rule: Rule) -> str:
    """`critical`, or both words of a demand."""
    if rule.severity_unasked and rule.severity_unasked is not rule.severity:
        return f"{rule.severity} when the declared authority asks, {rule.severity_unasked} when none is declared"
    return str(rule.severity)


def _facts(rule: Rule) -> Markdown:
    rows: list[tuple[object, object]] = [
        ("Severity", severity_words(rule)),
        ("Kind", rule.kind.value),
        ("Facet", code(rule.facet)),
        ("Environments", {"any": "all", "shared": "from SIT up", "production": "PROD"}[rule.scope.value]),
        ("Owner", wording.owners(rule.owners)),
        ("Estimate", wording.hours(rule.minutes)),
        ("Check", code(rule.check)),
    ]
    if rule.explained_by:
        rows.append(("Explained by", codes(one.rule for one in rule.explained_by)))
    if not rule.ignorable:
        rows.append(("Can be switched off", "no"))
    return table(("", ""), rows)


def _risk(rule: Rule) -> list[Markdown]:
    return [say("**Risk**: {}", rule.risk.text)] if rule.risk else []


def _example(heading: str, example: Example | None) -> list[Markdown]:
    if example is None:
        return []
    parts = [Markdown(heading), say("Case: {}.", example.name)]
    for path, text in example.fragments:
        lines = text.rstrip("\n").split("\n")
        shown = "\n".join([*lines[:MAX_LINES], *(["…"] if len(lines) > MAX_LINES else [])])
        parts += [say("In {}:", code(path)), fenced(LANGUAGES.get(path.rpartition(".")[2], "text"), shown)]
    return [*parts, Markdown("The rule says:"), bullets(example.messages)]


def _remedy(remedy: Remedy) -> list[Markdown]:
    tasks = bullets(code(task.text) if "{" in task.text else task.text for task in remedy.tasks)
    parts = [say("Action: {}.", code(remedy.title) if "{" in remedy.title else remedy.title), tasks]
    if remedy.options:
        rows = [(option.key, code(option.title) if "{" in option.title else option.title) for option in remedy.options]
        parts += [table(("Option", "What it is"), rows)]
    return parts


def _settings(rule: Rule) -> list[Markdown]:
    able = ["severity", "owners", "minutes", *(["enabled"] if rule.ignorable else [])]
    text = say("In {}, under {}: {}.", code("readiness.yaml"), code(f"rules.{rule.code}"), codes(able))
    rows = [(code(name), kind, code(_value(rule.parameters.get(name)))) for name, kind in rule.parameter_types.items()]
    return [text, table(("Parameter", "Type", "Value"), rows)] if rows else [text, Markdown("It has no parameters.")]


def _value(value: object) -> str:
    match value:
        case None:
            return "not set"
        case bool():
            return str(value).lower()
        case list():
            return f"[{', '.join(map(_value, value))}]"
        case dict():
            return "{" + ", ".join(f"{key}: {_value(one)}" for key, one in value.items()) + "}"
    return str(value)
