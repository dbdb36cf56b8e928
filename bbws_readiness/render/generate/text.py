"""Fills the templates of generated files and snippets: plain text, in which every value stays within its line."""

from __future__ import annotations

import re
import shlex
from functools import lru_cache
from typing import TYPE_CHECKING

from bbws_readiness.render.encode.characters import legible
from bbws_readiness.render.encode.hcl import hcl_comment, hcl_string
from bbws_readiness.render.encode.python import comment
from bbws_readiness.resources import data_root

if TYPE_CHECKING:
    from jinja2 import Environment


def filled(template: str, **values: object) -> str:
    """The template, named from the folder of templates, without empty lines at both ends and with none doubled."""
    text = _environment().get_template(template).render(**values)
    return re.sub(r"\n{4,}", "\n\n\n", text).strip("\n")


@lru_cache(maxsize=1)
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(data_root() / "templates"),
        undefined=StrictUndefined,
        finalize=_one_line,
        autoescape=False,  # noqa: S701 - plain text, not HTML
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(hcl=hcl_string, shell=shlex.quote, comment=comment, hcl_comment=hcl_comment)
    return environment


def _one_line(value: object) -> str:
    """What no filter has quoted stays within its line, whatever it holds."""
    return legible(str(value))
