"""Lays a commit out as a checkout of our own, so that an earlier version is assessed just as the present one is.

Git itself writes the files, with settings of ours alone: no filter is defined, no hook is there, nothing is fetched.
The objects are those of the checkout, which stays as it is.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from bbws_readiness.codes import Code
from bbws_readiness.errors import ReadinessError
from bbws_readiness.fact import Unknown
from bbws_readiness.git.command import Git, open_git
from bbws_readiness.git.revision import WAY_OUT, BaseUnavailable, Revision
from bbws_readiness.patterns import regex

MAX_FILES = 20_000
MAX_BYTES = 256 * 1024 * 1024
"""Of all files together."""

_SIZE = regex(r"\d{6} \w+ [0-9a-f]+ +(\d+|-)\t.*", re.DOTALL)


class TooLarge(ReadinessError):
    """The commit holds more than is laid out."""

    usual_code = Code.BASE_TOO_LARGE


def lay_out(git: Git, revision: Revision, folder: Path, *, branch: str = "", remote: str = "") -> None:
    """Makes the new folder `folder` a checkout of `revision`, with the tags of the one that `git` asks.

    `branch` is what is checked out, none when empty, and `remote` the address that its `origin` is to have. Links come
    out as links. Raises `BaseUnavailable` for a commit
    that is not there as a whole, and `TooLarge`.
    """
    _require_small(git, revision)
    shallow = _asked(git, "rev-parse", "--is-shallow-repository").strip() == "true"
    tags = _asked(git, "for-each-ref", "--format=%(objectname) %(refname)", "refs/tags")
    _make_git_folder(git.top, folder, revision, remote)
    _write(folder / ".git" / "packed-refs", f"{revision.commit} refs/heads/{branch}\n{tags}" if branch else tags)
    if branch:
        _write(folder / ".git" / "HEAD", f"ref: refs/heads/{branch}\n")
    if shallow:
        # What lies before it is not all there, and of an earlier version nothing before it is asked.
        _write(folder / ".git" / "shallow", f"{revision.commit}\n")
    made = open_git(folder)
    if isinstance(made, Unknown):
        raise BaseUnavailable(f"the base revision cannot be laid out: {made.reason}", hint=WAY_OUT)
    _asked(made, "read-tree", revision.commit)
    _asked(made, "checkout-index", "--all", "--quiet")


def _require_small(git: Git, revision: Revision) -> None:
    listed = _asked(git, "ls-tree", "-r", "-l", "-z", "--full-tree", "--end-of-options", revision.commit)
    sizes = [int(found[1]) for entry in listed.split("\0") if (found := _SIZE.fullmatch(entry)) and found[1] != "-"]
    if len(sizes) > MAX_FILES or sum(sizes) > MAX_BYTES:
        raise TooLarge(
            f"the base has more than {MAX_FILES} files or {MAX_BYTES // 1024**2} MiB",
            hint="assess it in a run of its own and name its JSON as --base",
        )


def _make_git_folder(top: Path, folder: Path, revision: Revision, remote: str) -> None:
    inside = folder / ".git"
    for name in ("objects/info", "refs"):
        (inside / name).mkdir(parents=True)
    _write(inside / "HEAD", f"{revision.commit}\n")
    _write(inside / "objects" / "info" / "alternates", f"{_quoted(os.fspath(top / '.git' / 'objects'))}\n")
    _write(inside / "config", "".join(_settings(revision, remote)))


def _settings(revision: Revision, remote: str) -> list[str]:
    sha256 = len(revision.commit) == 64
    found = [f"[core]\n\trepositoryformatversion = {int(sha256)}\n\tbare = false\n"]
    if sha256:
        found.append("[extensions]\n\tobjectformat = sha256\n")
    if remote:
        found.append(f'[remote "origin"]\n\turl = {_quoted(remote)}\n')
    return found


def _quoted(text: str) -> str:
    """As git reads it between quotes, in a setting and in the list of its alternates."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", errors="surrogateescape", newline="\n")


def _asked(git: Git, *arguments: str) -> str:
    answer = git.ask(*arguments)
    if isinstance(answer, Unknown):
        raise BaseUnavailable(f"the base revision cannot be read as a whole: {answer.reason}", hint=WAY_OUT)
    return answer
