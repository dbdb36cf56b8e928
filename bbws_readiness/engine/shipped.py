"""What the files of rules that travel with this tool say, bound to nothing yet."""

from __future__ import annotations

from msgspec import Struct

from bbws_readiness.engine.checklist import Coverage
from bbws_readiness.engine.rule import Remedy, Rule


class OutsideCheck(Struct, frozen=True):
    """Something that only AWS or GitHub can tell: always NOT VERIFIED, never counted against the verdict."""

    key: str
    needs: str
    text: str
    """With `{placeholders}` of the assessment's figures."""
    when: str
    """What must be there for the question to arise; `bbws_readiness.assess.outside` knows the words."""


class RuleFiles(Struct, frozen=True):
    """What the files say, each list in the order of the file names, or of the file."""

    rules: tuple[Rule, ...]
    remedies: tuple[Remedy, ...]
    outside: tuple[OutsideCheck, ...]
    checklist: tuple[Coverage, ...]
