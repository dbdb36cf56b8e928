"""Reads what git says about the checkout, without letting the checkout run anything.

The git command is asked, with the settings of system and user switched off and those of the repository overridden
where they could start a program. Facts stand at `.git`, because that is where git keeps them; what a person can open
and read, the changelog, stands at its own lines.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

from markdown_it import MarkdownIt

from bbws_readiness.fact import Fact, Unknown
from bbws_readiness.model.repository import Repository
from bbws_readiness.source import Location, Reader, Refused, Source

AT = Location(".git", 0)
"""The place of every fact that git tells."""
TIMEOUT_SECONDS = 20
CHANGELOGS = ("CHANGELOG.md", "CHANGES.md")

_NOT_TOP = "the project is not the top of a git checkout"
_NO_COMMIT = "the checkout has no commit yet"
_SETTINGS = (
    "safe.bareRepository=explicit",
    "core.fsmonitor=false",
    "core.untrackedCache=false",
    f"core.hooksPath={os.devnull}",
    f"core.attributesFile={os.devnull}",
    f"core.excludesFile={os.devnull}",
    "core.pager=cat",
    "protocol.allow=never",
    "submodule.recurse=false",
    "status.submoduleSummary=false",
)
"""What the repository's own configuration must not decide."""
_ENVIRONMENT = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
    "PATH": os.defpath,
}


def read_repository(root: Path, reader: Reader) -> Repository:
    """The git facts of the project at `root`; the changelog is read through `reader`.

    Only a `.git` directory that lies in `root` itself is asked: for a project somewhere inside a checkout, a linked
    worktree or a submodule every fact is unknown. Paths are relative to `root`; the remote is given without
    credentials, and not at all when it is a path of this machine.
    """
    changelog, versions = _changelog(reader)
    asked = _open(root)
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
        tags=Fact(asked.tags("--points-at=HEAD"), AT),
        all_tags=Fact(asked.tags(), AT),
        tracked=Fact(asked.tracked(), AT),
        remote=Fact(asked.remote(), AT),
        changelog=changelog,
        changelog_versions=versions,
    )


def _open(root: Path) -> _Git | Unknown:
    """The checkout at `root`, or why it cannot be asked."""
    root = root.absolute()
    try:
        mode = os.lstat(root / ".git").st_mode
    except OSError:
        return Unknown(_NOT_TOP)
    if stat.S_ISREG(mode):
        return Unknown("the project is a linked worktree or a submodule, whose git folder lies elsewhere")
    if not stat.S_ISDIR(mode):
        return Unknown(_NOT_TOP)
    program = shutil.which("git")
    if program is None:
        return Unknown("git is not installed")
    path = Path(program)
    if not path.is_absolute() or path.resolve().is_relative_to(root.resolve()):
        return Unknown("the git command lies inside the project, so it is not run")
    git = _Git(path, root)
    if isinstance(git.run("rev-parse", "--git-dir"), Unknown):
        return Unknown("git does not accept the .git folder of the project")
    return git


class _Git:
    """Asks one checkout; every answer is text or the reason why there is none."""

    def __init__(self, program: Path, root: Path) -> None:
        self._root = root
        # A checkout of another owner (a container's mount) is read like any other: nothing of it is run.
        own = f"safe.directory={root}"
        settings = [word for setting in (*_SETTINGS, own) for word in ("-c", setting)]
        places = ["--git-dir", str(root / ".git"), "--work-tree", str(root)]
        self._command = [str(program), "--no-pager", "--no-optional-locks", *places, *settings]

    def run(self, *arguments: str) -> str | Unknown:
        """What git prints; a failure is unknown, with our own reason."""
        try:
            done = subprocess.run(
                [*self._command, *arguments],
                cwd=self._root,
                env=_ENVIRONMENT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=TIMEOUT_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return Unknown(f"git {arguments[0]} gave no answer in {TIMEOUT_SECONDS} seconds")
        except OSError:
            return Unknown("git cannot be started")
        if done.returncode != 0:
            return Unknown(f"git {arguments[0]} failed")
        return done.stdout.decode("utf-8", "replace")

    def commit(self) -> str | Unknown:
        """All 40 (or 64) hexadecimal digits."""
        answer = self.run("rev-parse", "--quiet", "--verify", "HEAD^{commit}")
        return Unknown(_NO_COMMIT) if isinstance(answer, Unknown) else answer.strip()

    def branch(self) -> str | Unknown:
        answer = self.run("symbolic-ref", "--quiet", "--short", "HEAD")
        return Unknown("no branch is checked out") if isinstance(answer, Unknown) else answer.strip()

    def changed_files(self) -> tuple[str, ...] | Unknown:
        """Asked only where no filter is configured: comparing contents would start it."""
        if isinstance(self.commit(), Unknown):
            return Unknown(_NO_COMMIT)
        filters = self.run("config", "--null", "--name-only", "--list")
        if isinstance(filters, Unknown):
            return filters
        if any(name.lower().startswith("filter.") for name in filters.split("\0")):
            return Unknown("the repository's configuration defines filters, which git status would run")
        answer = self.run(
            "status", "--porcelain=v1", "-z", "--untracked-files=all", "--ignore-submodules=all", "--no-renames"
        )
        if isinstance(answer, Unknown):
            return answer
        return tuple(sorted(entry[3:] for entry in answer.split("\0") if entry))

    def tags(self, *selection: str) -> tuple[str, ...] | Unknown:
        if selection and isinstance(self.commit(), Unknown):
            return Unknown(_NO_COMMIT)
        answer = self.run("for-each-ref", *selection, "--format=%(refname:strip=2)", "refs/tags")
        return answer if isinstance(answer, Unknown) else tuple(sorted(answer.split("\n")[:-1]))

    def tracked(self) -> tuple[str, ...] | Unknown:
        answer = self.run("ls-files", "-z", "--cached")
        return answer if isinstance(answer, Unknown) else tuple(sorted({path for path in answer.split("\0") if path}))

    def remote(self) -> str | Unknown:
        answer = self.run("config", "--get", "remote.origin.url")
        if isinstance(answer, Unknown):
            return Unknown("no remote is called origin")
        return without_credentials(answer.strip()) or Unknown("the remote is a path of this machine")


_NETWORK_PATH = re.compile(r"(?:(?P<user>[^@/:\s]+)@)?(?P<host>[A-Za-z0-9][A-Za-z0-9.-]+):(?P<path>[^\\\s]+)")


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


_VERSION = re.compile(r"(?<![\w.])v?\d+\.\d+(?:\.\d+)?(?:[-+][0-9A-Za-z.+-]+)?(?![\w.])")


def _changelog(reader: Reader) -> tuple[Fact[str] | None, tuple[Fact[str], ...]]:
    """The changelog's path and the versions that its headings name, in the order written."""
    path = next((name for name in CHANGELOGS if reader.exists(name)), None)
    if path is None:
        return None, ()
    source = reader.read(path)
    if isinstance(source, Refused):
        return Fact(Unknown(f"the changelog was not read: {source.summary}"), source.at), ()
    return Fact(path, source.at(0)), tuple(_versions(source))


def _versions(source: Source) -> list[Fact[str]]:
    found = []
    tokens = MarkdownIt("commonmark").parse("\n".join(source.lines).replace("\r", " "))
    for opening, content in pairwise(tokens):
        if opening.type == "heading_open" and opening.map and (match := _VERSION.search(content.content)):
            found.append(Fact(match[0], source.at(opening.map[0] + 1)))
    return found
