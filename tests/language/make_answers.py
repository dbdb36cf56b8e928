"""Asks a real Terraform for the answers to the expressions in `expressions.yaml` and writes `answers.json`.

    python tests/language/make_answers.py [--terraform COMMAND] [section ...]

Needs Terraform 1.11 and no provider; sections that are not named keep their answers. The tests themselves only read
the answers.
"""

import argparse
import json
import re
import shutil
import subprocess
import tempfile
from decimal import Decimal
from pathlib import Path

import yaml

HERE = Path(__file__).parent
ANSWERS = HERE / "answers.json"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--terraform", default="terraform", help="the command that runs Terraform 1.11")
    parser.add_argument("sections", nargs="*")
    options = parser.parse_args()
    sections = yaml.safe_load((HERE / "expressions.yaml").read_text())
    answers = json.loads(ANSWERS.read_text(), parse_float=Decimal) if options.sections else {}
    for section, expressions in sections.items():
        if options.sections and section not in options.sections:
            continue
        with tempfile.TemporaryDirectory() as folder:
            answers[section] = ask(options.terraform, Path(folder), [str(expression) for expression in expressions])
        print(f"{section}: {len(expressions)}")
    ordered = {section: answers[section] for section in sections if section in answers}
    ANSWERS.write_text(lines(ordered))


def lines(answers: dict[str, list[dict[str, object]]]) -> str:
    """JSON with one answer per line."""
    sections = []
    for section, found in answers.items():
        written = ",\n  ".join(json.dumps(answer, ensure_ascii=False, default=exact) for answer in found)
        sections.append(f" {json.dumps(section)}: [\n  {written}\n ]")
    return "{\n" + ",\n".join(sections) + "\n}\n"


def ask(terraform: str, folder: Path, expressions: list[str]) -> list[dict[str, object]]:
    """One answer per expression: its value and type, or that Terraform refuses it."""
    shutil.copy(HERE / "setting.tf", folder)
    shutil.copytree(HERE / "files", folder / "files")
    refused: set[int] = set()
    write(folder, expressions, set(range(len(expressions))))
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
