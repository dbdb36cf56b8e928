"""Tells how far the evaluator agrees with a real Terraform.

    python -m tests.oracle.compare [--terraform COMMAND] [--seconds N] [--seed N] [--keep FOLDER]

The expressions and scenarios are the recorded ones. Random configurations are planned as long as the seconds last,
several at a time as modules of one configuration; what differs is printed, and kept with `--keep`.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import sys
import tempfile
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

from bbws_readiness.reader import Reader
from bbws_readiness.terraform import evaluate_configuration
from tests.oracle.generate import Configuration
from tests.oracle.generate_resources import Resources
from tests.scenarios.agreement import Agreement, of_configuration
from tests.scenarios.make_plans import Refused, described, run
from tests.terraform import test_language, test_scenarios

BATCH = 12
"""Random modules in one plan."""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--terraform", default="terraform")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="a folder for configurations that differ")
    options = parser.parse_args()
    agreed, asked = expressions()
    same_addresses, total = scenarios()
    planned, refused = 0, 0
    seed, until = options.seed, time.monotonic() + options.seconds
    while shutil.which(options.terraform) and time.monotonic() < until:
        found = random_batch(options.terraform, seed, options.keep)
        planned, refused, seed = planned + found[0], refused + found[1], seed + BATCH
        same_addresses = same_addresses and found[2]
        total.add(found[3])
        if seed % (10 * BATCH) == 1:
            total.add(random_resources(options.terraform, seed, options.keep))
            planned += 1
    for line in (*total.wrong, *total.unknown):
        print(line)
    print(f"random configurations: {planned} planned, {refused} refused")
    print(
        f"expressions agree {agreed} of {asked}; scenarios: addresses {'equal' if same_addresses else 'DIFFER'}, "
        f"attributes equal / unknown / wrong = {total.equal} / {len(total.unknown)} / {len(total.wrong)}"
    )
    sys.exit(bool(total.wrong) or not same_addresses)


def expressions() -> tuple[int, int]:
    """How many recorded expressions agree, of how many."""
    setting = (test_language.LANGUAGE / "setting.tf").read_text()
    evaluations = {
        section: test_language.evaluate_section(setting, answers) for section, answers in test_language.ANSWERS.items()
    }
    agreed = 0
    cases = [(section, index) for section, answers in test_language.ANSWERS.items() for index in range(len(answers))]
    for section, index in cases:
        try:
            test_language.require_agreement(section, index, evaluations)
            agreed += 1
        except AssertionError as difference:
            print(f"{test_language.ANSWERS[section][index]['expression']}: {difference}")
    return agreed, len(cases)


def scenarios() -> tuple[bool, Agreement]:
    """Whether all recorded scenarios have the same addresses, and how their attributes agree."""
    total, same = Agreement(), True
    for name in test_scenarios.NAMES:
        evaluation, expected = test_scenarios.evaluated(name), test_scenarios.planned(name)
        same = same and {r.address for r in evaluation.resources if r.mode == "managed"} == set(expected["resources"])
        total.add(of_configuration(evaluation, expected))
    return same, total


def random_batch(terraform: str, seed: int, keep: Path | None) -> tuple[int, int, bool, Agreement]:
    """Plan and compare a batch: how many were planned and refused, whether addresses are equal, how values agree."""
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        texts = {f"m{number}": Configuration(seed + number).text() for number in range(BATCH)}
        planned, refused = plan_accepted(terraform, work, texts)
        write(work, texts)
        evaluation = evaluate_configuration(Reader(work), ".")
    result = Agreement()
    if planned is None:
        return 0, refused, True, result
    result = of_configuration(evaluation, planned)
    ours = {resource.address for resource in evaluation.resources}
    same = ours == set(planned["resources"])
    for found in (evaluation.diagnostics, sorted(ours ^ set(planned["resources"]))):
        result.wrong += [f"seed {seed}: {line}" for line in found]
    if keep and (result.wrong or result.unknown):
        for name, text in texts.items():
            if any(f"{name}." in line or f"out_{name}" in line for line in (*result.wrong, *result.unknown)):
                (keep / f"random_{seed}_{name}").mkdir(parents=True, exist_ok=True)
                (keep / f"random_{seed}_{name}" / "main.tf").write_text(text)
    return len(texts), refused, same, result


def random_resources(terraform: str, seed: int, keep: Path | None) -> Agreement:
    """Plan and compare resources of recorded types, where their provider is at hand."""
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        (work / "main.tf").write_text(text := Resources(seed).text())
        try:
            run(terraform, work, "init", "-input=false", "-no-color")
            run(terraform, work, "plan", "-input=false", "-no-color", "-refresh=false", "-out=plan")
        except Refused as reason:
            print(f"resources of seed {seed} are refused: {reason}")
            return Agreement()
        planned = described(json.loads(run(terraform, work, "show", "-json", "plan"), parse_float=Decimal))
        evaluation = evaluate_configuration(Reader(work), ".")
    result = of_configuration(evaluation, planned)
    ours = {resource.address for resource in evaluation.resources}
    for line in (*evaluation.diagnostics, *sorted(ours ^ set(planned["resources"]))):
        result.wrong.append(f"resources of seed {seed}: {line}")
    if keep and (result.wrong or result.unknown):
        (keep / f"resources_{seed}").mkdir(parents=True, exist_ok=True)
        (keep / f"resources_{seed}" / "main.tf").write_text(text)
    return result


def plan_accepted(
    terraform: str, work: Path, texts: dict[str, str], *, explain: bool = False
) -> tuple[dict[str, Any] | None, int]:
    """The plan of all modules that Terraform accepts; the others are taken out of `texts`."""
    refused = 0
    while texts:
        write(work, texts)
        try:
            run(terraform, work, "init", "-input=false", "-no-color")
            run(terraform, work, "plan", "-input=false", "-no-color", "-out=plan")
            shown = json.loads(run(terraform, work, "show", "-json", "plan"), parse_float=Decimal)
            return described(shown), refused
        except Refused as reason:
            named = set(re.findall(r"on (m\d+)/main.tf", str(reason)))
            if not named:
                raise
            if explain:
                print(reason)
            for name in named:
                del texts[name]
            refused += len(named)
    return None, refused


def write(work: Path, texts: dict[str, str]) -> None:
    for folder in work.glob("m*"):
        if folder.is_dir():
            shutil.rmtree(folder)
    calls = []
    for name, text in texts.items():
        (work / name).mkdir()
        (work / name / "main.tf").write_text(text)
        calls.append(
            f'module "{name}" {{\n  source = "./{name}"\n}}\noutput "out_{name}" {{\n  value = module.{name}\n}}\n'
        )
    (work / "main.tf").write_text("".join(calls))


if __name__ == "__main__":
    main()
