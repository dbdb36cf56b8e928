"""Asks a real Terraform with the AWS provider 5 what it renders of `configurations.yaml` and writes `answers.json`.

    python tests/policy_documents/make_answers.py [--terraform COMMAND]

The tests only read the answers.
"""

import argparse
import json
import re
import subprocess
import tempfile
from pathlib import Path

import yaml

HERE = Path(__file__).parent
MEMBERS = ("json", "minified_json", "id", "version")
SETTINGS = """\
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }
  }
}

provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--terraform", default="terraform", help="the command that runs Terraform 1.11")
    options = parser.parse_args()
    cases = yaml.safe_load((HERE / "configurations.yaml").read_text())
    with tempfile.TemporaryDirectory() as folder:
        answers = ask(options.terraform, Path(folder), cases)
    written = ",\n ".join(json.dumps(answer, ensure_ascii=False) for answer in answers)
    (HERE / "answers.json").write_text(f"[\n {written}\n]\n")
    print(f"{len(answers)} answers, {sum('refused' in answer for answer in answers)} refused")


def ask(terraform: str, folder: Path, cases: list[dict[str, str]]) -> list[dict[str, object]]:
    """One answer per configuration: what is known of the document, that it is unknown, or that it is refused."""
    for index, case in enumerate(cases):
        module = folder / f"c{index}"
        module.mkdir()
        outputs = [f'output "{name}" {{ value = data.aws_iam_policy_document.d.{name} }}' for name in MEMBERS]
        (module / "main.tf").write_text(case["main"] + "\n".join(outputs) + "\n")
    refused: set[int] = set()
    while True:
        asked = [index for index in range(len(cases)) if index not in refused]
        calls = [f'module "c{i}" {{ source = "./c{i}" }}\noutput "c{i}" {{ value = module.c{i} }}' for i in asked]
        (folder / "main.tf").write_text(SETTINGS + "\n".join(calls) + "\n")
        run(terraform, folder, "init", "-input=false")
        planned = run(terraform, folder, "plan", "-json", "-input=false", "-refresh=false", "-out=plan", check=False)
        if planned.returncode == 0:
            break
        found = {int(number) for line in planned.stdout.splitlines() for number in blamed(line)}
        if not found - refused:
            raise SystemExit(planned.stdout + planned.stderr)
        refused |= found
    changes = json.loads(run(terraform, folder, "show", "-json", "plan").stdout)["output_changes"]
    return [answer(index, case["name"], changes) for index, case in enumerate(cases)]


def run(terraform: str, folder: Path, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    return subprocess.run([terraform, *words], cwd=folder, check=check, capture_output=True, text=True)


def blamed(line: str) -> list[str]:
    diagnostic = json.loads(line).get("diagnostic") or {}
    if diagnostic.get("severity") != "error":
        return []
    place = f"{diagnostic.get('address', '')} {diagnostic.get('range', {}).get('filename', '')}"
    return re.findall(r"(?:module\.c|^ ?c|\./c)(\d+)", place)


def answer(index: int, name: str, changes: dict[str, dict[str, object]]) -> dict[str, object]:
    change = changes.get(f"c{index}")
    if change is None:
        return {"name": name, "refused": True}
    after, unknown = change["after"], change["after_unknown"]
    assert isinstance(after, dict)
    gaps = unknown if isinstance(unknown, dict) else {}
    told = {key: after[key] for key in MEMBERS if not gaps.get(key)}
    return {"name": name, **told} if told else {"name": name, "unknown": True}


if __name__ == "__main__":
    main()
