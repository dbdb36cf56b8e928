"""Asks a real Terraform for the answers to the expressions in `expressions.yaml` and writes `answers.json`.

    python tests/language/make_answers.py [terraform command]

Needs Terraform 1.11 and no provider. The tests themselves only read the answers.
"""

import json
import re
import subprocess
import sys
import tempfile
from decimal import Decimal
from pathlib import Path

import yaml

HERE = Path(__file__).parent
SETTING = HERE / "setting.tf"


def main() -> None:
    terraform = sys.argv[1] if len(sys.argv) > 1 else "terraform"
    sections = yaml.safe_load((HERE / "expressions.yaml").read_text())
    answers = {}
    for section, expressions in sections.items():
        with tempfile.TemporaryDirectory() as folder:
            answers[section] = ask(terraform, Path(folder), [str(expression) for expression in expressions])
        print(f"{section}: {len(expressions)}")
    (HERE / "answers.json").write_text(json.dumps(answers, indent=1, ensure_ascii=False, default=exact) + "\n")


def ask(terraform: str, folder: Path, expressions: list[str]) -> list[dict[str, object]]:
    """One answer per expression: its value and type, or that Terraform refuses it."""
    (folder / "setting.tf").write_text(SETTING.read_text())
    refused: set[int] = set()
    subprocess.run([terraform, "init", "-input=false"], cwd=folder, check=True, capture_output=True)
    while True:
        starts = write(folder, expressions, refused)
        run = subprocess.run(
            [terraform, "plan", "-json", "-input=false", "-refresh=false", "-out=plan"],
            cwd=folder,
            capture_output=True,
            text=True,
        )
        if run.returncode == 0:
            break
        found = {owner(line, starts) for line in error_lines(run.stdout)}
        # Infinity is a value while Terraform computes, but nothing that it can show.
        found |= {int(index) for index in re.findall(r'output value \\"e(\d+)\\": cannot serialize', run.stdout)}
        if not found - refused:
            raise SystemExit(run.stdout + run.stderr)
        refused |= found
    shown = subprocess.run([terraform, "show", "-json", "plan"], cwd=folder, check=True, capture_output=True, text=True)
    plan = json.loads(shown.stdout, parse_float=Decimal)
    outputs = plan["planned_values"].get("outputs", {})
    changes = plan["output_changes"]
    return [answer(expressions, index, refused, outputs, changes) for index in range(len(expressions))]


def write(folder: Path, expressions: list[str], refused: set[int]) -> list[tuple[int, int]]:
    lines: list[str] = []
    starts = []
    for index, expression in enumerate(expressions):
        if index in refused:
            continue
        starts.append((len(lines) + 1, index))
        # In a tuple, so that null and its type survive in the output.
        lines += [f'output "e{index}" {{', "sensitive = true", "value = [", *expression.split("\n"), "]", "}"]
    (folder / "main.tf").write_text("\n".join(lines) + "\n")
    return starts


def error_lines(output: str) -> list[int]:
    found = []
    for line in output.splitlines():
        event = json.loads(line)
        diagnostic = event.get("diagnostic")
        if diagnostic and diagnostic["severity"] == "error" and "range" in diagnostic:
            found.append(diagnostic["range"]["start"]["line"])
    return found


def owner(line: int, starts: list[tuple[int, int]]) -> int:
    return [index for start, index in starts if start <= line][-1]


def answer(
    expressions: list[str], index: int, refused: set[int], outputs: dict[str, dict], changes: dict[str, dict]
) -> dict[str, object]:
    if index in refused:
        return {"expression": expressions[index], "refused": True}
    name = f"e{index}"
    unknown = changes[name]["after_unknown"]
    found: dict[str, object] = {"expression": expressions[index]}
    if unknown is True or unknown == [True]:
        return {**found, "unknown": True}
    kind = outputs.get(name, {}).get("type")
    after = changes[name]["after"][0]
    if unknown not in (False, [False], [None]):
        found["unknown_parts"] = unknown[0]
    if kind:
        found["type"] = kind[1][0]
    return {**found, "value": after}


def exact(number: object) -> object:
    """Numbers with a fraction as text, because JSON readers round them."""
    if isinstance(number, Decimal):
        return {"number": str(number)}
    raise TypeError(number)


if __name__ == "__main__":
    main()
