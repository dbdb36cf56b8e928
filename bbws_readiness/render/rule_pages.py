"""A page for every rule, ours or a project's: what it asks, why, an example of each, how to fix and how to settle."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from msgspec import Struct

from bbws_readiness.engine.rule import AREAS, Remedy, Rule
from bbws_readiness.engine.signature import TYPES
from bbws_readiness.render import wording
from bbws_readiness.render.encode.markdown import Markdown, bullets, code, codes, fenced, link, plain, say, table
from bbws_readiness.render.frame import Document
from bbws_readiness.render.wording import counted

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
INTRODUCTION = """{}, by area. Where two severities stand, the first holds when the declared authority asks, the second
when none is declared. A rule of the kind *compare* holds sources against each other, *demand* asks whether something
is there that plan, schema or configuration ask for, *alone* finds what is wrong whatever the documents say, and *self*
finds documents that contradict themselves. A fact that cannot be told is NOT VERIFIED, never a pass."""
MAX_LINES = 30
"""Lines of one fragment of an example; what is longer ends in `…`."""
MOST_MESSAGES = 5
"""What the rule says of one example beyond these is counted."""
OUTCOMES = {"pass": "PASS", "fail": "FAIL", "undetermined": "NOT VERIFIED", "not-applicable": "NOT APPLICABLE"}


KINDS = {
    "compare": "compare: sources that should say the same",
    "demand": "demand: what somebody asks for",
    "alone": "alone: what is wrong whatever the documents say",
    "self": "self: what a document says about itself",
}


class Fragment(Struct, frozen=True):
    """A part of a file of an example."""

    path: str
    text: str
    how: str = ""
    """`is changed` or `is removed` (the text is a difference), `is new`, `from line 3`; empty: the whole file."""


class Example(Struct, frozen=True):
    """A case of the rule as a reader sees it."""

    name: str
    fragments: tuple[Fragment, ...]
    """What the case changes or writes, or what stands where the rule looks."""
    messages: tuple[str, ...]
    """What the rule says of it, one line each."""
    circumstances: tuple[str, ...] = ()
    """What else matters, in sentences: environment, day, git."""


class NearMiss(Struct, frozen=True):
    """A case that looks wrong and is right."""

    name: str
    looks_wrong: str
    is_right: str


class Examples(Struct, frozen=True):
    """One case that fails and one that passes, as far as there are any, with every near miss."""

    bad: Example | None = None
    good: Example | None = None
    near_misses: tuple[NearMiss, ...] = ()


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
    parts = [Markdown("# Rules"), say(INTRODUCTION, counted(len(rules), "rule"))]
    for area in dict.fromkeys(rule.area for rule in rules):
        rows = [_index_row(rule, folder) for rule in rules if rule.area == area]
        parts.append(say("## {}", AREAS.get(area, area)))
        parts.append(table(("Code", "Rule", "What must hold", "Severity", "Kind", "Facet", "Owner"), rows))
    return "\n\n".join(parts) + "\n"


def _index_row(rule: Rule, folder: str) -> tuple[object, ...]:
    severities = dict.fromkeys((rule.severity, rule.severity_unasked or rule.severity))
    return (
        link(rule.code, f"{folder}{page_name(rule)}"),
        code(rule.slug),
        _first_sentence(rule.holds),
        " / ".join(str(one) for one in severities),
        rule.kind.value,
        code(rule.facet),
        wording.owners(rule.owners),
    )


def _first_sentence(text: str) -> str:
    words = " ".join(text.split())
    return re.split(r"(?<=[.!?])\s+(?=[A-Z])", words, maxsplit=1)[0]


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
        *_example("## An example that fails", examples.bad, "FAIL"),
        *_example("## An example that passes", examples.good, "PASS"),
        *_near_misses(examples.near_misses),
        Markdown("## How to fix it"),
        plain(rule.fix),
        *_remedy(remedy),
        Markdown("## How to settle it"),
        plain(rule.settle),
        *_waiver(rule),
        Markdown("## Settings"),
        *_settings(rule),
        Markdown("## Outcomes"),
        Markdown("What stands in braces is filled in for each finding; a name in code is another wording of these."),
        table(
            ("Outcome", "What it says"),
            [(OUTCOMES.get(key, code(key)), code(text)) for key, text in rule.messages.items()],
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
        ("Kind", KINDS[rule.kind.value]),
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
    return table(("Code", rule.code), rows)


def _risk(rule: Rule) -> list[Markdown]:
    return [say("**Risk**: {}", rule.risk.text)] if rule.risk else []


def _example(heading: str, example: Example | None, outcome: str) -> list[Markdown]:
    if example is None:
        return []
    parts = [Markdown(heading), say("Case: *{}*.", example.name), *map(plain, example.circumstances)]
    for fragment in example.fragments:
        parts += _fragment(fragment)
    said = [f"{outcome}  {message}" for message in example.messages[:MOST_MESSAGES]]
    if (more := len(example.messages) - MOST_MESSAGES) > 0:
        said.append(f"… and {more} more")
    return [*parts, Markdown("What the rule says:"), fenced("text", "\n".join(said))]


def _near_misses(near_misses: Sequence[NearMiss]) -> list[Markdown]:
    if not near_misses:
        return []
    rows = [(plain(one.name), plain(one.looks_wrong), plain(one.is_right)) for one in near_misses]
    return [Markdown("## Looks wrong, is right"), table(("Case", "Looks wrong", "Is right"), rows)]


def _fragment(fragment: Fragment) -> list[Markdown]:
    if not fragment.text:
        return [say("{} is empty.", code(fragment.path))]
    difference = fragment.how in ("is changed", "is removed")
    language = "diff" if difference else LANGUAGES.get(fragment.path.rpartition(".")[2], "text")
    lines = fragment.text.rstrip("\n").split("\n")
    shown = "\n".join([*lines[:MAX_LINES], *(["…"] if len(lines) > MAX_LINES else [])])
    how = f" {fragment.how}" if fragment.how.startswith("is") else f", {fragment.how}" if fragment.how else ""
    return [say("{}{}:", code(fragment.path), Markdown(how)), fenced(language, shown)]


def _remedy(remedy: Remedy) -> list[Markdown]:
    parts = [say("Action: {}.", _open(remedy.title)), bullets(_open(task.text) for task in remedy.tasks)]
    if remedy.options:
        parts += [table(("Option", "What it is"), [(one.key, _open(one.title)) for one in remedy.options])]
    return parts


def _open(text: str) -> Markdown:
    """A text of a remedy whose placeholders are seen to be such."""
    return code(text) if "{" in text and "`" in text else plain(re.sub(r"\{\w+\}", r"`\g<0>`", text))


def _waiver(rule: Rule) -> list[Markdown]:
    """How a waiver for the rule is written, where there can be one."""
    if not rule.ignorable:
        return [Markdown("It keeps the verdict honest: it can neither be waived in a comment nor be switched off.")]
    by = (rule.owners or ("lead",))[0].lower()
    waiver = f'# readiness: ignore[{rule.slug}] until=2026-12-31 by="{by}" reason="..."'
    return [
        Markdown(
            "Until a day, a comment at the place of the finding waives it (in Markdown between `<!--` and `-->`):"
        ),
        fenced("text", waiver),
    ]


def _settings(rule: Rule) -> list[Markdown]:
    able = ["severity", "owners", "minutes", *(["enabled"] if rule.ignorable else [])]
    text = say("In {}, under {}: {}.", code("readiness.yaml"), code(f"rules.{rule.code}"), codes(able))
    rows = [
        (code(name), TYPES[kind][0] if kind in TYPES else kind, _default(rule.parameters.get(name)))
        for name, kind in rule.parameter_types.items()
    ]
    return [text, table(("Parameter", "Type", "Default"), rows)] if rows else [text, Markdown("It has no parameters.")]


def _default(value: object) -> Markdown:
    return Markdown("not set") if value is None else code(_value(value))


def _value(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case list():
            return f"[{', '.join(map(_value, value))}]"
        case dict():
            return "{" + ", ".join(f"{key}: {_value(one)}" for key, one in value.items()) + "}"
    return str(value)
