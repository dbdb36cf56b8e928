"""Plans every scenario with a real Terraform and writes what it plans beside it, as `planned.json`.

    python tests/scenarios/make_plans.py [--terraform COMMAND] [--missing] [SCENARIO …]

Needs Terraform 1.11 and the AWS provider (a local mirror will do); no account is asked. A scenario is a folder; its
`scenario.yaml` may name `var_files`, `variables` and `workspace`. The tests themselves only read the planned values.
"""

import argparse
import json
import os
import shutil
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
REQUIRED = 'terraform {\n  required_providers {\n    aws = { source = "hashicorp/aws" }\n  }\n}\n'


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--terraform", default="terraform")
    parser.add_argument("--missing", action="store_true", help="only scenarios without planned values")
    parser.add_argument("scenarios", nargs="*")
    options = parser.parse_args()
    folders = [
        path
        for path in sorted(HERE.iterdir())
        if path.is_dir()
        and path.name != "__pycache__"
        and (not options.scenarios or path.name in options.scenarios)
        and not (options.missing and (path / "planned.json").exists())
    ]
    with tempfile.TemporaryDirectory() as temporary, ThreadPoolExecutor(2) as pool:
        base = initialised(options.terraform, Path(temporary) / "base")
        for line in pool.map(partial(write_plan, options.terraform, base), folders):
            print(line, flush=True)


def write_plan(terraform: str, base: Path, folder: Path) -> str:
    try:
        planned = plan(terraform, base, folder)
    except Refused as refused:
        return f"{folder.name}: {refused}"
    text = json.dumps(planned, indent=1, sort_keys=True, default=exact)
    (folder / "planned.json").write_text(text + "\n")
    return f"{folder.name}: {len(planned['resources'])} resources, {len(planned['outputs'])} outputs"


class Refused(Exception):
    """Terraform refused the configuration."""


def initialised(terraform: str, base: Path) -> Path:
    """A folder whose providers are installed; scenarios copy what it holds instead of installing them again."""
    base.mkdir()
    (base / "main.tf").write_text(REQUIRED)
    run(terraform, base, "init", "-input=false")
    (base / "main.tf").unlink()
    return base


def plan(terraform: str, base: Path, folder: Path) -> dict[str, Any]:
    settings = folder / "scenario.yaml"
    scenario = (yaml.safe_load(settings.read_text()) if settings.exists() else None) or {}
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary) / "work"
        shutil.copytree(base, work, symlinks=True)
        ignored = shutil.ignore_patterns("planned.json", "scenario.yaml")
        shutil.copytree(folder, work, dirs_exist_ok=True, ignore=ignored)
        run(terraform, work, "get")
        arguments = [f"-var-file={path}" for path in scenario.get("var_files", [])]
        arguments += [f"-var={name}={value}" for name, value in scenario.get("variables", {}).items()]
        chosen = {"TF_WORKSPACE": scenario["workspace"]} if "workspace" in scenario else {}
        run(terraform, work, "plan", "-input=false", "-refresh=false", "-out=plan", *arguments, **chosen)
        shown = json.loads(run(terraform, work, "show", "-json", "plan", **chosen), parse_float=Decimal)
    return described(shown)


def run(terraform: str, work: Path, *arguments: str, **environment: str) -> str:
    finished = subprocess.run(
        [terraform, *arguments], cwd=work, capture_output=True, text=True, env={**os.environ, **environment}
    )
    if finished.returncode:
        raise Refused(f"terraform {' '.join(arguments)}\n{finished.stdout}{finished.stderr}")
    return finished.stdout


def described(shown: dict[str, Any]) -> dict[str, Any]:
    """Planned attributes per address, without those that are null, and the outputs."""
    resources = {
        change["address"]: {
            "values": without_null(change["change"]["after"]),
            "unknown": change["change"]["after_unknown"],
        }
        for change in shown.get("resource_changes", [])
        if change["mode"] == "managed" and change["change"]["actions"] != ["delete"]
    }
    outputs = {
        name: {"value": change.get("after"), "unknown": change["after_unknown"]}
        for name, change in shown.get("output_changes", {}).items()
    }
    return {"resources": resources, "outputs": outputs}


def without_null(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def exact(amount: Decimal) -> int | float:
    return int(amount) if amount == int(amount) else float(amount)


if __name__ == "__main__":
    main()
