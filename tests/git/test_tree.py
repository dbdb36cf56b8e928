"""Files of a commit are read as files of a folder are: confined, capped, and without what lies in the folder now."""

import shutil
from pathlib import Path

import pytest

from bbws_readiness.errors import UsageError
from bbws_readiness.git.command import Git, open_git
from bbws_readiness.git.revision import BaseUnavailable, checked_name, resolve
from bbws_readiness.git.tree import TreeReader
from bbws_readiness.source import Refused, Source
from tests.cases import each
from tests.checkouts import commit, git, needs_git, write

pytestmark = needs_git

FILES = {"a.yaml": "a: 1\n", "rules/b.yaml": "b: 1\n", "rules/more/c.yaml": "c\n", "rules/ä.yaml": "", ".git2": "x"}


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two commits on `main`, and changes that are not committed; no test alters it."""
    root = tmp_path_factory.mktemp("tree") / "project"
    commit(root, FILES)
    (root / "link.yaml").symlink_to("a.yaml")
    (root / "linked").symlink_to("rules")
    inner = root / "inner"
    commit(inner, {"a.yaml": "inner: 1\n"})
    git(root, "-c", "advice.addEmbeddedRepo=false", "add", "--all")
    (root / "big.yaml").write_text("x" * 101)
    (root / "latin.yaml").write_bytes(b"\xe9")
    commit(root, {})
    git(root, "tag", "-a", "-m", "One", "v1.0")
    git(root, "branch", "feature/x-1")
    write(root, {"a.yaml": "a: changed\n", "new.yaml": "new: 1\n"})
    return root


def tree(root: Path, name: str = "main", *, max_bytes: int = 100) -> TreeReader:
    asked = open_git(root)
    assert isinstance(asked, Git)
    return TreeReader(asked, resolve(asked, name), max_bytes=max_bytes)


def test_files_are_those_of_the_commit(checkout: Path) -> None:
    reader = tree(checkout)
    read = reader.read("a.yaml")
    assert isinstance(read, Source)
    assert (read.text, read.path, read.size) == ("a: 1\n", "a.yaml", 5)
    assert [source.path for source in reader.sources] == ["a.yaml"]


@each(
    ("path", "words"),
    [
        ("new.yaml", "no such file"),
        ("a.yaml/b", "no such file"),
        ("link.yaml", "symbolic link"),
        ("linked/b.yaml", "no such file"),
        ("inner", "not a regular file"),
        ("inner/a.yaml", "no such file"),
        ("rules", "not a regular file"),
        ("big.yaml", "larger than 100 bytes"),
        ("latin.yaml", "not UTF-8"),
        ("../a.yaml", "no such file"),
        ("/a.yaml", "no such file"),
        (".git/config", "no such file"),
        (":/a.yaml", "no such file"),
        ("--output=x", "no such file"),
        ("*", "no such file"),
    ],
)
def test_what_is_refused(checkout: Path, path: str, words: str) -> None:
    read = tree(checkout).read(path)
    assert isinstance(read, Refused)
    assert words in read.summary


@each(("most", "known"), [(100, False), (101, True), (102, True)])
def test_the_limit_of_a_file(checkout: Path, most: int, known: bool) -> None:
    assert isinstance(tree(checkout, max_bytes=most).read("big.yaml"), Source) is known


def test_folders(checkout: Path) -> None:
    reader = tree(checkout)
    assert reader.listdir("rules") == ("b.yaml", "more", "ä.yaml")
    assert reader.listdir("") == (".git2", "a.yaml", "big.yaml", "latin.yaml", "rules")
    assert reader.listdir("linked") == reader.listdir("inner") == reader.listdir("a.yaml") == ()
    assert [reader.is_directory(path) for path in ("rules", "linked", "inner", "a.yaml")] == [True, False, False, False]
    assert [reader.exists(path) for path in ("rules", "a.yaml", "link.yaml", "new.yaml")] == [True, True, False, False]
    assert reader.holds("link.yaml")


@each("form", ["main", "v1.0", "feature/x-1", "refs/heads/main", "hash"])
def test_names_of_a_revision(checkout: Path, form: str) -> None:
    head = git(checkout, "rev-parse", "HEAD")
    asked = open_git(checkout)
    assert isinstance(asked, Git)
    assert resolve(asked, head if form == "hash" else form).commit == head


@each(
    "name",
    [
        *("", "-x", "--output=x", "a..b", "a...b", "a:b", "@", "@{-1}", "main@{1}", "a b", "main\n", "main^", "main~1"),
        *(
            "a\x00b",
            "a\x1bb",
            "é",
            "/main",
            "main/",
            "a//b",
            "../x",
            ".git",
            "x.lock",
            "main.",
            "^main",
            "a*",
            "x" * 201,
        ),
    ],
)
def test_what_is_no_name_of_a_revision(name: str) -> None:
    with pytest.raises(UsageError) as caught:
        checked_name(name)
    assert str(caught.value.code) == "E803"
    assert str(caught.value).isprintable()


@each("name", ["gone", "0" * 40, "a.yaml", "HEAD2"])
def test_a_revision_that_is_not_there(checkout: Path, name: str) -> None:
    with pytest.raises(BaseUnavailable, match=r"^base revision not available; fetch it \(fetch-depth: 0\)$") as caught:
        tree(checkout, name)
    assert (caught.value.exit_code, str(caught.value.code)) == (4, "E802")


def test_a_blob_is_no_revision(checkout: Path) -> None:
    with pytest.raises(BaseUnavailable):
        tree(checkout, git(checkout, "rev-parse", "HEAD:a.yaml"))


def test_an_object_that_is_missing_is_no_missing_file(tmp_path: Path, checkout: Path) -> None:
    checkout = shutil.copytree(checkout, tmp_path / "copy", symlinks=True)
    blob = git(checkout, "rev-parse", "HEAD:a.yaml")
    (checkout / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    with pytest.raises(BaseUnavailable, match="cannot be read as a whole"):
        tree(checkout).read("a.yaml")


def test_a_shallow_clone(tmp_path: Path, checkout: Path) -> None:
    base = git(checkout, "rev-parse", "HEAD~1")
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{checkout}", "shallow")
    assert isinstance(tree(tmp_path / "shallow").read("a.yaml"), Source)
    with pytest.raises(BaseUnavailable):
        tree(tmp_path / "shallow", base)
