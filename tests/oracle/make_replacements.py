"""Asks the real Terraform which changes of a resource replace it, and writes the answers down.

    python -m tests.oracle.make_replacements [--terraform COMMAND]

Needs Terraform 1.11 and the AWS provider (a local mirror will do); no account is asked. Each resource of
`replacements.yaml` is planned as it is; what that plan says becomes a state, and every change is planned against it.
"""

import argparse
import json
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import yaml

from tests.oracle.make_provider_data import PROVIDER

HERE = Path(__file__).parent
TARGET = HERE / "replacements.json"
KINDS: dict[str, dict[str, Any]] = yaml.safe_load((HERE / "replacements.yaml").read_text())


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--terraform", default="terraform")
    terraform = parser.parse_args().terraform
    before = {kind: {"r0": told["before"]} for kind, told in KINDS.items()}
    changed = {
        kind: {f"r{number}": after(told["before"], change) for number, change in enumerate(told["changes"])}
        for kind, told in KINDS.items()
    }
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        first = planned(terraform, work, before)
        values = {change["type"]: change["change"]["after"] for change in first}
        (work / "terraform.tfstate").write_text(json.dumps(state(values)))
        second = planned(terraform, work, changed)
    answers = []
    for change in second:
        asked = KINDS[change["type"]]["changes"][int(change["name"].removeprefix("r"))]
        paths = sorted({path[0] for path in change["change"].get("replace_paths", ())})
        actions = change["change"]["actions"]
        answers.append({"type": change["type"], "change": asked, "actions": actions, "replaced": paths})
    answers.sort(key=lambda one: (one["type"], json.dumps(one["change"])))
    lines = ",\n".join(json.dumps(one) for one in answers)
    TARGET.write_text(f"[\n{lines}\n]\n")


def after(body: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in {**body, **change}.items() if value is not None}


def planned(terraform: str, work: Path, resources: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """The changes that a plan of the resources makes."""
    (work / "main.tf.json").write_text(json.dumps({**PROVIDER, "resource": resources}, indent=1))
    commands = (["init", "-input=false"], ["plan", "-input=false", "-no-color", "-refresh=false", "-out=plan"])
    for command in commands:
        subprocess.run([terraform, *command], cwd=work, check=True, stdout=subprocess.DEVNULL)
    shown = subprocess.run([terraform, "show", "-json", "plan"], cwd=work, check=True, capture_output=True, text=True)
    changes: list[dict[str, Any]] = json.loads(shown.stdout)["resource_changes"]
    return changes


def state(values: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """A state in which each change finds a resource of its own, with the values that the plan gave it."""
    resources = []
    for kind, told in values.items():
        for number in range(len(KINDS[kind]["changes"])):
            made = {"id": "made", "arn": f"arn:aws:made:eu-west-1:111122223333:{kind}/made"}
            instance = {
                "schema_version": VERSIONS.get(kind, 0),
                "attributes": {**told, **made, **KINDS[kind].get("made", {})},
            }
            resources.append(
                {
                    "mode": "managed",
                    "type": kind,
                    "name": f"r{number}",
                    "provider": 'provider["registry.terraform.io/hashicorp/aws"]',
                    "instances": [instance],
                }
            )
    return {"version": 4, "terraform_version": "1.11.0", "serial": 1, "lineage": "made", "resources": resources}


VERSIONS = {"aws_dynamodb_table": 1, "aws_kinesis_stream": 1, "aws_db_instance": 2}
"""Of the provider's schemas, where not 0."""


if __name__ == "__main__":
    main()
