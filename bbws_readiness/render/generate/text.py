"""Fills the templates of generated files and snippets: plain text, in which every value stays within its line."""

from __future__ import annotations

import re
import shlex
from functools import lru_cache

from bbws_readiness.render.encode.characters import legible
from bbws_readiness.render.encode.hcl import hcl_comment, hcl_string
from bbws_readiness.render.encode.python import comment
from bbws_readiness.render.templates import TEXTS, Templates


def filled(template: str, **values: object) -> str:
    """The template, named from the folder of templates, without empty lines at both ends and with none doubled."""
    text = _templates().fill(template, values)
    return re.sub(r"\n{4,}", "\n\n\n", text).strip("\n")


@lru_cache(maxsize=1)
def _templates() -> Templates:
    """Plain text, neither HTML nor Markdown."""
    filters = {"hcl": hcl_string, "hcl_comment": hcl_comment, "shell": shlex.quote, "comment": comment}
    return Templates(TEXTS, _one_line, filters)


def _one_line(value: object) -> str:
    """What no filter has quoted stays within its line, whatever it holds."""
    return legible(str(value))
