"""Watches one run of the command from within, by audit hook, and tells what it did that it must not do."""

# Paths are handled as the kernel sees them.
# ruff: noqa: PTH109, PTH115, PTH118
from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import CodeType
from typing import Any

import bbws_readiness

PACKAGE = Path(bbws_readiness.__file__).parent
REPOSITORY = PACKAGE.parent
OUR_FILES = (str(PACKAGE), *(str(REPOSITORY / name) for name in ("rules", "templates", ".prepared")))
"""What a run reads of a checkout of this tool: its code, its data, and what was made ready of both."""
LIBRARIES = tuple(sorted({*sysconfig.get_paths().values(), sys.prefix, sys.base_prefix + "/lib"}))
"""The interpreter, its standard library and what is installed for it."""
NEVER_OPENED = frozenset({".git", ".terraform"})
GIT_SETTINGS = (
    "safe.bareRepository=explicit",
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "protocol.allow=never",
)
"""Without these git must not be started."""

FORBIDDEN = (
    "socket.",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.spawn",
    "os.system",
    "pty.spawn",
    "ctypes.",
    "ftplib.",
    "http.client.",
    "imaplib.",
    "smtplib.",
    "urllib.Request",
    "webbrowser.open",
    "pickle.find_class",
    "code.__new__",
    "shutil.",
    "os.chroot",
    "os.setxattr",
)
"""Events, by their beginning, that no run of the command has a reason for."""
CHANGES = {
    "os.remove": ((0, 1),),
    "os.rmdir": ((0, 1),),
    "os.mkdir": ((0, 2),),
    "os.chmod": ((0, 2),),
    "os.chown": ((0, 3),),
    "os.truncate": ((0, None),),
    "os.utime": ((0, 3),),
    "os.rename": ((0, 2), (1, 3)),
    "os.link": ((0, 2), (1, 3)),
    "os.symlink": ((1, 2),),
}
"""Events that change the file system: which arguments are paths, and which the folder that each starts from."""
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


@dataclass(frozen=True)
class Limits:
    """What a run may touch; every path is absolute and real."""

    root: Path
    outputs: tuple[Path, ...]
    """Folders and files that may be written."""
    inputs: tuple[Path, ...] = ()
    """Further folders and files that may be read: what the command line names outside the root."""


class Guard:
    """An audit hook that reports every event beyond `limits`; it never stops the run."""

    def __init__(self, limits: Limits, report: Callable[[str], None]) -> None:
        self._limits = limits
        self._report = report
        self._readable = (str(limits.root), *map(str, limits.inputs), *map(str, limits.outputs))
        self._ours = (*OUR_FILES, *LIBRARIES)
        named = (str(path.parent) for path in (*limits.inputs, *limits.outputs))
        self._passed = (str(REPOSITORY), *named)
        self._resolved: str | None = None
        self._asking = False

    def install(self) -> None:
        """Watch from here to the end of the process."""
        real_open = os.open

        def watched(path: Any, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
            # The event does not tell the folder that a relative path starts from.
            self._resolved = absolute(path, dir_fd)
            try:
                return real_open(path, flags, mode, dir_fd=dir_fd)
            finally:
                self._resolved = None

        os.open = watched
        sys.addaudithook(self._heard)

    def imported_below_root(self) -> list[str]:
        """Modules that came from the project."""
        files = [(name, getattr(module, "__file__", None) or "") for name, module in list(sys.modules.items())]
        return sorted(name for name, file in files if below(os.path.realpath(file), (str(self._limits.root),)) and file)

    def _heard(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self._asking:
            return
        self._asking = True
        try:
            if fault := self._judge(event, arguments):
                self._report(f"{event}: {fault}")
        except Exception as error:  # noqa: BLE001 - a hook that raises would change what it watches
            self._report(f"{event}: the guard failed with {error!r} on {arguments!r}"[:500])
        finally:
            self._asking = False

    def _judge(self, event: str, arguments: tuple[Any, ...]) -> str | None:
        if event == "open":
            return self._judge_open(*arguments)
        if event in ("os.listdir", "os.scandir", "os.chdir", "os.walk", "os.fwalk"):
            return self._judge_read(absolute(arguments[0] if arguments and arguments[0] is not None else "."))
        if event in CHANGES:
            places = [(arguments[path], arguments[folder] if folder else -1) for path, folder in CHANGES[event]]
            paths = [absolute(path, folder if folder >= 0 else None) for path, folder in places]
            return next((fault for path in paths if (fault := self._judge_write(path))), None)
        if event == "subprocess.Popen":
            return judge_program(arguments[1])
        if event == "compile":
            return self._judge_compile(arguments[1])
        if event == "exec":
            return self._judge_code(arguments[0])
        if event.startswith("marshal.load"):  # the interpreter's own files of compiled modules
            return None if sys._getframe(2).f_code.co_filename.startswith("<frozen importlib") else "marshal is used"
        return repr(arguments)[:300] if event.startswith(FORBIDDEN) else None

    def _judge_open(self, path: Any, mode: str | None, flags: int) -> str | None:
        if isinstance(path, int):
            return None
        full = self._resolved or absolute(path)
        return self._judge_write(full) if flags & WRITING else self._judge_read(full)

    def _judge_read(self, path: str) -> str | None:
        if path == os.devnull or path in self._passed or below(path, self._ours):
            return None
        if not below(path, self._readable):
            return f"{path} lies outside of the project"
        parts = Path(path).relative_to(self._limits.root).parts if below(path, (str(self._limits.root),)) else ()
        named = {part.casefold() for part in parts} & NEVER_OPENED
        return f"{path} is never opened" if named else None

    def _judge_write(self, path: str) -> str | None:
        allowed = path == os.devnull or below(path, tuple(map(str, self._limits.outputs)))
        return None if allowed else f"{path} is written"

    def _judge_compile(self, name: Any) -> str | None:
        """Code of the project is parsed, by `ast`, and that is all; templates are ours and compiled by jinja2."""
        name = os.fsdecode(name) if name is not None else "<string>"
        if below(name, self._ours):
            return None
        caller = sys._getframe(3).f_code.co_filename
        return None if below(caller, LIBRARIES) else f"{name} for {caller}"

    def _judge_code(self, code: Any) -> str | None:
        name = code.co_filename if isinstance(code, CodeType) else repr(code)
        if name.startswith("<frozen") or below(name, self._ours):
            return None
        caller = sys._getframe(3).f_code.co_filename
        known = name.startswith(("<string>", "<template>", "<attrs generated")) and Path(caller).name in GENERATES
        return None if known and below(caller, LIBRARIES) else f"{name} for {caller}"


GENERATES = frozenset(
    {"dataclasses.py", "__init__.py", "environment.py", "loaders.py", "typing.py", "enum.py", "_make.py"}
)
"""Library files that run code which they generated: dataclasses, named tuples, attrs, templates."""


def judge_program(command: Any) -> str | None:
    """What is wrong with starting `command`: anything but git, by its absolute path, with its hands tied."""
    words = [os.fsdecode(word) for word in command] if isinstance(command, list | tuple) else [os.fsdecode(command)]
    if not (words[0].startswith("/") and Path(words[0]).name == "git"):
        return f"{words[0]} is started"
    missing = [setting for setting in (*GIT_SETTINGS, "--no-pager", "--git-dir") if setting not in words]
    return f"git is started without {missing[0]}" if missing else None


def absolute(path: Any, folder: int | None = None) -> str:
    """The real path that `path` (text, bytes or a descriptor) stands for; `folder` is where a relative one starts."""
    if isinstance(path, int):
        return os.readlink(f"/proc/self/fd/{path}")
    text = os.fsdecode(path)
    start = os.readlink(f"/proc/self/fd/{folder}") if folder is not None else os.getcwd()
    joined = os.path.join(start, text)
    # The last part is not followed: to open a link with O_NOFOLLOW reads nothing.
    parent, name = os.path.split(os.path.normpath(joined))
    return os.path.join(os.path.realpath(parent), name)


def below(path: str, folders: tuple[str, ...]) -> bool:
    """Whether `path` is one of `folders` or lies in one."""
    return any(path == folder or path.startswith(folder.rstrip("/") + "/") for folder in folders)
