"""Plans every scenario with a real Terraform and writes what it plans beside it, as `planned.json`.

    python tests/scenarios/make_plans.py [terraform command]

Needs Terraform 1.11 and the AWS provider (a local mirror will do); no account is asked. A scenario is a folder; its
`scenario.yaml` may name `var_files` and `variables`. The tests themselves only read the planned values.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from decimal import Decimal
from pathlib import Path

import yaml

HERE = Path(__file__).parent


def main() -> None:
    terraform = sys.argv[1] if len(sys.argv) > 1 else "terraform"
    wanted = sys.argv[2:]
    for folder in sorted(path for path in HERE.iterdir() if (path / "main.tf").exists()):
        if wanted and folder.name not in wanted:
            continue
        planned = plan(terraform, folder)
        text = json.dumps(planned, indent=1, sort_keys=True, default=str)
        (folder / "planned.json").write_text(text + "\n")
        print(f"{folder.name}: {len(planned['resources'])} resources, {len(planned['outputs'])} outputs")


def plan(terraform: str, folder: Path) -> dict[str, object]:
    settings = folder / "scenario.yaml"
    scenario = yaml.safe_load(settings.read_text()) if settings.exists() else {}
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary) / "work"
        shutil.copytree(folder, work)
        run(terraform, work, "init", "-input=false", "-backend=false")
        arguments = [f"-var-file={path}" for path in scenario.get("var_files", [])]
        arguments += [f"-var={name}={value}" for name, value in scenario.get("variables", {}).items()]
        run(terraform, work, "plan", "-input=false", "-refresh=false", "-out=plan", *arguments)
        shown = json.loads(run(terraform, work, "show", "-json", "plan"), parse_float=Decimal)
    return described(shown)


def run(terraform: str, work: Path, *arguments: str) -> str:
    finished = subprocess.run([terraform, *arguments], cwd=work, capture_output=True, text=True)
    if finished.returncode:
        raise SystemExit(f"{work}: terraform {' '.join(arguments)}\n{finished.stdout}{finished.stderr}")
    return finished.stdout


def described(shown: dict) -> dict[str, object]:
    """Planned attributes per address, without those that nobody set and the provider leaves null."""
    resources = {}
    for change in shown["resource_changes"]:
        if change["mode"] == "managed":
            resources[change["address"]] = {
                "values": without_null(change["change"]["after"]),
                "unknown": change["change"]["after_unknown"],
            }
    outputs = {}
    for name, change in shown["output_changes"].items():
        outputs[name] = {"value": change["after"], "unknown": change["after_unknown"]}
    return {"resources": resources, "outputs": outputs}


def without_null(values: dict) -> dict:
    return {name: value for name, value in values.items() if value is not None}


if __name__ == "__main__":
    main()
