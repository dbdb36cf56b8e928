"""Keeps the working directory out of the import path, and tells whether an assessed project is on it.

Nothing but `os` and `sys` is imported here, because both are loaded before any file of the path could be; even
`from __future__` would look for a file.
"""

import os
import sys

_OURS = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))  # noqa: PTH120
"""The folder from which this package is imported."""

_given: list[str] = []
"""The import path as the process was given it, in real paths; empty until `leave_working_directory` was called."""


def leave_working_directory() -> None:
    """Takes what the working directory put on the import path off it, unless this package itself lies there.

    That is the directory itself, every relative entry, and what PYTHONPATH names inside of it. What the interpreter
    imported before cannot be undone: for `python -m` that is `contextlib` and what it needs, and `sitecustomize` when
    PYTHONPATH leads there. The installed command without PYTHONPATH, and `python -I`, are out of its reach.
    """
    here = _real(".")
    named = {_real(entry) for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep)}
    _given[:] = [_real(entry) for entry in sys.path]
    sys.path[:] = [entry for entry in sys.path if not _taken_off(entry, here, named)]


def on_import_path(root: str | os.PathLike[str]) -> bool:
    """Whether an entry of the path as it was given lies in `root` or above it, so that its files could be imported.

    The entry of this package and the folders of the interpreter (a virtual environment in the project) do not count.
    """
    real = _real(root)
    return any(
        (_within(entry, real) or _within(real, entry)) and entry != _OURS and not _of_interpreter(entry)
        for entry in _given
    )


def load_msgspec() -> None:
    """Loads msgspec without `typing_extensions`, of which it wants nothing that Python has not itself.

    Another library needs that package to be there, and to load it takes longer than to load msgspec.
    """
    if "msgspec" in sys.modules or "typing_extensions" in sys.modules:
        return
    sys.modules["typing_extensions"] = None  # type: ignore[assignment]  # as the import system has it for "not there"
    try:
        import msgspec  # noqa: F401
    finally:
        del sys.modules["typing_extensions"]


def _taken_off(entry: str, here: str, named: set[str]) -> bool:
    real = _real(entry)
    if real == _OURS or _of_interpreter(real):
        return False
    return not os.path.isabs(entry) or real == here or (real in named and _within(real, here))  # noqa: PTH117


def _of_interpreter(real: str) -> bool:
    """Whether it is the standard library or a folder of installed packages of the interpreter that runs."""
    prefixes = {os.path.realpath(prefix) for prefix in (sys.prefix, sys.base_prefix, sys.exec_prefix)}
    return any(_within(real, f"{prefix}/{folder}") for prefix in prefixes for folder in ("lib", sys.platlibdir, "bin"))


def _within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def _real(path: str | os.PathLike[str]) -> str:
    """The path without links; as it is written when the working directory is gone."""
    try:
        return os.path.realpath(path or ".")
    except OSError:
        return os.fspath(path)
