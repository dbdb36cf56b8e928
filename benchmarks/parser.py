"""Times the parser on texts of growing size, beside python-hcl2 where that can read them.

    python -m benchmarks.parser

Prints kilobytes, CPU seconds and milliseconds per kilobyte; linear growth shows as a constant last column.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from hcl2.api import parses_to_tree

from bbws_readiness.source import Source
from bbws_readiness.terraform.syntax import parse_file

ROOT = Path(__file__).parent.parent
DENSE = '  x{} = merge(local.a, {{ b = [for x in var.y : x.z if x.q], c = "a${{var.d}}b" }})\n'


def main() -> None:
    for name, text in texts():
        show(name, text, "ours", partial(parse_file, Source("main.tf", text, len(text), "")))
        if len(text) < 100_000:
            show(name, text, "python-hcl2", partial(parses_to_tree, text))


def texts() -> list[tuple[str, str]]:
    files = sorted((ROOT / "examples/dynamodb_schemas").rglob("*.tf"))
    found = [("the example", "".join(path.read_text() for path in files))]
    for count in (500, 4_000, 12_000):
        found.append((f"{count} dense lines", "a {\n" + "".join(DENSE.format(n) for n in range(count)) + "}\n"))
    for count in (10_000, 40_000):
        found.append((f"{count} attributes", "".join(f'attribute_{n} = "value"\n' for n in range(count))))
    found.append(("heredoc of blank lines", "a = <<E\n" + "\n" * 1_000_000 + "E\n"))
    return found


def show(name: str, text: str, who: str, parse: Callable[[], object]) -> None:
    parse()
    began = time.process_time()
    parse()
    seconds = time.process_time() - began
    size = len(text) / 1024
    print(f"{name:24} {who:12} {size:8.0f} KB {seconds:7.3f} s {seconds * 1000 / size:7.2f} ms/KB")


if __name__ == "__main__":
    main()
