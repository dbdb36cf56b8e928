"""What the action installs is locked: every package that readiness needs, of one version, with digests."""

import re
import tomllib
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent.parent
LOCK = ROOT / "action" / "requirements.txt"
ENTRY = re.compile(
    r"^(?P<name>[\w.-]+)==(?P<version>[\w.]+)(?: ; [^\\]+)? \\\n(?P<hashes>(?:    --hash=\S+(?: \\)?\n)+)", re.MULTILINE
)
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")
LOCKED: dict[str, str] = {canonicalize_name(one["name"]): one["version"] for one in ENTRY.finditer(LOCK.read_text())}


def declared() -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return [*project["project"]["dependencies"], *project["build-system"]["requires"]]


def needed() -> dict[str, Requirement]:
    """Everything that is needed, by name, as the installed packages tell it."""
    found: dict[str, Requirement] = {}
    waiting = [Requirement(one) for one in declared()]
    while waiting:
        one = waiting.pop()
        name = canonicalize_name(one.name)
        if name in found or (one.marker and not one.marker.evaluate({"extra": ""})):
            continue
        found[name] = one
        try:
            waiting += [Requirement(text) for text in requires(name) or ()]
        except PackageNotFoundError:
            pytest.skip(f"{name} is not installed here, so what it needs is not known")
    return found


def test_every_line_is_a_package_with_digests() -> None:
    text = LOCK.read_text()
    rest = ENTRY.sub("", text)
    assert all(line.startswith("#") for line in rest.splitlines()), "written by `make lock`, by nobody's hand"
    for one in ENTRY.finditer(text):
        assert all(HASH.fullmatch(word) for word in one["hashes"].replace("\\", "").split()), one["name"]


def test_everything_that_is_needed_is_locked() -> None:
    assert [name for name in needed() if name not in LOCKED] == [], "run `make lock`"


def test_what_is_locked_is_what_is_allowed() -> None:
    for name, one in needed().items():
        if name in LOCKED:
            assert one.specifier.contains(LOCKED[name]), f"{one}: {LOCKED[name]} is locked; run `make lock`"
