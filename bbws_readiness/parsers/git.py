"""Reads what git says about the checkout, as facts.

They stand at `.git`, because that is where git keeps them; what a person can open and read, the changelog, stands at
its own lines.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

from bbws_readiness.cache.results import kept
from bbws_readiness.fact import Fact, Unknown
from bbws_readiness.git.command import LINKED, LINKED_FOLDER, NO_FOLDER, NOT_ACCEPTED, Git, open_git
from bbws_readiness.memory import read_once
from bbws_readiness.model.repository import NOT_THE_TOP, Repository
from bbws_readiness.parsers.kept import codec
from bbws_readiness.patterns import regex
from bbws_readiness.reader import Reader
from bbws_readiness.source import Location, Refused, Source

AT = Location(".git", 0)
"""The place of every fact that git tells."""
CHANGELOGS = ("CHANGELOG.md", "CHANGES.md")

_NO_COMMIT = "the checkout has no commit yet"
_SAID = {
    NO_FOLDER: NOT_THE_TOP,
    LINKED_FOLDER: "the git folder of the project is a symbolic link, which is not followed",
    LINKED: "the project is a linked worktree or a submodule, whose git folder lies elsewhere and is not entered",
    NOT_ACCEPTED: "git does not accept the .git folder of the project",
}
"""Why nothing is asked, in the words of a report about the project."""


def read_repository(root: Path, reader: Reader, *, outputs: str = "") -> Repository:
    """The git facts of the project at `root`; the changelog is read through `reader`.

    What lies below `outputs`, relative to `root`, are our own documents: the commit is the last one that changed
    anything else, so that committing them leaves them true. Tags on it are those on it or on a later one.

    Only a `.git` directory that lies in `root` itself is asked: for a project somewhere inside a checkout, a linked
    worktree or a submodule every fact is unknown. Paths are relative to `root`; the remote is given without
    credentials, and not at all when it is a path of this machine.
    """
    changelog, versions = _changelog(reader)
    asked = _asked(root, outputs)
    if isinstance(asked, Unknown):
        return Repository(
            commit=Fact(asked, AT),
            branch=Fact(asked, AT),
            changed_files=Fact(asked, AT),
            tags=Fact(asked, AT),
            all_tags=Fact(asked, AT),
            tracked=Fact(asked, AT),
            remote=Fact(asked, AT),
            changelog=changelog,
            changelog_versions=versions,
        )
    return Repository(
        commit=Fact(asked.commit(), AT),
        branch=Fact(asked.branch(), AT),
        changed_files=Fact(asked.changed_files(), AT),
        tags=Fact(asked.tags_on_commit(), AT),
        all_tags=Fact(asked.tags(), AT),
        tracked=Fact(asked.tracked(), AT),
        remote=Fact(asked.remote(), AT),
        changelog=changelog,
        changelog_versions=versions,
    )


def _asked(root: Path, outputs: str) -> _Facts | Unknown:
    """The checkout whose top is `root`, or why it is not asked, said of the project."""
    git = open_git(root)
    if isinstance(git, Unknown):
        return Unknown(_SAID.get(git.reason, git.reason))
    return _Facts(git, outputs)


class _Facts:
    """What one checkout tells; every fact is a value or the reason why there is none."""

    def __init__(self, git: Git, outputs: str) -> None:
        self._git = git
        self._head = git.ask("rev-parse", "--quiet", "--verify", "--end-of-options", "HEAD^{commit}")
        self._commit = self._without(outputs) if isinstance(self._head, str) else ""

    def _without(self, outputs: str) -> str:
        """The last commit that changed anything outside of `outputs`; HEAD when there is none, or git does not say."""
        if not outputs or outputs == ".":
            return str(self._head).strip()
        others = (".", f":(top,exclude,literal){outputs}")
        answer = self._git.ask("--no-literal-pathspecs", "rev-list", "--max-count=1", "HEAD", "--", *others)
        return (answer if isinstance(answer, str) else "").strip() or str(self._head).strip()

    def commit(self) -> str | Unknown:
        """All 40 (or 64) hexadecimal digits."""
        return self._commit or Unknown(_NO_COMMIT)

    def branch(self) -> str | Unknown:
        answer = self._git.ask("symbolic-ref", "--quiet", "--short", "HEAD")
        return Unknown("no branch is checked out") if isinstance(answer, Unknown) else answer.strip()

    def changed_files(self) -> tuple[str, ...] | Unknown:
        """Asked only where no filter is configured: comparing contents would start it."""
        if isinstance(self._head, Unknown):
            return Unknown(_NO_COMMIT)
        filters = self._git.ask("config", "--null", "--name-only", "--list")
        if isinstance(filters, Unknown):
            return filters
        if any(name.lower().startswith("filter.") for name in filters.split("\0")):
            return Unknown("the repository's configuration defines filters, which git status would run")
        answer = self._git.ask(
            "status", "--porcelain=v1", "-z", "--untracked-files=all", "--ignore-submodules=all", "--no-renames"
        )
        if isinstance(answer, Unknown):
            return answer
        return tuple(sorted(entry[3:] for entry in answer.split("\0") if entry))

    def tags_on_commit(self) -> tuple[str, ...] | Unknown:
        """Those on the commit, and on later ones up to HEAD, which differ in our documents only."""
        if not self._commit:
            return Unknown(_NO_COMMIT)
        return self.tags(f"--contains={self._commit}", "--merged=HEAD")

    def tags(self, *selection: str) -> tuple[str, ...] | Unknown:
        answer = self._git.ask("for-each-ref", *selection, "--format=%(refname:strip=2)", "refs/tags")
        return answer if isinstance(answer, Unknown) else tuple(sorted(answer.split("\n")[:-1]))

    def tracked(self) -> tuple[str, ...] | Unknown:
        answer = self._git.ask("ls-files", "-z", "--cached")
        return answer if isinstance(answer, Unknown) else tuple(sorted({path for path in answer.split("\0") if path}))

    def remote(self) -> str | Unknown:
        answer = self._git.ask("config", "--get", "remote.origin.url")
        if isinstance(answer, Unknown):
            return Unknown("no remote is called origin")
        return without_credentials(answer.strip()) or Unknown("the remote is a path of this machine")


_NETWORK_PATH = regex(r"(?:(?P<user>[^@/:\s]+)@)?(?P<host>[A-Za-z0-9][A-Za-z0-9.-]+):(?P<path>[^\\\s]+)")


def without_credentials(url: str) -> str | None:
    """A remote's address without user, password, query and fragment; None for a local path.

    In the short form (`git@host:path`) the user is kept when it is `git`, which is no secret.
    """
    if "://" in url:
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError:
            return None
        if parts.scheme == "file" or not host:
            return None
        return f"{parts.scheme}://{host}{f':{port}' if port else ''}{parts.path}"
    match = _NETWORK_PATH.fullmatch(url)
    if match is None or "::" in url:
        return None
    user = "git@" if match["user"] == "git" else ""
    return f"{user}{match['host']}:{match['path']}"


_VERSION = regex(r"(?<![\w.])v?\d+\.\d+(?:\.\d+)?(?:[-+][0-9A-Za-z.+-]+)?(?![\w.])")


def _changelog(reader: Reader) -> tuple[Fact[str] | None, tuple[Fact[str], ...]]:
    """The changelog's path and the versions that its headings name, in the order written."""
    path = changelog_in(reader)
    if path is None:
        return None, ()
    source = reader.read(path)
    if isinstance(source, Refused):
        return Fact(Unknown(f"the changelog was not read: {source.summary}"), source.at), ()
    return Fact(path, source.at(0)), versions_named(source)


def changelog_in(reader: Reader) -> str | None:
    """The path of the changelog, or None where there is none."""
    return next((name for name in CHANGELOGS if reader.exists(name)), None)


@read_once
@kept("changelog", codec)
def versions_named(source: Source) -> tuple[Fact[str], ...]:
    """The versions that the headings of a changelog name, in the order written."""
    # Only for one that was not read before.
    from markdown_it import MarkdownIt

    found = []

    tokens = MarkdownIt("commonmark").parse("\n".join(source.lines).replace("\r", " "))
    for opening, content in pairwise(tokens):
        if opening.type == "heading_open" and opening.map and (match := _VERSION.search(content.content)):
            found.append(Fact(match[0], source.at(opening.map[0] + 1)))
    return tuple(found)
