"""What a step calls in the repository stands behind it in its job, with its own file and line."""

from collections.abc import Mapping

import pytest

from bbws_readiness.fact import Unknown
from bbws_readiness.model.workflows import Step, Workflow
from bbws_readiness.parsers.workflows import parse_workflow
from bbws_readiness.source import Source
from tests.cases import each

WORKFLOW = ".github/workflows/deploy.yml"
ACTION = ".github/actions/plan/action.yml"


def parsed(steps: str, files: Mapping[str, str], top: str = "") -> Workflow:
    """The workflow with these steps, in a repository with these files."""
    text = f"on: workflow_dispatch\n{top}jobs:\n  a:\n    runs-on: u\n    steps:\n{steps}"
    sources = {path: Source(path, content, len(content), "") for path, content in files.items()}
    source = Source(WORKFLOW, text, len(text), "")
    workflow, faults = parse_workflow(source, environments=("dev", "sit"), read=sources.get)
    assert workflow is not None and not faults
    return workflow


def steps_of(steps: str, files: Mapping[str, str], top: str = "") -> tuple[Step, ...]:
    return parsed(steps, files, top).jobs[0].steps


def commands(steps: tuple[Step, ...]) -> list[tuple[str, str, int, str | None, list[str | None]]]:
    """Every terraform command: verb, file, line, directory, var files."""
    return [
        (one.verb, one.at.path, one.at.line, one.directory.or_none(), [file.or_none() for file in one.var_files])
        for step in steps
        for one in step.terraform
    ]


def action(run: str, inputs: str = "", more: str = "") -> str:
    return (
        f"name: Plan\ninputs:\n  unused: {{}}\n{inputs}runs:\n  using: composite\n  steps:\n"
        f"    - shell: bash\n{more}      run: {run}\n"
    )


TARGET = "  target: {default: dev}\n"


@pytest.mark.parametrize(
    ("given", "top", "file"),
    [
        ("", "", "dev.tfvars"),
        ("        with: {target: sit}\n", "", "sit.tfvars"),
        ("        with: {TARGET: sit}\n", "", "sit.tfvars"),
        ("        with: {target: '${{ env.STAGE }}'}\n", "env: {STAGE: sit}\n", "sit.tfvars"),
        ("        with: {target: '${{ github.sha }}'}\n", "", None),
        ("        with: {other: sit}\n", "", "dev.tfvars"),
    ],
)
def test_inputs_of_an_action(given: str, top: str, file: str | None) -> None:
    files = {ACTION: action("terraform plan -var-file=${{ inputs.target }}.tfvars", TARGET)}
    assert commands(steps_of(f"      - uses: ./.github/actions/plan\n{given}", files, top)) == [
        ("plan", ACTION, 9, "", [file])
    ]


def test_the_inputs_of_the_workflow_are_not_those_of_the_action() -> None:
    top = "env: {FILE: '${{ inputs.target }}'}\n"
    files = {ACTION: action("terraform plan -var-file=$FILE -var-file=${{ inputs.none }}x", TARGET)}
    (found,) = commands(steps_of("      - uses: ./.github/actions/plan\n", files, top))
    assert found[-1] == [None, "x"]


def test_variables_and_directories_of_an_action() -> None:
    files = {
        ACTION: action('terraform plan -var-file="$A$B"', more="      working-directory: infra\n      env: {B: y}\n")
    }
    steps = "      - uses: ./.github/actions/plan\n        working-directory: elsewhere\n        env: {A: x}\n"
    top = "defaults: {run: {working-directory: one}}\n"
    assert commands(steps_of(steps, files, top)) == [("plan", ACTION, 10, "infra", ["xy"])]


def test_an_action_that_uses_another() -> None:
    inner = ".github/actions/inner/action.yaml"
    outer = (
        action("terraform init", TARGET)
        + "    - uses: ./.github/actions/inner\n      with: {file: '${{ inputs.target }}'}\n"
    )
    files = {ACTION: outer, inner: action("terraform plan -var-file=${{ inputs.file }}", "  file: {}\n")}
    found = commands(steps_of("      - uses: ./.github/actions/plan\n        with: {target: sit}\n", files))
    assert found == [("init", ACTION, 9, "", []), ("plan", inner, 9, "", ["sit"])]


def test_an_action_that_uses_itself_ends() -> None:
    files = {ACTION: action("terraform init") + "    - uses: ./.github/actions/plan\n"}
    assert [found[0] for found in commands(steps_of("      - uses: ./.github/actions/plan\n", files))] == ["init"]


def test_actions_that_multiply_end() -> None:
    uses = "".join("    - uses: ./a{0}\n" for _ in range(10))
    head = "runs:\n  using: composite\n  steps:\n"
    files = {f"a{number}/action.yml": head + uses.replace("{0}", str(number + 1)) for number in range(9)}
    assert len(steps_of("      - uses: ./a0\n", files)) <= 1_001


@each(
    "text",
    [
        "runs: {using: node20, main: index.js}\n",
        "runs: {using: docker, image: Dockerfile}\n",
        "runs: {using: composite}\n",
        "- a\n",
        "a: [",
        "",
    ],
)
def test_another_kind_of_action_is_not_followed(text: str) -> None:
    (step,) = steps_of("      - uses: ./.github/actions/plan\n", {ACTION: text})
    assert step.follows == ()


def test_the_terms_of_the_calling_step_hold_for_those_of_the_action() -> None:
    steps = "      - uses: ./.github/actions/plan\n        if: inputs.go\n        continue-on-error: true\n"
    files = {ACTION: action("terraform plan", more="      if: ${{ inputs.x == 'y' }}\n")}
    _, inner = steps_of(steps, files)
    assert inner.condition is not None and inner.condition.get() == "(inputs.go) && (inputs.x == 'y')"
    assert inner.continue_on_error and inner.tolerated is not None


def test_a_confirmation_and_an_account_that_an_action_compares() -> None:
    top = "on:\n  workflow_dispatch:\n    inputs:\n      confirm: {}\n"
    lines = ("|", '[ "${{ inputs.word }}" = PROD ] || exit 1', '[ "$(aws sts get-caller-identity)" = x ] || exit 1')
    run = "\n        ".join(lines)
    uses = "      - uses: ./.github/actions/plan\n        with: {word: '${{ inputs.confirm }}'}\n"
    text = f"{top}jobs:\n  a:\n    steps:\n{uses}"
    content = action(run, "  word: {}\n")
    workflow, _ = parse_workflow(
        Source(WORKFLOW, text, len(text), ""), environments=(), read={ACTION: Source(ACTION, content, 1, "")}.get
    )
    assert workflow is not None and workflow.confirmation is not None
    assert workflow.confirmation.get() == "confirm"
    assert [(job, at.path, at.line) for job, at in workflow.account_assertions] == [("a", ACTION, 11)]


SCRIPT = "#!/bin/bash\nset -euo pipefail\ncd terraform\nterraform init\nterraform plan -var-file=$1.tfvars | tee log\n"


@each(
    ("run", "directory", "file"),
    [
        ("./scripts/plan.sh sit", "terraform", "sit.tfvars"),
        ("bash scripts/plan.sh sit", "terraform", "sit.tfvars"),
        ("cd scripts && ./plan.sh sit", "scripts/terraform", "sit.tfvars"),
        ("bash -x $GITHUB_WORKSPACE/scripts/plan.sh $STAGE", "terraform", None),
    ],
)
def test_a_script_is_read_where_it_runs(run: str, directory: str, file: str | None) -> None:
    found = steps_of(f"      - run: {run}\n", {"scripts/plan.sh": SCRIPT})
    path = "scripts/plan.sh"
    assert commands(found) == [("init", path, 4, directory, []), ("plan", path, 5, directory, [file])]
    assert found[0].follows == (path,)
    fates = [str(status.fate) for status in found[1].statuses if status.words[0] == "terraform"]
    assert fates == ["kept", "kept"]


@each(
    "script",
    [
        '#!/bin/bash\ncase "$1" in\n  apply) terraform apply;;\nesac\n',
        "#!/usr/bin/env python3\nprint('terraform apply')\n",
        "#!/bin/bash\necho 'never closed\nterraform apply\n",
        "",
    ],
)
def test_a_script_that_is_not_plain_is_not_followed(script: str) -> None:
    (step,) = steps_of("      - run: ./scripts/plan.sh sit\n", {"scripts/plan.sh": script})
    assert step.follows == () and step.terraform == ()


@each("run", ["$TOOL sit", "./scripts/*.sh", "scripts/other.sh", "../plan.sh", "cd $X; ./plan.sh", "plan.sh"])
def test_what_cannot_be_told_is_not_followed(run: str) -> None:
    files = {"scripts/plan.sh": SCRIPT, "plan.sh": SCRIPT}
    assert [step.follows for step in steps_of(f"      - run: {run}\n", files)] == [()]


def test_a_status_that_is_lost_where_the_script_is_called() -> None:
    found = steps_of("      - run: ./scripts/plan.sh sit || true\n", {"scripts/plan.sh": SCRIPT})
    fates = {str(status.fate) for status in found[1].statuses if status.words[0] == "terraform"}
    assert fates == {"swallowed"}


def test_a_script_that_calls_itself_ends() -> None:
    files = {"a.sh": "#!/bin/bash\nterraform init\n./a.sh\n"}
    assert [found[0] for found in commands(steps_of("      - run: ./a.sh\n", files))] == ["init"]


def test_a_step_keeps_its_own_unknowns() -> None:
    files = {ACTION: action("terraform plan -var-file=${{ secrets.FILE }}")}
    _, inner = steps_of("      - uses: ./.github/actions/plan\n", files)
    assert isinstance(inner.terraform[0].var_files[0].value, Unknown)
