"""Writes what is made from tables of the package in the pages of `docs/`."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from bbws_readiness.checks.nouns import NOUNS
from bbws_readiness.codes import Code

PAGE = Path(__file__).parent / "diagnostics.md"
RULES_PAGE = Path(__file__).parent / "custom-rules.md"
BEGINNING, END = "<!-- made by `make docs` from bbws_readiness/checks/nouns -->\n", "<!-- end -->"

FAMILIES = {
    "E1": "Files",
    "E2": "Terraform",
    "E3": "Configuration and rules",
    "E4": "YAML, JSON, schemas and workflows",
    "E5": "Plan, scripts and README",
    "E6": "Outputs",
    "E7": "Command line and process",
    "E8": "Git",
}

OPENING = """# Diagnostics

Every fault that `readiness` reports is one line: its place, its code, what is wrong, and the way out.

```text
main.tf:2:7: error E108: not UTF-8 (byte 0xe9); save it as UTF-8
```

A code is given once and never again to another fault. It stands in every output, and `readiness explain E108` prints
what stands here. This page is made from the table in `bbws_readiness/codes.py` by `make docs`.
"""


def page() -> str:
    """The whole text of `docs/diagnostics.md`."""
    parts = [OPENING]
    for family, codes in groupby(Code, key=lambda code: code.code[:2]):
        rows = [f"| {code.code} | {_cell(code.meaning)} | {_cell(code.way_out)} |" for code in codes]
        head = [f"## {family}: {FAMILIES[family]}", "", "| code | what is wrong | way out |", "|---|---|---|"]
        parts.append("\n".join([*head, *rows]) + "\n")
    return "\n".join(parts)


def rules_page() -> str:
    """The whole text of `docs/custom-rules.md`: what is written by hand, with the nouns as they are."""
    before, _, rest = RULES_PAGE.read_text(encoding="utf-8").partition(BEGINNING)
    return f"{before}{BEGINNING}{nouns()}{END}{rest.partition(END)[2]}"


def nouns() -> str:
    """A table of the fields of every noun."""
    parts = []
    for noun in NOUNS.values():
        rows = [
            f"| `{name}{'.<name>' if field.type == 'map' else ''}` | {field.type} | {_cell(field.says)} |"
            for name, field in noun.fields.items()
        ]
        head = [f"### `{noun.word}`", "", _cell(noun.says), "", "| field | type | what it is |", "|---|---|---|"]
        parts.append("\n".join([*head, *rows]) + "\n")
    return "\n" + "\n".join(parts) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", r"\|").replace("<", r"\<")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
    RULES_PAGE.write_text(rules_page(), encoding="utf-8", newline="\n")
