"""Whatever a path is made of, nothing outside of the root is opened."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bbws_readiness.codes import Code
from bbws_readiness.reader import LIMITS, Reader
from bbws_readiness.reader.names import is_secret
from bbws_readiness.source import NEVER_ENTERED, Refused, Source
from tests.cases import each
from tests.reader.tree import CANARY, is_confined, recorded, write

FILES = ("a", "b/a", "b/b/a", "~/a", "\\/a", "․․/a", "．．/a", "..a/a", "b/...", ".GIT /a", ".git/a", "b/.env/a")
PARTS = ("a", "b", "..", ".", "~", "\\", "", "․․", "．．", "..a", "...", "..\\..", ".GIT ", ".git", ".GIT", ".env")
PARTS += ("link", "links", "\0", "outside", "id_rsa", "x" * 300, "\udcff", "\ud800", "%2e%2e", "C:", "con", "-")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("paths")
    write(folder, "outside/a", CANARY.encode())
    write(folder, "a", CANARY.encode())
    root = folder / "root"
    for path in FILES:
        write(root, path, path.encode())
    (root / "link").symlink_to("../outside/a")
    (root / "links").symlink_to("../outside")
    return root


def expected(path: str) -> str | None:
    """The content of the file that a path names, as a simple model has it; None for a refusal."""
    pure = PurePosixPath(path)
    if pure.is_absolute() or ".." in pure.parts or len(pure.parts) > LIMITS.depth:
        return None
    if any(part.casefold() in NEVER_ENTERED or is_secret(part) for part in pure.parts):
        return None
    return str(pure) if str(pure) in FILES else None


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.booleans(), st.lists(st.sampled_from(PARTS) | st.text(max_size=3), max_size=40))
def test_a_path_is_a_file_of_the_root_or_refused(root: Path, absolute: bool, parts: list[str]) -> None:
    path = ("/" if absolute else "") + "/".join(parts)
    reader = Reader(root)
    with recorded() as opened:
        read = reader.read(path)
        reader.lies_at(path)
        reader.entries(path)
        reader.listdir(path)
    assert (read.text if isinstance(read, Source) else None) == expected(path)
    assert [one for one in opened if not is_confined(one, root)] == []


def test_the_record_sees_what_is_opened(root: Path) -> None:
    with recorded() as opened:
        (root / "a").read_bytes()
        Reader(root).read("b/a")
    assert [is_confined(one, root) for one in opened] == [False, True, True, True]


@each("path", ["\udcff.tf", "b/\udcff", "\ud800"])
def test_a_name_that_is_no_text_can_be_printed(root: Path, path: str) -> None:
    read = Reader(root).read(path)
    assert isinstance(read, Refused)
    assert read.code is Code.BAD_PATH
    assert read.at.path.encode().isascii()
