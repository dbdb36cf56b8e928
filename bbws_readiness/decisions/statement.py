"""Digests what a finding states, so that a decision on it can tell whether it is still about the same."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator

from bbws_readiness.engine.finding import Finding, Side, Standing
from bbws_readiness.patterns import regex

_NUMBERS = regex(r":[0-9]{1,9}(?::[0-9]{1,9})?(?![\w:])")
"""A line, and a column, when a path or nothing stands before it."""
_TODAY = regex(r"[0-9]{1,6} working days? left before the deployment|the day of the deployment has come")
"""What a message says of the day of the assessment, which changes while the finding stays what it is."""
_LONGEST_PATH = 200


def statement(finding: Finding) -> str:
    """Twelve hex digits that change when what the finding states does: values, not lines, nor the order of files.

    A drift is about two sources, the document and the authority; any other disagreement or demand about all that
    speak, and a defect about who is right as well; a finding without sides about its own words.
    """
    sides = _sides(finding)
    if sides:
        said = [finding.rule.code, finding.subject, sorted(_said(side) for side in sides)]
        if finding.standing is Standing.DEFECT and finding.authority:
            said.append(finding.authority.value)
    else:
        words = (finding.message, finding.expected, finding.actual)
        said = [finding.rule.code, finding.subject, [_placeless(text) for text in words]]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _sides(finding: Finding) -> tuple[Side, ...]:
    if finding.standing is not Standing.DRIFT:
        return finding.sides
    about = (finding.document, finding.authority)
    return tuple(side for side in finding.sides if side.source in about)


def _said(side: Side) -> list[str]:
    return [side.source.value, *_canonical(side), _placeless(side.text)]


def _canonical(side: Side) -> Iterator[str]:
    says = side.says
    yield type(says).__name__
    if isinstance(says, frozenset):
        yield from sorted(says)
    else:
        yield str(says)


def _placeless(text: str) -> str:
    return _NUMBERS.sub(_without_line, _TODAY.sub("", text))


def _without_line(match: re.Match[str]) -> str:
    """Nothing for the line behind `main.tf`, or of `:12` alone; what it is for a time of day and any other figure."""
    before = match.string[max(match.start() - _LONGEST_PATH, 0) : match.start()]
    words = re.split(r"[\s(),;\"'`]", before)
    path = words[-1]
    is_path = ("." in path or "/" in path) and not path[-1].isdigit()
    return "" if is_path or not path else match[0]
