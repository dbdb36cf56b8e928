"""What each command imports when it starts, as the interpreter's own account of imports tells."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from benchmarks.cases import AS_OF, Ours
from benchmarks.measure import median
from benchmarks.results import Imports

LINE = re.compile(r"^import time:\s+(?P<own>\d+) \|\s+\d+ \|\s+(?P<name>\S+)$", re.MULTILINE)
"""Microseconds in the module itself, and its name."""


def command_lines(project: Path, output: Path) -> dict[str, tuple[str, ...]]:
    """The commands that are looked at, by what is printed of them."""
    twin = output / "sit_dynamodb_schemas_assessment.json"
    return {
        "--version": ("--version",),
        "--help": ("--help",),
        "explain IDX001": ("explain", "IDX001"),
        "rules list": ("rules", "list"),
        "schema": ("schema", "assessment"),
        "config show": ("config", "show", str(project)),
        "assess sit": (
            "assess",
            "sit",
            str(project),
            "-q",
            "--fail-on",
            "never",
            "--as-of",
            AS_OF,
            "--output-dir",
            str(output),
        ),
        "inventory sit": ("inventory", "sit", str(project)),
        "diff": ("diff", str(twin), str(twin)),
        "render sit --check": ("render", "sit", str(project), "--check", "--output-dir", str(output)),
        "site sit": ("site", "sit", str(project), "--as-of", AS_OF, "--output-dir", f"{output}-site"),
    }


def measured(ours: Ours, project: Path, rounds: int) -> tuple[Imports, ...]:
    """A row per command that does what it is asked for; the median of the rounds, after one that does not count."""
    kept = ours.work / "kept" / "imports"
    found = []
    for name, arguments in command_lines(project, kept / "documents").items():
        accounts = [_account(ours, arguments, kept / "cache") for _ in range(rounds + 1)][1:]
        totals = [sum(own for own, _ in account) / 1000 for account in accounts]
        names = [module for _, module in accounts[0]]
        total = median(totals)
        if total is not None and names:
            own = sum(module.split(".")[0] == "bbws_readiness" for module in names)
            found.append(Imports(name, total, len(names), own))
    return tuple(found)


def account_of(text: str) -> list[tuple[int, str]]:
    """Microseconds and name of each module in what `-X importtime` printed; in the order in which they were loaded."""
    return [(int(match["own"]), match["name"]) for match in LINE.finditer(text)]


def _account(ours: Ours, arguments: tuple[str, ...], cache: Path) -> list[tuple[int, str]]:
    command = (str(ours.bin / "python"), "-X", "importtime", str(ours.bin / "readiness"), *arguments)
    done = subprocess.run(
        command,
        env=ours.environment(cache),
        cwd=ours.work,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return account_of(done.stderr) if done.returncode in (0, 1) else []
