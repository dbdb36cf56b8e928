"""Asks the real Terraform what the AWS provider plans for what a configuration leaves out, and writes it down.

    python tests/oracle/make_provider_data.py [--terraform COMMAND] [--show-refused]

Needs Terraform 1.11 and the AWS provider (a local mirror will do); no account is asked. For every type in
`provider_samples.yaml` it plans the smallest resource the schema allows, and one more for every nested block. What the
plan says about arguments that the sample leaves out becomes `bbws_readiness/terraform/provider/aws_defaults.json`.
Samples that the provider refuses are left out; what they would have shown stays untold (`"untold": true`).
"""

import argparse
import fnmatch
import json
import re
import subprocess
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
TARGET = HERE.parent.parent / "bbws_readiness" / "terraform" / "provider" / "aws_defaults.json"
SAMPLES = yaml.safe_load((HERE / "provider_samples.yaml").read_text())
PROVIDER = {
    "terraform": {"required_providers": {"aws": {"source": "hashicorp/aws"}}},
    "provider": {
        "aws": {
            "region": "eu-west-1",
            "access_key": "test",
            "secret_key": "test",
            "skip_credentials_validation": True,
            "skip_requesting_account_id": True,
            "skip_metadata_api_check": True,
        }
    },
}
MAY_BE_JSON = re.compile("policy|pattern|input|rules|document|definition")
Path_ = tuple[str, ...]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--terraform", default="terraform")
    parser.add_argument("--show-refused", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        terraform = Terraform(options.terraform, work)
        write(work, {"terraform_data.s0": ("terraform_data", {})})
        terraform.run("init", "-input=false")
        schemas = json.loads(terraform.run("providers", "schema", "-json"))
        version = terraform.provider_version()
        known = {
            name: schema["block"]
            for provider in schemas["provider_schemas"].values()
            for name, schema in provider["resource_schemas"].items()
        }
        blocks = {name: known[name] for name in sorted(filter(is_chosen, known))}
        samples = {
            f"{kind}.s{number}": (kind, body)
            for kind, block in blocks.items()
            for number, body in enumerate(sample_bodies(kind, block))
        }
        planned = terraform.plan_accepted(samples, show_refused=options.show_refused)
    data: dict[str, Any] = {kind: described(block, seen(kind, planned)) for kind, block in blocks.items()}
    for path, source in SAMPLES["null_with"].items():
        kind, name = path.split(".")
        data[kind]["attributes"][name]["null_with"] = source
    for path, value in SAMPLES["reads_as_left_out"].items():
        kind, name = path.split(".")
        data[kind]["attributes"][name]["reads_as_left_out"] = value
    TARGET.write_text(compact({"provider": "hashicorp/aws", "version": version, "types": data}))
    print(f"{len(data)} types, {len(planned)} of {len(samples)} samples planned, {TARGET.stat().st_size} bytes")


class Terraform:
    """Runs terraform in one folder."""

    def __init__(self, command: str, work: Path) -> None:
        self._command = command
        self._work = work

    def run(self, *arguments: str, check: bool = True) -> str:
        finished = subprocess.run([self._command, *arguments], cwd=self._work, capture_output=True, text=True)
        if check and finished.returncode:
            raise SystemExit(f"terraform {' '.join(arguments)}\n{finished.stdout}{finished.stderr}")
        return finished.stdout

    def provider_version(self) -> str:
        (version,) = json.loads(self.run("version", "-json"))["provider_selections"].values()
        return version

    def plan_accepted(self, samples: dict[str, Any], *, show_refused: bool) -> dict[str, Any]:
        """The planned change of every sample the provider accepts, under its address."""
        remaining = dict(samples)
        for command in (["validate", "-json"], ["plan", "-json", "-input=false", "-refresh=false", "-out=plan"]):
            while True:
                write(self._work, remaining)
                refused = self._refused(command)
                if not refused:
                    break
                for address, summaries in refused.items():
                    if show_refused:
                        print(f"{address} {json.dumps(samples[address][1])}: {'; '.join(summaries)}")
                    del remaining[address]
        shown = json.loads(self.run("show", "-json", "plan"), parse_float=Decimal)
        return {
            change["address"]: (remaining[change["address"]][1], change["change"])
            for change in shown["resource_changes"]
        }

    def _refused(self, command: list[str]) -> dict[str, list[str]]:
        output = self.run(*command, check=False)
        found: dict[str, list[str]] = {}
        records = [json.loads(output)] if command[0] == "validate" else map(json.loads, output.splitlines())
        for record in records:
            diagnostics = record.get("diagnostics") or [record["diagnostic"]] if "diagnostic" in record else []
            diagnostics = record.get("diagnostics", diagnostics)
            for diagnostic in diagnostics:
                if diagnostic["severity"] != "error":
                    continue
                address = diagnostic.get("address") or address_in(diagnostic)
                message = f"{diagnostic['summary']} {diagnostic.get('detail', '')}"
                found.setdefault(address, []).append(" ".join(message.split())[:200])
        return found


def address_in(diagnostic: dict[str, Any]) -> str:
    """The address of a diagnostic that names its resource only by the block it stands in."""
    context = (diagnostic.get("snippet") or {}).get("context") or ""
    match = re.search(r'resource[ .]"?(\w+)"?[ .]"?(\w+)', context)
    if not match:
        raise SystemExit(f"not about one sample: {diagnostic}")
    return f"{match[1]}.{match[2]}"


def write(work: Path, samples: dict[str, Any]) -> None:
    resources: dict[str, dict[str, Any]] = {}
    for address, (kind, body) in samples.items():
        resources.setdefault(kind, {})[address.partition(".")[2]] = body
    (work / "main.tf.json").write_text(json.dumps({**PROVIDER, "resource": resources} if resources else PROVIDER))
    (work / "code.zip").touch()


def is_chosen(name: str) -> bool:
    wanted = any(fnmatch.fnmatch(name, pattern) for pattern in SAMPLES["types"])
    return wanted and not any(fnmatch.fnmatch(name, pattern) for pattern in SAMPLES["not"])


# -- samples ---------------------------------------------------------------------------------------------------------


def sample_bodies(kind: str, block: dict[str, Any]) -> list[dict[str, Any]]:
    """The smallest body, and one with each nested block in it; `*.x` in the samples stands for any type."""
    bodies = [smallest(kind, block, (), ())]
    bodies += [smallest(kind, block, (), path) for path in block_paths(block)]
    bodies += SAMPLES.get("bodies", {}).get(kind, [])
    for name, attribute in block.get("attributes", {}).items():
        if attribute.get("optional") and attribute.get("type") == "string" and MAY_BE_JSON.search(name):
            bodies.append({**bodies[0], name: SAMPLES["policy"]})
    return bodies


def block_paths(block: dict[str, Any], above: Path_ = ()) -> list[Path_]:
    found = []
    for name, nested in sorted(block.get("block_types", {}).items()):
        if name != "timeouts":
            found += [(*above, name), *block_paths(nested["block"], (*above, name))]
    return found


def smallest(kind: str, block: dict[str, Any], path: Path_, wanted: Path_) -> dict[str, Any]:
    body: dict[str, Any] = {}
    for name, attribute in block.get("attributes", {}).items():
        where = ".".join((*path, name))
        given = SAMPLES["values"].get(f"{kind}.{where}", SAMPLES["values"].get(f"*.{name}"))
        forced = f"{kind}.{where}" in SAMPLES["values"]
        if attribute.get("required") or forced:
            value = given if given is not None else dummy(name, attribute.get("type", "string"))
            if value != "leave out":
                body[name] = value
    for name, nested in block.get("block_types", {}).items():
        inner = (*path, name)
        if nested.get("min_items") or wanted[: len(inner)] == inner or f"{kind}.{'.'.join(inner)}" in SAMPLES["blocks"]:
            content = smallest(kind, nested["block"], inner, wanted)
            body[name] = content if nested["nesting_mode"] in ("single", "group") else [content]
    return body


def dummy(name: str, kind: Any) -> Any:
    match kind:
        case "number":
            return 1
        case "bool":
            return True
        case ["list" | "set", inner]:
            return [dummy(name, inner)]
        case ["map", inner]:
            return {"k": dummy(name, inner)}
        case ["object", members]:
            return {member: dummy(member, inner) for member, inner in members.items()}
    if "arn" in name.split("_") or name in ("role", "plan_id"):
        return "arn:aws:iam::123456789012:role/x"
    if name == "policy" or name.endswith("_policy"):
        return SAMPLES["policy"]
    return "Sample1"


# -- what the plans show ---------------------------------------------------------------------------------------------


def seen(kind: str, planned: dict[str, Any]) -> list[tuple[Any, Any, Any]]:
    """Body, planned values and unknown marks of every sample of a type; the smallest first."""
    mine = sorted(
        (int(address.rpartition(".s")[2]), body, change)
        for address, (body, change) in planned.items()
        if address.startswith(f"{kind}.s")
    )
    return [(body, change["after"], change["after_unknown"]) for _, body, change in mine]


def described(block: dict[str, Any], samples: list[tuple[Any, Any, Any]]) -> dict[str, Any]:
    """Types, defaults and what is computed, of one block."""
    attributes = {
        name: attribute_described(name, attribute, samples)
        for name, attribute in sorted(block.get("attributes", {}).items())
    }
    blocks = {}
    for name, nested in sorted(block.get("block_types", {}).items()):
        inner = [item for sample in samples for item in nested_samples(sample, name)]
        entry: dict[str, Any] = {"nesting": nested["nesting_mode"]}
        if nested.get("min_items"):
            entry["required"] = True
        elif name != "timeouts":
            left_out = [sample for sample in samples if name not in sample[0]]
            entry |= absent(name, left_out, empty=[] if nested["nesting_mode"] in ("list", "set") else None)
        blocks[name] = entry | described(nested["block"], inner if name != "timeouts" else [({}, {}, {})])
    return {"attributes": attributes} | ({"blocks": blocks} if blocks else {})


def attribute_described(name: str, attribute: dict[str, Any], samples: list[tuple[Any, Any, Any]]) -> dict[str, Any]:
    entry: dict[str, Any] = {"type": attribute["type"] if "type" in attribute else nested_type(attribute)}
    if attribute.get("required"):
        entry["required"] = True
    elif not attribute.get("optional"):
        entry["read_only"] = True
    if attribute.get("sensitive"):
        entry["sensitive"] = True
    for sample in samples:
        if written := rewritten(sample[0].get(name), sample[1].get(name)):
            entry["json"] = written
    left_out = [sample for sample in samples if name not in sample[0]]
    if attribute.get("required"):
        return entry
    if not left_out and attribute.get("computed"):
        return entry | {"computed": True}
    return entry | absent(name, left_out, empty=None)


def absent(name: str, samples: list[tuple[Any, Any, Any]], *, empty: Any) -> dict[str, Any]:
    """What the plans say where the sample leaves the name out."""
    if not samples:
        return {"untold": True}
    answers = []
    for _, after, gaps in samples:
        is_gap = isinstance(gaps, dict) and gaps.get(name) is True
        answer = "unknown" if is_gap else ("value", (after or {}).get(name))
        if answer not in answers:
            answers.append(answer)
    if "unknown" in answers:
        return {"computed": True}
    if len(answers) > 1:
        return {"untold": True}
    value = answers[0][1]
    return {} if value == empty or value is None else {"default": value}


def nested_samples(sample: tuple[Any, Any, Any], name: str) -> list[tuple[Any, Any, Any]]:
    """The one nested block of a sample with its plan; several would have to be told apart."""
    body, after, gaps = sample
    inner, planned = body.get(name), (after or {}).get(name)
    unknown = gaps.get(name) if isinstance(gaps, dict) else None
    if isinstance(inner, dict):
        return [(inner, planned, unknown)] if isinstance(planned, dict) else []
    if isinstance(inner, list) and isinstance(planned, list) and len(inner) == len(planned) == 1:
        return [(inner[0], planned[0], unknown[0] if isinstance(unknown, list) and unknown else {})]
    return []


def nested_type(attribute: dict[str, Any]) -> Any:
    """The type of an attribute that has attributes of its own."""
    nested = attribute["nested_type"]
    inner = ["object", {name: part.get("type") or nested_type(part) for name, part in nested["attributes"].items()}]
    return inner if nested["nesting_mode"] == "single" else [nested["nesting_mode"], inner]


def rewritten(given: Any, planned: Any) -> str | None:
    """How the provider writes JSON anew: without spaces, and with its keys sorted in one of two ways."""
    if not (isinstance(given, str) and isinstance(planned, str) and given.startswith("{")) or given == planned:
        return None
    data = json.loads(given)
    if planned == json.dumps(data, sort_keys=True, separators=(",", ":")):
        return "sorted"
    rest = dict(sorted((key, part) for key, part in data.items() if key != "Version"))
    first = {"Version": data["Version"], **rest}
    return "version-first" if list(json.loads(planned)) == list(first) else "other"


def compact(data: Any, depth: int = 0) -> str:
    """JSON with one attribute on a line."""
    if not isinstance(data, dict) or not any(isinstance(part, dict) for part in data.values()):
        return json.dumps(data, sort_keys=True, default=number)
    space = " " * (depth + 1)
    lines = [f"{space}{json.dumps(key)}: {compact(part, depth + 1)}" for key, part in sorted(data.items())]
    return "{\n" + ",\n".join(lines) + "\n" + " " * depth + "}" + ("" if depth else "\n")


def number(amount: Decimal) -> int | float:
    return int(amount) if amount == int(amount) else float(amount)


if __name__ == "__main__":
    main()
