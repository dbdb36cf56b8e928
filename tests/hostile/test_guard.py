"""The guard sees what a hostile project would like to see done: without that, its silence would prove nothing."""

from __future__ import annotations

from pathlib import Path

from tests.cases import each
from tests.hostile.catalogue import Case, build
from tests.hostile.check import Runner, run_of

MISDEEDS = {
    "open('../outside/secret.tf').read()": "lies outside",
    "open('/etc/hostname').read()": "lies outside",
    "import os; os.open('secret.tf', os.O_RDONLY, dir_fd=os.open('../outside', os.O_RDONLY))": "secret.tf lies outside",
    "import os; os.listdir('..')": "lies outside",
    "import os; list(os.scandir('/'))": "lies outside",
    "import os; os.makedirs('.git'); list(os.scandir('.git'))": "never opened",
    "open('README.md', 'a').close()": "is written",
    "import os; os.remove('README.md')": "is written",
    "import os; os.rename('README.md', 'deployments/README.md')": "is written",
    "import os; os.symlink('/etc', 'link')": "is written",
    "import os; os.mkdir('new')": "is written",
    "import os; os.system('true')": "os.system",
    "import os; os.posix_spawn('/bin/true', ['true'], {})": "os.posix_spawn",
    "import subprocess; subprocess.run(['true'])": "true is started",
    "import subprocess; subprocess.run(['git', 'status'], capture_output=True)": "git is started",
    "import subprocess; subprocess.run(['/usr/bin/git', 'status'], capture_output=True)": "git is started without",
    "import socket; socket.socket()": "socket.",
    "import socket; socket.getaddrinfo('localhost', 80)": "socket.",
    "import ctypes; ctypes.CDLL(None)": "ctypes.",
    "exec(compile(open('scripts/validate_tables_sit.py').read(), 'scripts/validate_tables_sit.py', 'exec'), {})": "exec",  # noqa: E501
    "exec('1 + 1')": "exec",
    "import sys; sys.path.insert(0, '.'); import hostile_module": "comes from the project",
}


@each("misdeed", MISDEEDS)
def test_guard_reports(misdeed: str, runner: Runner, tmp_path: Path) -> None:
    case = Case("misdeed", files={"hostile_module.py": "A = 1\n"})
    build(case, tmp_path)
    outcome = runner.perform(run_of(case, tmp_path, misdeed=misdeed))
    assert any(MISDEEDS[misdeed] in violation for violation in outcome.violations), outcome


def test_guard_is_silent_about_a_good_deed(runner: Runner, tmp_path: Path) -> None:
    case = Case("good deed")
    build(case, tmp_path)
    deed = "open('README.md').read(); import ast; ast.parse('1'); open('deployments/x', 'w').close()"
    assert runner.perform(run_of(case, tmp_path, misdeed=deed)).violations == []
