"""Plans the project `shipments` with a real Terraform against several states and writes what `show -json` prints.

    python tests/rules/plans/make_plans.py [terraform command]

Needs Terraform 1.11 and the AWS provider (a local mirror will do); no account is asked. Tests only read the plans.
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PROJECT = HERE.parent / "projects" / "shipments" / "terraform"
OFFLINE = """provider "aws" {
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
"""
TABLE = "aws_dynamodb_table"
KEPT = ("format_version", "terraform_version", "planned_values", "resource_changes", "errored", "complete", "applyable")
"""The rest (configuration, prior state, the time) would make the files change without need."""


def main() -> None:
    terraform = sys.argv[1] if len(sys.argv) > 1 else "terraform"
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "terraform"
        shutil.copytree(PROJECT, folder)
        versions, providers = folder / "versions.tf", folder / "providers.tf"
        versions.write_text(re.sub(r'backend "s3" \{.*?\}', "", versions.read_text(), flags=re.DOTALL))
        text = re.sub(r".*allowed_account_ids.*\n", "", providers.read_text())
        providers.write_text(text.replace('provider "aws" {\n', OFFLINE))
        subprocess.run([terraform, "init", "-input=false"], cwd=folder, check=True, capture_output=True)
        first = plan(terraform, folder, "create", {})
        tables = {
            change["name"]: deployed(change["change"]["after"])
            for change in first["resource_changes"]
            if change["type"] == TABLE
        }
        carriers, parcels = tables["carriers"], tables["parcels"]
        plan(terraform, folder, "unchanged", {"carriers": carriers, "parcels": parcels})
        renamed = carriers | {"name": "carriers", "id": "carriers"}
        old = carriers | {"name": "depots-sit", "id": "depots-sit"}
        plan(terraform, folder, "replace", {"carriers": renamed, "parcels": parcels, "depots": old})
        keyed = parcels | {"hash_key": "id", "range_key": None, "attribute": [{"name": "id", "type": "S"}]}
        plan(terraform, folder, "rekey", {"parcels": keyed | {"billing_mode": "PROVISIONED"}})


def deployed(planned: Mapping[str, Any]) -> dict[str, Any]:
    """The planned attributes with those that AWS would have added."""
    name = planned["name"]
    return {**planned, "id": name, "arn": f"arn:aws:dynamodb:eu-west-1:111122223333:table/{name}"}


def plan(terraform: str, folder: Path, name: str, tables: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    resources = [
        {
            "mode": "managed",
            "type": TABLE,
            "name": label,
            "provider": 'provider["registry.terraform.io/hashicorp/aws"]',
            "instances": [{"schema_version": 1, "attributes": attributes}],
        }
        for label, attributes in tables.items()
    ]
    state = {"version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": "tests", "resources": resources}
    (folder / "terraform.tfstate").write_text(json.dumps(state))
    command = [terraform, "plan", "-input=false", "-refresh=false", "-var-file=environments/sit.tfvars", "-out=saved"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    show = [terraform, "show", "-json", "saved"]
    data = json.loads(subprocess.run(show, cwd=folder, check=True, capture_output=True).stdout)
    kept = {key: data[key] for key in KEPT if key in data}
    (HERE / f"{name}.json").write_text(json.dumps(kept, indent=1) + "\n")
    return kept


if __name__ == "__main__":
    main()
