"""Reads the layout of the Terraform files of the assessed root."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bbws_readiness.cache.results import kept
from bbws_readiness.fact import Fact, Unknown
from bbws_readiness.memory import read_once
from bbws_readiness.model.formats import FileFormat
from bbws_readiness.parsers.kept import codec
from bbws_readiness.reader import Reader
from bbws_readiness.source import Refused, Source
from bbws_readiness.terraform.diagnostics import Fault

MAX_TEXT = 200_000
"""Characters of a file whose layout is looked at."""


def read_formats(reader: Reader, paths: Iterable[str]) -> Iterator[FileFormat]:
    """The layout of each file in Terraform's own language, in the order given; JSON has none."""
    for path in paths:
        if not path.endswith(".tf"):
            continue
        source = reader.read(path)
        if isinstance(source, Refused):
            yield FileFormat(path, source.at, Fact(Unknown("the file could not be read"), source.at))
            continue
        at = source.at(1)
        yield FileFormat(path, at, Fact(_lines(source), at))


@read_once
@kept("layout", codec)
def _lines(source: Source) -> tuple[int, ...] | Unknown:
    # Only for a file that was not read before.
    from bbws_readiness.terraform.canonical import Uncovered, unformatted_lines

    if len(source.text) > MAX_TEXT:
        return Unknown("the file is too large to compare its layout")
    try:
        return unformatted_lines(source.text)
    except Uncovered as construct:
        return Unknown(f"the layout of {construct} is not compared")
    except Fault:
        return Unknown("the file is not valid configuration")
