"""`csvdecode`: CSV as RFC 4180 and Go have it, which is stricter than Python's."""

from __future__ import annotations

from bbws_readiness.patterns import regex
from bbws_readiness.terraform.functions.spec import FunctionError
from bbws_readiness.terraform.limits import check_elements
from bbws_readiness.terraform.values import Value, list_of, object_of, string

_FIELD = regex(r'"((?:[^"]|"")*+)"(?=,|\n|\Z)|([^",\n]*)(?=,|\n|\Z)')


def from_csv(text: str) -> Value:
    """A list of objects, one for every line but the first. Raises `FunctionError`."""
    rows = _rows(text)
    if not rows:
        raise FunctionError("the header line is missing")
    header = rows[0]
    if len(set(header)) < len(header):
        raise FunctionError("two columns have the same name")
    check_elements(len(header))
    for row in rows:
        if len(row) != len(header):
            raise FunctionError(f"a line has {len(row)} fields, the header {len(header)}")
    kind = object_of({name: string("") for name in header}).type
    return list_of(kind, [object_of(dict(zip(header, map(string, row), strict=True))) for row in rows[1:]])


def _rows(text: str) -> list[list[str]]:
    # Only at the end of a line a carriage return is none of the text.
    text = text.replace("\r\n", "\n").removesuffix("\r")
    rows: list[list[str]] = []
    position = 0
    while position < len(text):
        if text[position] == "\n":
            position += 1
            continue
        row: list[str] = []
        while True:
            match = _FIELD.match(text, position)
            if match is None:
                raise FunctionError("not valid CSV")
            row.append(match[2] if match[1] is None else match[1].replace('""', '"'))
            check_elements(len(row))
            position = match.end() + 1
            if text[match.end() : position] != ",":
                break
        rows.append(row)
        check_elements(len(rows))
    return rows
