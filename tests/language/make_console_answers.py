"""Asks a real `terraform console` how it prints the values of `console.yaml` and writes `console.json`.

    python tests/language/make_console_answers.py [terraform command]

Needs Terraform 1.11 and no provider. The tests themselves only read the answers.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

HERE = Path(__file__).parent


def main() -> None:
    terraform = sys.argv[1] if len(sys.argv) > 1 else "terraform"
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "setting.tf").write_text((HERE / "console.tf").read_text())
        subprocess.run([terraform, "init", "-input=false"], cwd=folder, check=True, capture_output=True)
        answers = [ask(terraform, folder, str(expression)) for expression in yaml.safe_load(expressions())]
    (HERE / "console.json").write_text(json.dumps(answers, indent=1, ensure_ascii=False) + "\n")


def expressions() -> str:
    return (HERE / "console.yaml").read_text()


def ask(terraform: str, folder: str, expression: str) -> dict[str, object]:
    """What the console prints for one expression; it tells only the last of several, so each is asked alone."""
    run = subprocess.run(
        [terraform, "console"], cwd=folder, input=f"{expression}\n", capture_output=True, text=True, encoding="utf-8"
    )
    if run.returncode:
        return {"expression": expression, "refused": True}
    return {"expression": expression, "prints": run.stdout.removesuffix("\n")}


if __name__ == "__main__":
    main()
