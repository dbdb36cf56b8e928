"""Makes bash's answers of `cases/shell_places.yaml` again: `python -m tests.parsers.shell_answers`."""

import json
import subprocess
import tempfile
from pathlib import Path

import yaml

CASES = Path(__file__).parent / "cases" / "shell_places.yaml"
FOLDERS = ("infra/tables", "one", "two", "scripts")
PROGRAM = """#!/usr/bin/env python3
import json, os, sys
told = [os.path.relpath(os.getcwd(), os.environ["ROOT"]), *sys.argv[1:]]
with open(os.environ["LOG"], "a") as log:
    log.write(json.dumps(told) + "\\n")
"""
HEAD = (
    "# What bash does with these scripts: [directory, arguments…] of every terraform, in the order of their start.",
    "# `open` are those (by their first argument) of which a reader of the text cannot know everything.",
)


def answers(script: str) -> list[list[str]]:
    """The directory and the arguments of every `terraform` that bash starts, in order."""
    with tempfile.TemporaryDirectory() as folder:
        root, log = Path(folder) / "root", Path(folder) / "log"
        for name in FOLDERS:
            (root / name).mkdir(parents=True)
        program = Path(folder) / "bin" / "terraform"
        program.parent.mkdir()
        program.write_text(PROGRAM)
        program.chmod(0o755)
        (Path(folder) / "script.sh").write_text(script)
        environment = {"PATH": f"{program.parent}:/usr/bin:/bin", "LOG": str(log), "ROOT": str(root.resolve())}
        environment |= {"GITHUB_WORKSPACE": str(root.resolve()), "HOME": folder}
        command = ["bash", "--noprofile", "--norc", "-e", str(Path(folder) / "script.sh")]
        subprocess.run(command, cwd=root, env=environment, capture_output=True, check=False, timeout=20)
        lines = log.read_text().splitlines() if log.exists() else []
        return [json.loads(line) for line in lines]


if __name__ == "__main__":
    cases = yaml.safe_load(CASES.read_text())
    text = list(HEAD)
    for case in cases:
        text.append(f"- script: {json.dumps(case['script'])}")
        if case.get("open"):
            text.append(f"  open: {json.dumps(case['open'])}")
        text.append(f"  bash: {json.dumps(answers(case['script']))}")
    CASES.write_text("\n".join(text) + "\n")
