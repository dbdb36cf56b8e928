"""The one style and the one script of every page, and the policy that lets a browser use nothing else."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import lru_cache

from markupsafe import Markup
from msgspec import Struct

from bbws_readiness.render.encode.html import trusted
from bbws_readiness.render.site.pictures.style import PICTURE_STYLE
from bbws_readiness.resources import data_root

DARK = "/* dark */"
"""Where the colours of the dark scheme stand in the style: for who prefers it, and for who has chosen it."""


class Policy(Struct, frozen=True):
    """What stands in the head of every page."""

    content: str
    """The Content-Security-Policy."""
    style: Markup
    script: Markup


@lru_cache(maxsize=1)
def policy() -> Policy:
    """The policy over style and script as the package has them; no page may change them afterwards."""
    folder = data_root() / "templates" / "site"
    style = _style((folder / "style.css").read_text("utf-8"))
    script = (folder / "script.js").read_text("utf-8").strip()
    parts = (
        "default-src 'none'",
        f"style-src '{_hash(style)}'",
        f"script-src '{_hash(script)}'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
    )
    return Policy("; ".join(parts), trusted(style), trusted(script))


def _style(text: str) -> str:
    """With the rules of the pictures, and with the dark colours under both conditions."""
    before, dark, after = text.partition(DARK)
    colours = re.match(r"\s*:root\s*\{(?P<rules>[^}]*)\}", after)
    if not dark or colours is None:
        raise ValueError("style.css has no dark colours")
    preferred = f"@media (prefers-color-scheme: dark) {{ :root:not([data-theme=light]) {{{colours['rules']}}} }}"
    chosen = f":root[data-theme=dark] {{{colours['rules']}}}"
    rest = after[colours.end() :]
    return f"{before}@media screen {{\n{preferred}\n{chosen}\n}}{rest}\n{PICTURE_STYLE}".strip()


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
