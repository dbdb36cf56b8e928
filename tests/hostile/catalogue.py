"""The cases as data, and the hostile project that each of them describes."""

# Paths are handled as the kernel sees them.
# ruff: noqa: PTH115, PTH123
from __future__ import annotations

import base64
import hashlib
import os
import shutil
import socket
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from tests.data import data

HERE = Path(__file__).parent
BASE = HERE.parent / "rules" / "projects" / "shipments"
"""A small project that is READY on its own: whatever a case adds must not leave it so without a reason."""
FAMILIES = sorted((HERE / "cases").glob("*.yaml"))
EPOCH = "1772582400"
"""2026-03-04, a week before the deployment that the base project plans."""
CANARY = "CANARY"
"""Stands in everything that must not be read or shown, and in nothing else."""
EARLIER = "sit_shipments_schemas_summary.md"
HASHED = 2 * 1024 * 1024
"""Bytes; of a larger input only size and time are compared."""


@dataclass(frozen=True)
class Said:
    """A diagnostic that must be given."""

    at: str
    """`path`, `path:line` or `path:line:column`."""
    words: str
    """Must stand in it."""
    code: str
    severity: str = "error"


@dataclass(frozen=True)
class Case:
    """One hostile input: what lies in the project, how the command is called, and what has to come of it."""

    name: str
    row: str = ""
    """The row of rows.yaml that it stands for."""
    files: Mapping[str, Any] = field(default_factory=dict)
    """Path to text, or to a recipe: see `make`. A path that starts with `../` lies beside the project."""
    remove: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ("assess", "sit")
    environment: Mapping[str, str] = field(default_factory=dict)
    exit: tuple[int, ...] = (4,)
    says: tuple[Said, ...] = ()
    complains: tuple[str, ...] = ()
    """Must stand on standard error."""
    shows: tuple[str, ...] = ()
    """Must stand in some output."""
    never: tuple[str, ...] = ()
    """Must stand in no output."""
    verdict: str = ""
    ready: bool = False
    """The table of bad inputs says that this one is fine."""
    unread: tuple[str, ...] = ()
    """Files of the base project that need not be among the inputs; replaced and removed ones never need to."""
    outputs: tuple[str, ...] = ("deployments",)
    inputs: tuple[str, ...] = ()
    """What the command line names outside of the project, relative to it."""
    unprivileged: bool = False
    as_module: bool = False
    """Started as `python -m bbws_readiness` in the project, in a process of its own that no guard watches."""
    stdin: str = ""
    within: float = 10.0
    """Seconds of CPU."""
    only: str = ""
    """An operating system facility that has to be there: `linux`, `root`."""
    known: str = ""
    """What is known to be wrong today; empties with the fault."""


@cache
def cases() -> tuple[Case, ...]:
    """All cases, by family and in the order written."""
    return tuple(case for path in FAMILIES for case in read_family(path))


def read_family(path: Path) -> Iterator[Case]:
    """The cases of one file; an unknown key or a name given twice is an error."""
    names = set()
    for entry in data(path)["cases"]:
        entry["says"] = tuple(Said(**said) for said in entry.get("says", ()))
        codes = entry.get("exit", (4,))
        entry["exit"] = (codes,) if isinstance(codes, int) else tuple(codes)
        listed = ("remove", "arguments", "complains", "shows", "never", "unread", "outputs", "inputs")
        entry |= {key: tuple(entry[key]) for key in listed if key in entry}
        case = Case(**entry | {"name": f"{path.stem}: {entry['name']}"})
        if case.name in names:
            raise ValueError(f"two cases are called {case.name}")
        names.add(case.name)
        yield case


def build(case: Case, folder: Path) -> Path:
    """The project of `case` in `folder`, with secrets beside it; gives its path."""
    project = folder / "project"
    shutil.copytree(BASE, project)
    (folder / "home" / ".aws").mkdir(parents=True)
    (folder / "home" / ".aws" / "credentials").write_text(f"{CANARY}-home\n")
    (folder / CACHES).mkdir()
    (folder / "outside").mkdir()
    (folder / "outside" / "secret.tf").write_text(f'locals {{ outside = "{CANARY}-outside" }}\n')
    for path in case.remove:
        target = project / path
        shutil.rmtree(target) if target.is_dir() else target.unlink()
    for path, recipe in case.files.items():
        target = project / path
        if target.parent.is_symlink() or not target.parent.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
        if os.path.lexists(target) and not target.is_dir():
            target.unlink()
        make(target, recipe)
    deployments = project / "deployments"
    if not os.path.lexists(deployments):
        deployments.mkdir()
        (deployments / EARLIER).write_text("\n")
        (deployments / "keep.txt").write_text("keep\n")
    for path, recipe in case.files.items():
        if isinstance(recipe, dict) and "mode" in recipe:
            (project / path).chmod(int(str(recipe["mode"]), 8))
    return project


def make(target: Path, recipe: Any) -> None:
    """A file, or what stands in its place.

    A recipe is text, a list of recipes to be joined, or a mapping with one of: `hex`, `base64`, `latin1`, `repeat`
    with `times` (`{n}` is the number of the turn), `sparse` (bytes), `link`, `pipe`, `socket`, `device`, `folder`,
    `copies` of a file (`{n}` in `named`), `base` (a file of the base project); and `mode` beside any of them.
    """
    if isinstance(recipe, dict):
        if "link" in recipe:
            target.symlink_to(recipe["link"])
            return
        if "pipe" in recipe:
            os.mkfifo(target)
            return
        if "socket" in recipe:
            bind(target)
            return
        if "device" in recipe:
            os.mknod(target, stat.S_IFCHR | 0o600, os.makedev(*recipe["device"]))
            return
        if "folder" in recipe:
            target.mkdir(parents=True, exist_ok=True)
            return
        if "copies" in recipe:
            target.mkdir(parents=True, exist_ok=True)
            for number in range(recipe["copies"]):
                make(target / recipe["named"].replace("{n}", str(number)), recipe.get("text", ""))
            return
        if "sparse" in recipe:
            with target.open("wb") as file:
                file.truncate(recipe["sparse"])
            return
    target.write_bytes(content(recipe))


def content(recipe: Any) -> bytes:
    """The bytes that a recipe describes."""
    if isinstance(recipe, str):
        return recipe.encode("utf-8")
    if isinstance(recipe, list):
        return b"".join(map(content, recipe))
    if "hex" in recipe:
        return bytes.fromhex(recipe["hex"])
    if "base64" in recipe:
        return base64.b64decode(recipe["base64"])
    if "latin1" in recipe:
        return str(recipe["latin1"]).encode("latin-1")
    if "utf16" in recipe:
        return b"\xff\xfe" + str(recipe["utf16"]).encode("utf-16-le")
    if "base" in recipe:
        data = (BASE / recipe["base"]).read_bytes()
        for old, new in recipe.get("replace", {}).items():
            if old.encode() not in data:
                raise ValueError(f"{recipe['base']} does not hold {old!r}")
            data = data.replace(old.encode(), content(new))
        return data
    if "repeat" in recipe:
        text, times = recipe["repeat"], recipe["times"]
        if "{n}" in text or "{next}" in text:
            turns = (text.replace("{n}", str(n)).replace("{next}", str(n + 1)) for n in range(times))
            return "".join(turns).encode()
        return text.encode() * times
    if "text" in recipe:
        return content(recipe["text"])
    raise ValueError(f"no such recipe: {sorted(recipe)}")


def bind(target: Path) -> None:
    """A socket; bound from its own folder, because the path of a socket must be short."""
    before = Path.cwd()
    os.chdir(target.parent)
    try:
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(target.name)
    finally:
        os.chdir(before)


CACHES = "caches"
KEPT = f"{CACHES}/kept"
"""Beside the project: the one other folder that a run may write to, its cache.

It lies in a folder of its own, because a run may look at what its outputs lie in, but not at what the project lies in.
"""


def snapshot(folder: Path) -> dict[str, str]:
    """Everything below `folder`, each path with what is comparable of it; nothing is opened but regular files."""
    found: dict[str, str] = {}
    pending = [os.fsencode(folder)]
    while pending:
        directory = pending.pop()
        for entry in entries(directory):
            status = entry.stat(follow_symlinks=False)
            name = os.fsdecode(os.path.relpath(entry.path, os.fsencode(folder)))
            found[name] = f"{status.st_mode:o} {status.st_size if not entry.is_dir(follow_symlinks=False) else ''}"
            if entry.is_symlink():
                found[name] += os.fsdecode(os.readlink(entry.path))
            elif entry.is_dir(follow_symlinks=False):
                pending.append(entry.path)
            elif entry.is_file(follow_symlinks=False):
                found[name] += digest(entry.path, status)
    return found


def entries(directory: bytes) -> list[os.DirEntry[bytes]]:
    """What lies in a folder; nothing when it may not be listed."""
    try:
        return list(os.scandir(directory))
    except PermissionError:
        return []


def digest(path: bytes, status: os.stat_result) -> str:
    """What tells one content from another."""
    if status.st_size > HASHED:
        return f" {status.st_mtime_ns}"
    if not os.access(path, os.R_OK):
        return " unreadable"
    with open(path, "rb") as file:
        return " " + hashlib.sha256(file.read()).hexdigest()


def environment(case: Case, folder: Path) -> dict[str, str]:
    """What the command finds in its environment: little, and secrets that it must not show."""
    return {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "HOME": str(folder / "home"),
        "XDG_CACHE_HOME": str(folder / KEPT),
        "LANG": "C.UTF-8",
        "SOURCE_DATE_EPOCH": EPOCH,
        "GITHUB_TOKEN": f"{CANARY}-token",
        "AWS_SECRET_ACCESS_KEY": f"{CANARY}-key",
        "TF_VAR_backup_schedule": f"{CANARY}-variable",
        **case.environment,
    }
