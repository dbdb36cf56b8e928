"""The encoder for YAML 1.2: a text as a scalar that reads back as it is, and words of a comment."""

from __future__ import annotations

import re

from bbws_readiness.disclosure import disclosed
from bbws_readiness.patterns import regex
from bbws_readiness.render.encode.characters import legible
from bbws_readiness.render.encode.json import to_json

_BARE = regex(r"(?!(?:null|true|false|yes|no|on|off|y|n|inf|nan)$)[A-Za-z][A-Za-z0-9_/.-]*(?: [A-Za-z0-9_/.-]+)*", re.I)
"""Words that no reader of YAML, of whichever version, takes for anything but a text."""


def scalar(text: str) -> str:
    """The text, in double quotes unless it is surely a plain word; JSON's escapes are YAML's too."""
    return text if _BARE.fullmatch(text) else to_json(text)


def remark(text: str) -> str:
    """Words behind a `#`, on one line."""
    return " ".join(legible(disclosed(text)).split())
