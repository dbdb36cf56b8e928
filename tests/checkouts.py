"""Real git repositories for tests, made with a git that reads nobody's settings."""

import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    **{f"GIT_{role}_{part}": "x@example.org" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")},
}

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def git(root: Path, *arguments: str) -> str:
    """What git prints in `root`, without the line end; raises when it fails."""
    done = subprocess.run(["git", *arguments], cwd=root, env=ENVIRONMENT, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def write(root: Path, files: dict[str, str]) -> None:
    """Writes the files, with their folders."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def commit(root: Path, files: dict[str, str], *, message: str = "Change") -> str:
    """Writes the files and commits all that is there, on `main` of a new repository at first; gives the commit."""
    root.mkdir(parents=True, exist_ok=True)
    if not (root / ".git").exists():
        git(root, "init", "--quiet", "--initial-branch=main")
    write(root, files)
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--allow-empty", "-m", message)
    return git(root, "rev-parse", "HEAD")


def trap(program: Path, marker: Path) -> Path:
    """Makes `program` an executable that leaves `marker` when anything runs it."""
    program.parent.mkdir(parents=True, exist_ok=True)
    program.write_text(f'#!/bin/sh\ntouch "{marker}"\nexit 1\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return program


def arm(root: Path, marker: Path) -> None:
    """Writes into the settings of the repository everything known by which git could be made to run a program."""
    program = trap(marker.parent / "trap", marker)
    with (root / ".git" / "config").open("a") as config:
        config.write(HOSTILE.format(trap=program))
    (root / ".git" / "more").write_text(f"[core]\n\tfsmonitor = {program}\n\tpager = {program}\n")
    (root / ".git" / "info").mkdir(exist_ok=True)
    (root / ".git" / "info" / "attributes").write_text("* diff=evil textconv=evil merge=evil\n")
    for hook in ("post-index-change", "reference-transaction", "fsmonitor-watchman", "post-checkout", "pre-auto-gc"):
        trap(root / ".git" / "hooks" / hook, marker)


HOSTILE = """
[core]
\tfsmonitor = {trap}
\tpager = {trap}
\teditor = {trap}
\taskPass = {trap}
\tsshCommand = {trap}
\tgitProxy = {trap}
\talternateRefsCommand = {trap}
\thooksPath = hooks
\tworktree = /
[alias]
\tstatus = !{trap}
\trev-parse = !{trap}
\tls-tree = !{trap}
[pager]
\tstatus = {trap}
\tconfig = {trap}
\tfor-each-ref = {trap}
[include]
\tpath = more
[diff]
\texternal = {trap}
[diff "evil"]
\ttextconv = {trap}
\tcommand = {trap}
[merge "evil"]
\tdriver = {trap}
[gpg]
\tprogram = {trap}
[log]
\tshowSignature = true
[credential]
\thelper = !{trap}
[uploadpack]
\tpackObjectsHook = {trap}
[protocol]
\tallow = always
[protocol "ext"]
\tallow = always
[remote "origin"]
\turl = ext::{trap}
\tpromisor = true
\tpartialclonefilter = blob:none
\tuploadpack = {trap}
\tvcs = evil
[trace2]
\tnormalTarget = af_unix:/nowhere
"""
