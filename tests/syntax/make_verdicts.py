"""Asks a real Terraform which of the texts in the YAML files here it parses, and writes its verdicts into them.

    python tests/syntax/make_verdicts.py [--terraform COMMAND]

Needs Terraform 1.11 and no provider: `terraform fmt -` parses what it is given and resolves nothing. Every entry
has a `text`; `refused_at`, the line of Terraform's first error, is written when there is one. In `values.yaml` every
entry has an `expression`, and the `value` that Terraform gives it is written. The tests only read the files.
"""

import argparse
import json
import re
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import yaml

HERE = Path(__file__).parent


def main() -> None:
    parser = argparse.ArgumentParser(description="Write Terraform's verdicts into the corpus.")
    parser.add_argument("--terraform", default="terraform", help="the command to run (default: terraform)")
    terraform = parser.parse_args().terraform
    write_values(terraform, HERE / "values.yaml")
    for path in sorted(set(HERE.glob("*.yaml")) - {HERE / "values.yaml"}):
        texts = [entry["text"] for entry in yaml.safe_load(path.read_text())]
        with ThreadPoolExecutor(4) as pool:
            lines = list(pool.map(lambda text: refused_at(terraform, text), texts))
        entries = [verdict(text, line) for text, line in zip(texts, lines, strict=True)]
        write(path, entries)
        print(f"{path.name}: {len(texts)} texts, {sum(line is not None for line in lines)} refused")


def write_values(terraform: str, path: Path) -> None:
    """Write what Terraform plans for outputs with the expressions; each stands in a tuple, which keeps its type."""
    expressions = [entry["expression"] for entry in yaml.safe_load(path.read_text())]
    blocks = [f'output "e{index}" {{\nvalue = [\n{text}\n]\n}}\n' for index, text in enumerate(expressions)]
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "main.tf").write_bytes("".join(blocks).encode())
        for command in (["init", "-input=false"], ["plan", "-input=false", "-out=plan"]):
            run = subprocess.run([terraform, *command, "-no-color"], cwd=folder, capture_output=True, text=True)
            if run.returncode:
                raise SystemExit(run.stdout + run.stderr)
        shown = subprocess.run([terraform, "show", "-json", "plan"], cwd=folder, capture_output=True, check=True)
    outputs = json.loads(shown.stdout)["planned_values"]["outputs"]
    values = [outputs[f"e{index}"]["value"][0] for index in range(len(expressions))]
    entries = [{"expression": Text(text), "value": value} for text, value in zip(expressions, values, strict=True)]
    write(path, entries)


def refused_at(terraform: str, text: str) -> int | None:
    """The line of the first syntax error that Terraform finds, None when it finds none."""
    run = subprocess.run([terraform, "fmt", "-no-color", "-"], input=text.encode(), capture_output=True)
    if run.returncode == 0:
        return None
    found = re.search(r" line (\d+)", run.stderr.decode())
    if not found:
        raise SystemExit(f"no place in Terraform's answer to {text!r}:\n{run.stderr.decode()}")
    return int(found[1])


class Text(str):
    """A text that is shown as it stands wherever YAML can show it so."""


class Dumper(yaml.SafeDumper):
    """Writes texts as literal blocks, or quoted where a block would not keep every character."""


Dumper.add_representer(
    Text, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, "|" if "\n" in text else '"')
)


def write(path: Path, entries: list[dict[str, object]]) -> None:
    path.write_text(yaml.dump(entries, Dumper=Dumper, sort_keys=False, width=10_000))


def verdict(text: str, line: int | None) -> dict[str, object]:
    return {"text": Text(text)} if line is None else {"text": Text(text), "refused_at": line}


if __name__ == "__main__":
    main()
