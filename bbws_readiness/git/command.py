"""Starts git with everything switched off by which a repository could start a program or look elsewhere.

The settings of system and user are not read; those of the repository are overridden where they name a program, a
folder or a protocol. What git prints is bounded in bytes, and all answers of one checkout together in time.
"""

from __future__ import annotations

import contextlib
import os
import stat
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING

from bbws_readiness.fact import Unknown

if TYPE_CHECKING:
    import subprocess

TIMEOUT_SECONDS = 20.0
"""For all questions to one checkout together."""
MAX_BYTES = 16 * 1024 * 1024
"""An answer longer than this is none: git is ended as soon as it prints more."""


NO_FOLDER = "there is no git folder"
LINKED = "it is a linked worktree or a submodule, whose git folder lies elsewhere and is not entered"
LINKED_FOLDER = "its git folder is a symbolic link, which is not followed"
NOT_ACCEPTED = "git does not accept its git folder"
_CHUNK = 64 * 1024
_SETTINGS = (
    "safe.bareRepository=explicit",
    "core.fsmonitor=false",
    "core.untrackedCache=false",
    f"core.hooksPath={os.devnull}",
    f"core.attributesFile={os.devnull}",
    f"core.excludesFile={os.devnull}",
    "core.pager=cat",
    "core.editor=true",
    "core.askPass=",
    "core.sshCommand=false",
    "core.gitProxy=",
    "core.alternateRefsCommand=true",
    "credential.helper=",
    "credential.interactive=false",
    "diff.external=",
    "gpg.program=false",
    "gpg.ssh.program=false",
    "gpg.x509.program=false",
    "log.showSignature=false",
    "uploadpack.packObjectsHook=",
    "protocol.allow=never",
    *(f"protocol.{name}.allow=never" for name in ("ext", "file", "git", "ssh", "http", "https")),
    "submodule.recurse=false",
    "status.submoduleSummary=false",
    "maintenance.auto=false",
    "gc.auto=0",
)
"""What the repository's own configuration must not decide."""
_ENVIRONMENT = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    # A missing object of a partial clone is not fetched: by the first line in newer, by the second in every git.
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "",
    "GIT_PAGER": "cat",
    "LC_ALL": "C",
    "PATH": os.defpath,
}


def open_git(top: Path) -> Git | Unknown:
    """The checkout whose `.git` folder lies in `top`, or why it cannot be asked; without that folder nothing starts.

    A linked worktree and a submodule have a file in its place, which may point anywhere; it is not followed, and
    neither is a link.
    """
    top = top.absolute()
    try:
        mode = os.lstat(top / ".git").st_mode
    except OSError:
        return Unknown(NO_FOLDER)
    if stat.S_ISREG(mode):
        return Unknown(LINKED)
    if not stat.S_ISDIR(mode):
        return Unknown(LINKED_FOLDER)
    # Only a checkout needs what starts programs.
    import shutil

    found = shutil.which("git")
    if found is None:
        return Unknown("git is not installed")
    program = Path(found)
    if not program.is_absolute() or program.resolve().is_relative_to(top.resolve()):
        return Unknown("the git command lies inside the project, so it is not run")
    git = Git(program, top)
    if isinstance(git.ask("rev-parse", "--git-dir"), Unknown):
        return Unknown(NOT_ACCEPTED)
    return git


class Git:
    """Asks one checkout; every answer is what git prints or the reason why there is none. Made by `open_git`."""

    def __init__(self, program: Path, top: Path) -> None:
        self.top = top
        self._deadline = time.monotonic() + TIMEOUT_SECONDS
        # A checkout of another owner (a container's mount) is read like any other: nothing of it is run.
        own = f"safe.directory={top}"
        settings = [word for setting in (*_SETTINGS, own) for word in ("-c", setting)]
        places = ["--git-dir", str(top / ".git"), "--work-tree", str(top)]
        self._command = [str(program), "--no-pager", "--no-optional-locks", *places, *settings]

    def ask(self, *arguments: str) -> str | Unknown:
        """What git prints, as text."""
        answer = self.ask_bytes(*arguments)
        return answer if isinstance(answer, Unknown) else answer.decode("utf-8", "replace")

    def ask_bytes(self, *arguments: str, most: int = MAX_BYTES) -> bytes | Unknown:
        """What git prints, at most `most` bytes; longer, late and failed answers are unknown, in our own words."""
        import subprocess

        try:
            process = subprocess.Popen(
                [*self._command, *arguments],
                cwd=self.top,
                env=_ENVIRONMENT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError:
            return Unknown("git cannot be started")
        assert process.stdout is not None  # noqa: S101 - narrows the type: a pipe was asked for
        with process.stdout as printed:
            try:
                answer = self._read(printed, most)
                if isinstance(answer, bytes):
                    process.wait(max(self._deadline - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                answer = None
            finally:
                _end(process)
        if answer is None:
            return Unknown(f"git gave no answer in {TIMEOUT_SECONDS:g} seconds")
        if isinstance(answer, Unknown):
            return answer
        return answer if process.returncode == 0 else Unknown(f"git {arguments[0]} failed")

    def _read(self, printed: IO[bytes], most: int) -> bytes | Unknown | None:
        """All bytes up to the end; None when the time is over first."""
        import selectors

        parts: list[bytes] = []
        size = 0
        with selectors.DefaultSelector() as selector:
            selector.register(printed, selectors.EVENT_READ)
            while True:
                left = self._deadline - time.monotonic()
                if left <= 0 or not selector.select(left):
                    return None
                part = os.read(printed.fileno(), _CHUNK)
                if not part:
                    return b"".join(parts)
                parts.append(part)
                size += len(part)
                if size > most:
                    return Unknown(f"git printed more than {most} bytes")


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends the process, and what it started, unless it has ended."""
    if process.poll() is None:
        import signal

        with contextlib.suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
