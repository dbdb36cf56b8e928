"""Runs the catalogue through the installed command under strace, and tells what the kernel was asked for.

    python -m tests.hostile.trace [--jobs N] [WORD IN A CASE'S NAME …]

Needs strace. Ends with 1 when a program other than Python and git was started, a socket was asked for, or a file was
opened that is neither the project's nor the interpreter's.
"""

# Paths are handled as the kernel sees them.
# ruff: noqa: PTH100, PTH118
from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from tests.hostile.catalogue import KEPT, Case, build, cases, environment
from tests.hostile.guard import LIBRARIES, OUR_FILES, REPOSITORY, below

COMMAND = Path(sysconfig.get_path("scripts")) / "readiness"
CALLS = "trace=%file,%network,execve,readlink"
SYSTEM = (
    "/lib",
    "/lib64",
    "/usr/lib",
    "/usr/share/locale",
    "/usr/share/git-core",
    "/usr/share/zoneinfo",
    "/etc/ld.so.cache",
    "/etc/ld.so.preload",
    "/etc/localtime",
    "/dev/null",
    "/dev/urandom",
    "/proc/self",
    "/proc/filesystems",
    "/proc/cpuinfo",
    "/sys/devices/system/cpu",
    "/sys/fs/cgroup/cpu.max",
    "/sys/fs/cgroup/cpu/cpu.cfs_quota_us",
    "/sys/fs/cgroup/cpu/cpu.cfs_period_us",
)
"""What the loader, the C library and the interpreter open in every program, and how many processors there are."""
LINE = re.compile(r"^\d+\s+(?P<call>\w+)\((?P<arguments>.*)\)\s+= (?P<result>-?\d+|\?)")
OPENS = frozenset({"open", "openat", "openat2", "creat", "chdir"})
CHANGES = frozenset(
    {
        "rename",
        "renameat",
        "renameat2",
        "unlink",
        "unlinkat",
        "mkdir",
        "mkdirat",
        "rmdir",
        "link",
        "linkat",
        "symlink",
        "symlinkat",
        "chmod",
        "fchmodat",
        "chown",
        "fchownat",
        "lchown",
        "truncate",
        "utimensat",
    }
)
NETWORK = frozenset(
    {"socket", "connect", "bind", "sendto", "sendmsg", "recvfrom", "recvmsg", "listen", "accept", "socketpair"}
)
PATH = re.compile(r'(?:(?:AT_FDCWD|\d+)<(?P<folder>[^>]*)>, )?"(?P<path>(?:[^"\\]|\\.)*)"')


@dataclass
class Traced:
    """What one run asked of the kernel."""

    case: Case
    executed: Counter[str] = field(default_factory=Counter)
    opened: int = 0
    probed: int = 0
    faults: list[str] = field(default_factory=list)


def main() -> int:
    """Trace the cases that the arguments name, and print what was seen."""
    parser = argparse.ArgumentParser(description="Trace the catalogue with strace.")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("words", nargs="*")
    options = parser.parse_args()
    if shutil.which("strace") is None:
        sys.stderr.write("strace is not installed\n")
        return 2
    chosen = [case for case in cases() if not options.words or any(word in case.name for word in options.words)]
    traced = list(trace_all(chosen, options.jobs))
    sys.stdout.write(summary(traced))
    return int(any(one.faults for one in traced))


def trace_all(chosen: Sequence[Case], jobs: int) -> Iterator[Traced]:
    """Every case, several at a time."""
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(jobs) as pool:
        places = [Path(folder).resolve() / str(number) for number in range(len(chosen))]
        yield from pool.map(trace, chosen, places)


def trace(case: Case, folder: Path) -> Traced:
    """One case, built in the new folder `folder`, which is gone afterwards."""
    folder.mkdir()
    project = build(case, folder)
    log = folder / "strace.log"
    command = [
        shutil.which("strace") or "strace",
        "-f",
        "-y",
        "-s",
        "4096",
        "-e",
        CALLS,
        "-o",
        str(log),
        str(COMMAND),
        *case.arguments,
    ]
    if any("\0" in word for word in command):
        return Traced(case)
    with (folder / "stdout").open("wb") as out, (folder / "stderr").open("wb") as errors:
        subprocess.run(
            command,
            cwd=project,
            env={**environment(case, folder), "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=errors,
            timeout=300,
            check=False,
        )
    traced = Traced(case)
    outputs = (*(os.path.abspath(project / path) for path in case.outputs), str(folder / KEPT))
    inputs = tuple(os.path.abspath(project / path) for path in case.inputs)
    for line in log.read_text("utf-8", "replace").splitlines():
        if match := LINE.match(line):
            judge(traced, match, str(project), outputs, inputs)
    for path, recipe in case.files.items():
        if isinstance(recipe, dict) and "mode" in recipe:
            (project / path).chmod(0o700)
    shutil.rmtree(folder)
    return traced


def judge(traced: Traced, match: re.Match[str], root: str, outputs: tuple[str, ...], inputs: tuple[str, ...]) -> None:
    """Count one call, and note it when it goes too far."""
    call, arguments = match["call"], match["arguments"]
    if call in NETWORK:
        traced.faults.append(f"{call}({arguments[:200]})")
        return
    paths = [resolved(one, root) for one in PATH.finditer(arguments)]
    if call == "execve":
        if match["result"] == "0":
            traced.executed[paths[0]] += 1
            if paths[0] != str(COMMAND) and Path(paths[0]).name != "git" and not below(paths[0], LIBRARIES):
                traced.faults.append(f"started {paths[0]}")
        return
    ours = (*OUR_FILES, *LIBRARIES, *SYSTEM)
    if call in CHANGES and match["result"] == "0":
        changed = [path for path in paths if not below(path, outputs)]
        traced.faults += [f"{call} {path}" for path in changed]
    elif call in OPENS and int(match["result"]) >= 0:
        traced.opened += 1
        writes = re.search(r"O_WRONLY|O_RDWR|O_CREAT", arguments)
        allowed = (*outputs, "/dev/null") if writes else (root, *outputs, *inputs, *ours)
        passed = {str(Path(path).parent) for path in (*outputs, *inputs)} | {str(REPOSITORY)}
        traced.faults += [
            f"{call} {path}" for path in paths if not below(path, allowed) and (writes or path not in passed)
        ]
    else:
        traced.probed += 1


def resolved(match: re.Match[str], root: str) -> str:
    """The path of a call as text; a relative one starts where strace says, or in the project."""
    path = match["path"]
    return os.path.normpath(os.path.join(match["folder"] or root, path)) if path else match["folder"] or root


def summary(traced: Sequence[Traced]) -> str:
    """What was seen over all cases, and every fault."""
    executed: Counter[str] = Counter()
    for one in traced:
        executed.update(one.executed)
    lines = [
        f"{len(traced)} cases, {sum(one.opened for one in traced)} files opened, "
        f"{sum(one.probed for one in traced)} other questions about files"
    ]
    lines += [f"started {count} times: {program}" for program, count in executed.most_common()]
    faulty = [one for one in traced if one.faults]
    lines += [f"{one.case.name}: {fault}" for one in faulty for fault in one.faults[:10]]
    lines.append(f"{len(faulty)} cases went too far" if faulty else "no socket, no other program, no file outside")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
