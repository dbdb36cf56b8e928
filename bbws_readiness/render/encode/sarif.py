"""The encoder for SARIF: messages without links or placeholders but ours, and addresses of files.

Links and placeholders are those of sections 3.11.5 and 3.11.6 of SARIF 2.1.0; addresses those of RFC 3986.
"""

from __future__ import annotations

from urllib.parse import quote

from bbws_readiness.disclosure import disclosed
from bbws_readiness.patterns import regex
from bbws_readiness.render.encode.characters import legible

_IN_LINKS = str.maketrans({letter: f"\\{letter}" for letter in "[]\\"})
_PLACEHOLDER = regex(r"\{(\d{1,9})\}")


def message(text: object) -> str:
    """Words that every viewer shows as they are: no link, no argument, nothing unseen, no secret; line ends stay."""
    shown = legible(disclosed(str(text)), lines=True).replace("](", "] (")
    return _PLACEHOLDER.sub(r"{{\1}}", shown)


def link(words: object, number: int) -> str:
    """A link of a message to the related place of that number."""
    return f"[{message(words).translate(_IN_LINKS)}]({number})"


def address(path: str) -> str:
    """A path as a relative reference: percent-encoded, so that its first segment cannot be read as a scheme."""
    return quote(path.encode("utf-8", "surrogateescape"), safe="/-._~!$&'()*+,;=@") or "."
