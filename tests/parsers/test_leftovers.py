"""Ignore files are read as git reads them."""

import random
import subprocess
from pathlib import Path

from bbws_readiness.model.leftovers import IgnoreRule, Ignores
from bbws_readiness.source import Location
from tests.cases import each

SEGMENTS = ["a", "b", "ab", "a.b", "*", "*.b", "a*", "?", "[ab]", "[!a]", "**", "a**b", "[a-b]*", "\\*", "a?"]
NAMES = ["a", "b", "ab", "a.b", "c.b", "abb", "*", "x"]
ROUNDS = 12


@each("seed", range(ROUNDS))
def test_ignored_as_git_says(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    lines = [_line(chance) for _ in range(chance.randint(1, 5))]
    paths = sorted({"/".join(chance.choices(NAMES, k=chance.randint(1, 4))) for _ in range(60)})
    ignores = Ignores(tuple(IgnoreRule(line, Location(".gitignore", n)) for n, line in enumerate(lines, start=1)))
    expected = _asked(tmp_path, lines, paths)
    assert {path: ignores.rule_for(path) is not None for path in paths} == expected, lines


def _line(chance: random.Random) -> str:
    line = "/".join(chance.choices(SEGMENTS, k=chance.randint(1, 3)))
    line = f"/{line}" if chance.random() < 0.25 else line
    line = f"{line}/" if chance.random() < 0.25 else line
    return f"!{line}" if chance.random() < 0.3 else line


def _asked(folder: Path, lines: list[str], paths: list[str]) -> dict[str, bool]:
    """What git says of each path: it prints the line that decides, also one that takes back."""
    subprocess.run(["git", "init", "-q", folder], check=True)
    (folder / ".gitignore").write_text("\n".join(lines) + "\n")
    command = ["git", "-C", folder, "check-ignore", "--no-index", "--stdin", "-z", "-v", "-n"]
    asked = subprocess.run(command, input="\0".join(paths) + "\0", capture_output=True, text=True)
    fields = asked.stdout.split("\0")
    return {
        path: bool(pattern) and not pattern.startswith("!")
        for pattern, path in zip(fields[2::4], fields[3::4], strict=False)
    }


def test_a_nearer_file_decides() -> None:
    rules = (
        IgnoreRule("*.tfplan", Location(".gitignore", 1)),
        IgnoreRule("!sit.tfplan", Location("terraform/.gitignore", 1), "terraform"),
    )
    assert Ignores(rules).rule_for("terraform/sit.tfplan") is None
    assert Ignores(rules).rule_for("sit.tfplan") == rules[0]


def test_many_stars_take_no_longer() -> None:
    rule = IgnoreRule("*a" * 200 + "b", Location(".gitignore", 1))
    assert not rule.fits(["a" * 800], folder=False)
