"""Workflows: where they deploy, what guards them, and which terraform commands they run."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct

from bbws_readiness.fact import Fact, Unknown
from bbws_readiness.model.workflows import TerraformCommand, Workflow
from bbws_readiness.parsers.workflows import expressions, parse_workflow, shell
from bbws_readiness.reader import Reader
from bbws_readiness.source import Source
from tests.cases import each
from tests.parsers.said import said

EXAMPLE = Path(__file__).parents[2] / "examples" / "dynamodb_schemas"
ENVIRONMENTS = ("dev", "sit", "prod")


def read(text: str, path: str = ".github/workflows/release.yml"):
    return parse_workflow(Source(path, text, len(text), ""), environments=ENVIRONMENTS)


def workflow_of(text: str, path: str = ".github/workflows/release.yml") -> Workflow:
    workflow, diagnostics = read(text, path)
    assert diagnostics == ()
    assert workflow is not None
    return workflow


def job_with(run: str, *, step: str = "", top: str = "", condition: str = "") -> str:
    """A workflow with one step that runs `run`, whose first line is line 8 plus the lines of `top`."""
    body = "\n".join(f"          {line}" for line in run.split("\n"))
    return (
        f"on: workflow_dispatch\n{top}jobs:\n  release:\n    runs-on: ubuntu-24.04\n{condition}    steps:\n"
        f"      - name: Run\n{step}        run: |\n{body}\n"
    )


def commands_of(text: str) -> tuple[TerraformCommand, ...]:
    return tuple(command for job in workflow_of(text).jobs for step in job.steps for command in step.terraform)


def reason(fact: Fact | None) -> str:
    assert fact is not None
    assert isinstance(fact.value, Unknown), fact
    return fact.value.reason


# --- the example -----------------------------------------------------------------------------------------------------


def example(environment: str) -> tuple[Workflow, Source]:
    path = f".github/workflows/deploy-{environment}.yml"
    source = Reader(EXAMPLE).read(path)
    assert isinstance(source, Source)
    workflow, diagnostics = parse_workflow(source, environments=ENVIRONMENTS)
    assert diagnostics == ()
    assert workflow is not None
    return workflow, source


@pytest.mark.parametrize(
    ("environment", "account", "region", "secret"),
    [
        ("dev", "536580886816", "eu-west-1", "AWS_ROLE_DEV"),
        ("sit", "815856636111", "eu-west-1", "AWS_ROLE_SIT"),
        ("prod", "093646564004", "af-south-1", "AWS_ROLE_PROD"),
    ],
)
def test_example_says_where_it_deploys(environment: str, account: str, region: str, secret: str) -> None:
    workflow, source = example(environment)
    for fact, value in (
        (workflow.environment, environment),
        (workflow.account, account),
        (workflow.region, region),
        (workflow.role_secret, secret),
        (workflow.terraform_version, "1.6.0"),
    ):
        assert fact is not None
        assert fact.get() == value
        assert value in source.lines[fact.at.line - 1]
    assert workflow.account_assertion is not None
    assert source.lines[workflow.account_assertion.line - 1].strip().startswith("if [ ")
    assert workflow.static_keys_at is None
    assert bool(workflow.confirmation) == (environment == "prod")


def test_example_sit() -> None:
    workflow, _ = example("sit")
    assert workflow.name == "Deploy to SIT"
    assert [trigger.get() for trigger in workflow.triggers] == ["workflow_dispatch"]
    (component,) = workflow.inputs
    assert (component.name, component.type, component.options) == ("component", "choice", ("dynamodb",))
    assert component.used_at
    assert [job.id for job in workflow.jobs] == ["plan", "approval", "apply", "validation"]
    assert workflow.ancestors("validation") == ("apply", "approval", "plan")
    environments = [job.environment.get() if job.environment else None for job in workflow.jobs]
    assert environments == [None, "sit-approval", "sit", None]
    assert [branch.get() for branch in workflow.branches] == ["main"]
    assert [(artifact.job, said(artifact.retention_days)) for artifact in workflow.artifacts] == [
        ("plan", (7, 108)),
        ("apply", (90, 186)),
    ]
    commands = [command for job in workflow.jobs for step in job.steps for command in step.terraform]
    assert {command.directory.get() for command in commands} == {"terraform/dynamodb"}
    assert [command.verb for command in commands] == [
        *("init", "fmt", "validate", "plan", "show"),
        *("init", "apply", "output"),
    ]
    init, plan, apply = commands[0], commands[3], commands[6]
    assert {name: fact.get() for name, fact in init.backend.items()} == {
        "bucket": "bbws-terraform-state-sit",
        "key": "2_1_bbws_dynamodb_schemas/terraform.tfstate",
        "region": "eu-west-1",
        "dynamodb_table": "terraform-state-lock-sit",
        "encrypt": "true",
    }
    assert [fact.get() for fact in plan.var_files] == ["environments/sit.tfvars"]
    assert plan.plan_file and apply.plan_file
    assert plan.plan_file.get() == apply.plan_file.get() == "sit.tfplan"
    assert not apply.auto_approve


def facts_in(noun: object) -> Iterator[Fact]:
    if isinstance(noun, Fact):
        yield noun
    elif isinstance(noun, Struct):
        for field in noun.__struct_fields__:
            yield from facts_in(getattr(noun, field))
    elif isinstance(noun, tuple):
        for element in noun:
            yield from facts_in(element)
    elif hasattr(noun, "values"):
        for element in noun.values():
            yield from facts_in(element)


@each("environment", ENVIRONMENTS)
def test_every_fact_of_the_example_stands_on_its_line(environment: str) -> None:
    workflow, source = example(environment)
    checked = 0
    for fact in facts_in(workflow):
        if fact.known and str(fact.get()):
            lines = [source.lines[place.line - 1] for place in (fact.at, *fact.via)]
            token = str(fact.get()).strip().split("\n")[0].split("/")[-1]
            assert any(token in line for line in lines), (token, fact)
            checked += 1
    assert checked > 80


# --- terraform commands ----------------------------------------------------------------------------------------------


def test_lines_of_a_continued_command_in_a_block_scalar() -> None:
    (plan,) = commands_of(
        job_with("# it's a plan\n\ncd infra && \\\n  terraform plan \\\n    -var-file=sit.tfvars \\\n    -out x.tfplan")
    )
    assert (plan.verb, plan.at.line) == ("plan", 11)
    assert said(plan.directory) == ("infra", 10)
    assert [said(file) for file in plan.var_files] == [("sit.tfvars", 12)]
    assert said(plan.plan_file) == ("x.tfplan", 13)


@each(
    ("scalar", "line"),
    [
        ("run: terraform plan", 5),
        ("run: |\n          terraform plan", 6),
        ("run: |-  # why\n\n          terraform plan", 7),
        ("run: >\n          echo hello;\n          terraform\n          plan", 7),
        ("run: >-\n          echo hello\n\n          terraform plan", 8),
        ("run: >-\n\n          terraform plan", 7),
        ("run: echo hello;\n          terraform plan", 6),
        ("run: 'echo hello;\n          terraform plan'", 6),
        ('run: "echo hello\\nterraform plan"', 5),
        ("run: |2\n            terraform plan", 6),
        ("run:\n          terraform plan", 6),
        ("run: &again |\n          terraform plan", 6),
    ],
)
def test_the_line_of_a_command_in_every_kind_of_scalar(scalar: str, line: int) -> None:
    (plan,) = commands_of(f"on: push\njobs:\n  release:\n    steps:\n      - {scalar}\n")
    assert (plan.verb, plan.at.line) == ("plan", line)


@each(
    ("run", "directories"),
    [
        ("terraform init", [""]),
        ("cd infra\nterraform init\ncd ..\nterraform init", ["infra", ""]),
        ("(cd infra && terraform init)\nterraform init", ["infra", ""]),
        ("(cd one; terraform init); (cd two; terraform init)", ["one", "two"]),
        ("pushd infra\nterraform init\npopd\nterraform init", ["infra", ""]),
        ("terraform -chdir=infra/tables init", ["infra/tables"]),
        ("cd $GITHUB_WORKSPACE/infra && terraform init", ["infra"]),
        ('cd "${{ github.workspace }}/infra" && terraform init', ["infra"]),
        ("cd /tmp && terraform init", [None]),
        ("cd ../other && terraform init", [None]),
        ("cd $(mktemp -d)\nterraform init", [None]),
        ("for part in a b; do\n  cd $part && terraform init\ndone", [None]),
        ("if true; then cd infra; terraform init; fi\nterraform init", ["infra", None]),
        ("part=infra\ncd ./$part/tables\nterraform init", ["infra/tables"]),
        ("case $x in\n  sit) cd infra; terraform init ;;\nesac", ["infra"]),
        ("case $x in sit) cd infra; terraform init ;; esac\nterraform init", ["infra", None]),
    ],
)
def test_directory(run: str, directories: list[str | None]) -> None:
    assert [command.directory.or_none() for command in commands_of(job_with(run))] == directories


def test_directory_of_step_job_and_workflow() -> None:
    text = """on: push
defaults: {run: {working-directory: one}}
jobs:
  a:
    steps:
      - run: terraform init
  b:
    defaults:
      run:
        working-directory: two
    steps:
      - run: terraform init
      - run: cd deeper && terraform init
        working-directory: three
"""
    assert [said(command.directory) for command in commands_of(text)] == [("one", 2), ("two", 10), ("three/deeper", 13)]


@each(
    ("run", "verbs"),
    [
        ('echo "terraform apply"', []),
        ("cat <<EOF > notes\nterraform apply\nEOF\nterraform plan", ["plan"]),
        ("cat <<-'END'\n\tterraform apply\n\tEND\nterraform plan", ["plan"]),
        ("# terraform apply\nterraform plan # terraform apply", ["plan"]),
        ("TF_IN_AUTOMATION=1 sudo -E terraform plan", ["plan"]),
        ("if ! terraform plan; then exit 1; fi", ["plan"]),
        ('OUT="$(terraform show x)"', ["show"]),
        ("OUT=$(terraform show x)", ["show"]),
        ("{ terraform fmt; terraform plan; } >> log", ["fmt", "plan"]),
        ("terraform", []),
        ("terraform --version", []),
        ("timeout 10m terraform apply x", ["apply"]),
        ("terraform plan | tee 'a | terraform apply'", ["plan"]),
        ("./bin/terraform plan", ["plan"]),
        ("x=$((1 << 2))\nterraform plan", ["plan"]),
        ("case $x in sit) terraform plan ;; esac\nterraform fmt", ["plan", "fmt"]),
        ("IFS=';' read -r a <<< \"$b\"\nterraform plan", ["plan"]),
        ("files=(a b)\nterraform plan", ["plan"]),
        ("echo '## Title' >> $GITHUB_STEP_SUMMARY; terraform plan", ["plan"]),
        ("grep -c '(' x && terraform plan", ["plan"]),
        ("build() {\n  terraform plan\n}", ["plan"]),
    ],
)
def test_which_words_are_terraform_commands(run: str, verbs: list[str]) -> None:
    assert [command.verb for command in commands_of(job_with(run))] == verbs


def test_options() -> None:
    init, plan, apply = commands_of(
        job_with(
            "terraform init -backend-config=key=a/b.tfstate -backend-config 'bucket=state' -backend-config=sit.hcl\n"
            "terraform plan -var 'environment=sit' -var=size=3 -var-file sit.tfvars -out=\"a b\"\n"
            "terraform apply -auto-approve -input=false"
        )
    )
    assert {name: fact.get() for name, fact in init.backend.items()} == {"key": "a/b.tfstate", "bucket": "state"}
    assert [fact.get() for fact in init.backend_files] == ["sit.hcl"]
    assert {name: fact.get() for name, fact in plan.variables.items()} == {"environment": "sit", "size": "3"}
    assert (said(plan.plan_file), apply.plan_file, apply.auto_approve) == (("a b", 9), None, True)


@each(
    ("top", "written", "value"),
    [
        ("env: {TARGET: sit}\n", "${{ env.TARGET }}.tfvars", "sit.tfvars"),
        ("env: {TARGET: sit}\n", "$TARGET.tfvars", "sit.tfvars"),
        ("env: {TARGET: sit}\n", "${TARGET}.tfvars", "sit.tfvars"),
        ("env: {A: sit, TARGET: '${{ env.A }}'}\n", "$TARGET", "sit"),
        ("env: {A: '${{ env.B }}', B: '${{ env.A }}'}\n", "$A", "nested too deeply"),
        ("", "${{ 'sit' }}.tfvars", "sit.tfvars"),
        ("", "'$HOME'", "$HOME"),
        ("", "\\$HOME", "$HOME"),
        ("", "$TARGET", "the variable TARGET is set when the workflow runs"),
        ("", "${{ secrets.FILE }}", "the secret FILE is known to GitHub only"),
        ("", "${{ vars.FILE }}", "the repository variable FILE is known to GitHub only"),
        ("", "${{ github.repository }}", "github.repository is known only when the workflow runs"),
        ("", "${{ needs.a.outputs.b }}", "needs.a.outputs.b is known only when the workflow runs"),
        ("", "${{ inputs.none }}", "the input none is not declared"),
        ("", "${{ hashFiles('a') }}", "is computed when the workflow runs"),
        ("", "${{ format('{0}.tfvars', 'sit') }}", "sit.tfvars"),
        ("env: {TARGET: sit}\n", "${{ env.TARGET == 'SIT' && 'sit' || 'dev' }}.tfvars", "sit.tfvars"),
        ("env: {TARGET: sit}\n", "${{ github.ref == 'x' && 'sit' || 'dev' }}.tfvars", "github.ref is known only"),
        ("", "$(ls | head -1)", "the output of"),
        ("", "${TARGET:-sit}", "${TARGET:-sit} is known when the workflow runs"),
        ("", "`ls`", "the output of"),
    ],
)
def test_what_a_word_stands_for(top: str, written: str, value: str) -> None:
    (plan,) = commands_of(job_with(f"terraform plan -var-file={written}", top=top))
    (fact,) = plan.var_files
    assert value in (fact.value.reason if isinstance(fact.value, Unknown) else fact.value)
    assert fact.known == (value in ("sit.tfvars", "sit", "$HOME"))


@each(
    ("declared", "value"),
    [
        ("{type: choice, options: [sit]}", "sit"),
        ("{type: choice, options: [sit], default: sit}", "sit"),
        ("{default: sit}", "sit"),
        ("{type: choice, options: [dev, sit], default: sit}", None),
        ("{type: string}", None),
        ("", None),
    ],
)
@each("spelling", ["inputs.target", "github.event.inputs.target", "inputs['target']"])
def test_inputs_with_one_value(declared: str, value: str | None, spelling: str) -> None:
    text = (
        f"on:\n  workflow_dispatch:\n    inputs:\n      target: {declared}\n"
        f"jobs:\n  a:\n    steps:\n      - run: terraform plan -var-file=${{{{ {spelling} }}}}.tfvars\n"
    )
    (file,) = commands_of(text)[0].var_files
    assert file.or_none() == (f"{value}.tfvars" if value else None)
    assert [place.line for place in file.via] == [4]
    assert [place.line for place in workflow_of(text).inputs[0].used_at] == [8]


def test_a_foreign_shell_is_not_read() -> None:
    assert commands_of(job_with("terraform plan", step="        shell: pwsh\n")) == ()


def test_a_quote_that_is_never_closed_is_a_diagnostic() -> None:
    workflow, (fault,) = read(job_with("terraform init\necho 'it\nterraform plan"))
    assert workflow is not None
    assert [command.verb for command in workflow.jobs[0].steps[0].terraform] == ["init"]
    assert (fault.at.line, "never closed" in fault.summary) == (9, True)


def test_commands_tell_what_swallows_their_status() -> None:
    (job,) = workflow_of(job_with("terraform plan | tee log\nterraform fmt || true\nif a; then b; fi", step="")).jobs
    assert [(command.text, command.operator, command.conditional) for command in job.steps[0].commands] == [
        ("terraform plan", "|", False),
        ("tee log", "", False),
        ("terraform fmt", "||", False),
        ("true", "", False),
        ("a", ";", False),
        ("b", ";", True),
    ]


# --- where it deploys ------------------------------------------------------------------------------------------------

APPLY = "terraform apply -auto-approve"


@each(
    ("top", "run", "path", "environment"),
    [
        ("env: {ENVIRONMENT: sit}\n", APPLY, "release.yml", "sit"),
        ("env: {TF_VAR_environment: SIT}\n", APPLY, "release.yml", "sit"),
        ("", f"terraform init -backend-config=bucket=state-sit\n{APPLY}", "release.yml", "sit"),
        ("", f"terraform init -backend-config=key=sit/x.tfstate\n{APPLY}", "release.yml", "sit"),
        ("", f"{APPLY} -var-file=environments/sit.tfvars", "release.yml", "sit"),
        ("", f"{APPLY} -var environment=sit", "release.yml", "sit"),
        ("", APPLY, "deploy-sit.yml", "sit"),
        ("", APPLY, "products.yml", None),
        ("env: {ENVIRONMENT: sit}\n", APPLY, "deploy-dev.yml", "sit"),
        ("", "terraform plan -var-file=sit.tfvars", "deploy-sit.yml", None),
        ("", "make", "lint.yml", None),
    ],
)
def test_environment(top: str, run: str, path: str, environment: str | None) -> None:
    fact = workflow_of(job_with(run, top=top), f".github/workflows/{path}").environment
    assert (fact.or_none() if fact else None) == environment


@each(
    ("written", "environment"),
    [("environment: sit", "sit"), ("environment: sit-approval", "sit"), ("environment: {name: prod}", "prod")],
)
def test_environment_of_the_job(written: str, environment: str) -> None:
    workflow = workflow_of(job_with(APPLY, condition=f"    {written}\n"))
    assert said(workflow.environment) == (environment, 5)


def test_a_caller_of_a_reusable_workflow() -> None:
    workflow = workflow_of("""on: workflow_dispatch
jobs:
  release:
    uses: ./.github/workflows/terraform.yml
    with:
      environment: sit
      aws-region: eu-west-1
      aws_account_id: "093646564004"
""")
    assert [said(fact) for fact in (workflow.environment, workflow.region, workflow.account)] == [
        ("sit", 6),
        ("eu-west-1", 7),
        ("093646564004", 8),
    ]


CALL = """  {0}:
    uses: ./.github/workflows/terraform.yml
    with: {{environment: {0}}}
"""


@each(
    ("jobs", "offered"),
    [
        (CALL.format("dev") + CALL.format("sit"), ["dev", "sit"]),
        (CALL.format("dev") + CALL.format("sit") + "  tell:\n    steps: [{run: echo done}]\n", ["dev", "sit"]),
        (CALL.format("dev") + CALL.format("sit") + "  more:\n    steps: [{run: terraform apply}]\n", []),
        (CALL.format("dev") + CALL.format("sit") + "  more:\n    uses: ./.github/workflows/other.yml\n", []),
        (CALL.format("sit"), []),
    ],
)
def test_a_caller_for_several_environments(jobs: str, offered: list[str]) -> None:
    workflow = workflow_of(f"on: push\njobs:\n{jobs}")
    assert [fact.get() for fact in workflow.offered_environments] == offered


@each(
    ("script", "bucket"),
    [
        ('echo "BUCKET=state-sit" >> "$GITHUB_ENV"', "state-sit"),
        ("echo BUCKET=state-sit >> $GITHUB_ENV", "state-sit"),
        ("if [ -f x ]; then echo BUCKET=state-sit >> $GITHUB_ENV; fi", None),
        ("echo BUCKET=one >> $GITHUB_ENV; echo BUCKET=two >> $GITHUB_ENV", None),
        ("printf 'BUCKET=%s' state-sit >> $GITHUB_ENV", None),
        ("cat >> $GITHUB_ENV <<END\n          BUCKET=state-sit\n          END", None),
        ("echo BUCKET=state-sit", "before"),
    ],
)
def test_a_variable_that_a_step_hands_on(script: str, bucket: str | None) -> None:
    steps = f"""on: push
jobs:
  deploy:
    env: {{BUCKET: before}}
    steps:
      - run: |
          {script}
      - run: terraform init -backend-config=bucket=$BUCKET
"""
    assert [command.backend["bucket"].or_none() for command in commands_of(steps)] == [bucket]


def test_statements_that_disagree_are_unknown() -> None:
    workflow = workflow_of(job_with(f"{APPLY} -var-file=dev.tfvars", top="env: {ENVIRONMENT: sit}\n"))
    assert reason(workflow.environment) == "the environment is sit at line 2, dev at line 9"


def test_an_environment_that_is_chosen() -> None:
    workflow = workflow_of("""on:
  workflow_dispatch:
    inputs:
      target:
        type: choice
        default: dev
        options:
          - dev
          - sit
jobs:
  a:
    environment: ${{ inputs.target }}
    steps:
      - run: terraform apply x
""")
    assert reason(workflow.environment) == "the input target may be dev, sit"
    assert [said(fact) for fact in workflow.offered_environments] == [("dev", 8), ("sit", 9)]


CREDENTIALS = """on: push
jobs:
  a:
    steps:
      - uses: aws-actions/configure-aws-credentials@v4
        with:
          {}
"""


@each(
    ("setting", "account", "role", "static"),
    [
        ("role-to-assume: arn:aws:iam::093646564004:role/x", "093646564004", "arn:aws:iam::093646564004:role/x", None),
        ("role-to-assume: ${{ secrets.ROLE }}", None, "ROLE", None),
        ("role-to-assume: ${{ vars.ROLE }}", None, "ROLE", None),
        ('allowed-account-ids: "093646564004"', "093646564004", None, None),
        ("aws-access-key-id: ${{ secrets.KEY }}", None, None, 7),
        ("aws-access-key-id: ${{ steps.role.outputs.key }}", None, None, None),
    ],
)
def test_credentials(setting: str, account: str | None, role: str | None, static: int | None) -> None:
    workflow = workflow_of(CREDENTIALS.format(setting))
    assert (workflow.account.or_none() if workflow.account else None) == account
    assert (workflow.role_secret.or_none() if workflow.role_secret else None) == role
    assert (workflow.static_keys_at.line if workflow.static_keys_at else None) == static


def test_region_and_account_that_disagree() -> None:
    workflow = workflow_of(
        job_with(
            "terraform init -backend-config=region=us-east-1",
            top="env:\n  AWS_REGION: eu-west-1\n  AWS_ACCOUNT_ID: ${{ secrets.ACCOUNT }}\n",
        )
    )
    assert reason(workflow.region) == "the region is eu-west-1 at line 3, us-east-1 at line 11"
    assert reason(workflow.account) == "the secret ACCOUNT is known to GitHub only"


# --- guards ----------------------------------------------------------------------------------------------------------


@each(
    ("condition", "branches"),
    [
        ("github.ref == 'refs/heads/main'", ["main"]),
        ("${{ github.ref_name == 'main' && inputs.go }}", ["main"]),
        ("'refs/heads/main' == github.ref", ["main"]),
        ("github.ref == 'refs/heads/main' || github.ref == 'refs/heads/release'", ["main", "release"]),
        ("github.ref == 'refs/heads/main' || inputs.force", []),
        ("github.ref != 'refs/heads/main'", []),
        ("!(github.ref != 'refs/heads/main')", ["main"]),
        ("startsWith(github.ref, 'refs/tags/v')", ["refs/tags/v*"]),
        ("github.ref == 'refs/heads/main' || github.ref == 'main'", ["main"]),
        ("github.ref == 'main'", []),
        ("github.ref_name == 'refs/heads/main'", []),
        ("github.ref == 'refs/heads/main' && github.ref_name == 'release'", []),
        ("endsWith(github.ref, '/main')", []),
        ("github.ref == format('refs/heads/{0}', 'main')", ["main"]),
        ("always()", []),
        ("always() || github.ref == 'refs/heads/main'", []),
        ("github.ref = main", []),
    ],
)
def test_branch_condition(condition: str, branches: list[str]) -> None:
    workflow = workflow_of(job_with(APPLY, condition=f'    if: "{condition}"\n'))
    assert [said(fact) for fact in workflow.branches] == [(branch, 5) for branch in branches]


@each(
    ("trigger", "branches"),
    [
        ("push: {branches: [main]}", ["main"]),
        ("push: {tags: ['v*']}", ["refs/tags/v*"]),
        ("push: {branches: [main]}\n  workflow_dispatch:", []),
        ("push:", []),
        ("workflow_dispatch:", []),
    ],
)
def test_branch_filters(trigger: str, branches: list[str]) -> None:
    text = f"on:\n  {trigger}\njobs:\n  a:\n    steps:\n      - run: terraform apply x\n"
    assert [fact.get() for fact in workflow_of(text).branches] == branches


@each(
    ("guard", "branch"),
    [
        ('if [ "${{ github.ref }}" != "refs/heads/main" ]; then\n  exit 1\nfi', "main"),
        ('[[ "$GITHUB_REF_NAME" == main ]] || exit 1', "main"),
        ('[ "$GITHUB_REF" = refs/heads/main ] || { echo no; exit 1; }', "main"),
        ('if [ "$GITHUB_REF" = refs/heads/main ]; then echo yes; else exit 1; fi', "main"),
        ('test "$GITHUB_REF" = refs/heads/main', "main"),
        ('if [ "$GITHUB_REF" != refs/heads/main ]; then\n  echo warning\nfi\nif [ -z "$A" ]; then exit 1; fi', None),
        ('if [ "$GITHUB_REF" != refs/heads/main ]; then exit 0; fi', None),
        ('no() { echo no; exit 1; }\n[ "$GITHUB_REF" = refs/heads/main ] || no', "main"),
        ('if [ "$GITHUB_REF" != refs/heads/main ] || [ -z "$A" ]; then exit 1; fi', "main"),
        ('if [ "$GITHUB_REF" != refs/heads/main ] && [ -z "$A" ]; then exit 1; fi', None),
        ('if [ "$GITHUB_REF" != refs/heads/main ]; then if [ -z "$A" ]; then exit 1; fi; fi', None),
        ('[ "$GITHUB_REF" = refs/heads/main ] && echo ok', None),
        ('[ "$GITHUB_REF" = refs/heads/main ] && exit 1', None),
        ("echo $GITHUB_REF", None),
        ('[ "$GITHUB_REF" = main ] || exit 1', None),
        ('[ "$GITHUB_REF_NAME" = refs/heads/main ] || exit 1', None),
        ('B="${{ github.ref_name }}"\n[ "$B" = main ] || exit 1', "main"),
    ],
)
def test_branch_guard_in_a_script(guard: str, branch: str | None) -> None:
    workflow = workflow_of(job_with(f"{guard}\n{APPLY}"))
    assert [fact.get() for fact in workflow.branches] == ([branch] if branch else [])


def test_branch_guard_as_a_step() -> None:
    step = "        if: github.ref != 'refs/heads/main'\n"
    assert [fact.get() for fact in workflow_of(job_with("echo no\nexit 1", step=step)).branches] == ["main"]


IDENTITY = "aws sts get-caller-identity --query Account --output text"


@each(
    ("run", "line"),
    [
        (f'a=$({IDENTITY})\nif [ "$a" != "$EXPECTED" ]; then\n  exit 1\nfi', 9),
        (f'a="$({IDENTITY})"\n[ "$a" = 093646564004 ] || exit 1', 9),
        (f'[ "$({IDENTITY})" = "093646564004" ] || exit 1', 8),
        (f"a=$({IDENTITY})\n[[ $a == 093646564004 ]]", 9),
        (f'a=$({IDENTITY})\necho "$a"', None),
        (IDENTITY, None),
        (f'a=$({IDENTITY})\nif [ "$a" != x ]; then echo other; fi\nexit 1', None),
        ('if [ "$a" != "$b" ]; then exit 1; fi', None),
        (f'a=$({IDENTITY})\nif [ "$a" != "$a" ]; then exit 1; fi', None),
    ],
)
def test_account_assertion(run: str, line: int | None) -> None:
    found = workflow_of(job_with(run)).account_assertion
    assert (found.line if found else None) == line


@each(
    ("condition", "run", "confirmed"),
    [
        ("    if: inputs.confirm == 'PROD'\n", APPLY, True),
        ("    if: github.event.inputs.confirm == 'PROD'\n", APPLY, True),
        ("", f'if [ "${{{{ inputs.confirm }}}}" != "PROD" ]; then exit 1; fi\n{APPLY}', True),
        ("", f"echo ${{{{ inputs.confirm }}}}\n{APPLY}", False),
        ("    if: inputs.confirm != 'PROD'\n", APPLY, False),
        ("    if: inputs.confirm == 'PROD' || github.event_name == 'workflow_dispatch'\n", APPLY, False),
        ("    if: github.event_name != 'workflow_dispatch' || inputs.confirm == 'PROD'\n", APPLY, True),
        ("    if: inputs.confirm == ''\n", APPLY, False),
        ("    if: contains('PROD', inputs.confirm)\n", APPLY, False),
    ],
)
def test_confirmation(condition: str, run: str, confirmed: bool) -> None:
    text = job_with(run, condition=condition).replace(
        "on: workflow_dispatch\n", "on: {workflow_dispatch: {inputs: {confirm: {required: true}}}}\n"
    )
    found = workflow_of(text).confirmation
    assert (found.get() if found else None) == ("confirm" if confirmed else None)


# --- shape -----------------------------------------------------------------------------------------------------------


@each(
    ("text", "line", "words", "read_at_all"),
    [
        ("- a\n", 1, "a workflow is a mapping", False),
        ("", 1, "a workflow is a mapping", False),
        ("a: [", 2, "not valid YAML", False),
        ("on: push\n", 1, "no jobs", True),
        ("on: push\njobs: []\n", 2, "no jobs", True),
        ("on: push\njobs:\n  a: text\n", 3, "the job a must be a mapping", True),
        ("on: push\njobs:\n  a:\n    steps: text\n", 4, "the steps of a must be a list", True),
        ("on: push\njobs:\n  a:\n    steps:\n      - text\n", 5, "a step of a must be a mapping", True),
        ("on: push\njobs:\n  a:\n    name: b\n", 4, "the job a has no steps", True),
        ("on: push\njobs:\n  a: {uses: ./x, needs: [[b]], timeout-minutes: [1]}\n", 3, "needs must be text", True),
        ("on: push\nenv: [1]\njobs: {a: {uses: ./x}}\n", 2, "env must be a mapping", True),
        ("on: push\nenv: {A: [1]}\njobs: {a: {uses: ./x}}\n", 2, "env.A must be text", True),
    ],
)
def test_faults_of_shape(text: str, line: int, words: str, read_at_all: bool) -> None:
    workflow, diagnostics = read(text)
    assert (workflow is not None) == read_at_all
    (fault,) = diagnostics
    assert words in fault.summary
    assert fault.at.line == line


@each("broken", ["\r", "\u2028", "\x85"])
def test_line_breaks_that_only_yaml_knows(broken: str) -> None:
    read(f"on: push\njobs:{broken * 3}\n  a:\n    if: |\n     x\n    steps:\n      - run: >\n         terraform plan")


@pytest.mark.parametrize(
    ("run", "words"),
    [
        ("ls\n" * 2500, "more than 2000 commands"),
        ("ls " * 40_000, "longer than 30000 characters"),
        ("$(" * 60, "never"),
    ],
)
def test_limits_of_a_script(run: str, words: str) -> None:
    _, (fault,) = read(job_with(run))
    assert words in fault.summary


def test_variables_that_multiply() -> None:
    chain = "".join(f"  E{n}: " + f"${{{{ env.E{n + 1} }}}}" * 9 + "\n" for n in range(40))
    workflow = workflow_of(
        job_with('[ "$E0" = a ] || exit 1', top=f"env:\n{chain}", condition="    environment: $E0\n")
    )
    assert workflow.environment is None or not workflow.environment.known


def test_triggers_permissions_and_the_rest() -> None:
    workflow = workflow_of("""name: N
on: [push, workflow_dispatch]
permissions: {id-token: write}
concurrency: {group: 'deploy-${{ github.ref }}'}
jobs:
  a:
    uses: ./.github/workflows/b.yml
    permissions: read-all
  b:
    needs: [a, c]
    continue-on-error: true
    timeout-minutes: 15
    steps:
      - uses: actions/upload-artifact@v4
""")
    assert [said(fact) for fact in workflow.triggers] == [("push", 2), ("workflow_dispatch", 2)]
    first, second = workflow.jobs
    assert (said(first.uses), dict(first.permissions)) == (("./.github/workflows/b.yml", 7), {"*": "read"})
    assert dict(second.permissions) == {"id-token": "write"}
    assert [said(need) for need in second.needs] == [("a", 10), ("c", 10)]
    assert (second.continue_on_error, said(second.timeout_minutes)) == (True, (15, 12))
    assert [(said(artifact.name), artifact.retention_days) for artifact in workflow.artifacts] == [
        (("artifact", 14), None)
    ]
    assert reason(workflow.concurrency) == "github.ref is known only when the workflow runs"


@pytest.mark.parametrize(
    ("text", "understood"),
    [
        ("a.b == 'it''s' && !(c || true)", True),
        ("contains(github.event.head_commit.message, '[skip]')", True),
        ("a ==", False),
        ("(" * 60 + "a" + ")" * 60, False),
        ("a" + " || a" * 300, False),
        ("'open", False),
    ],
)
def test_expressions(text: str, understood: bool) -> None:
    assert (expressions.parse(text) is not None) is understood


def test_functions_that_multiply() -> None:
    calls = "".join(f"f{n}() {{ f{n + 1}; f{n + 1}; f{n + 1}; }}\n" for n in range(30))
    assert commands_of(job_with(f"{calls}f30() {{ terraform plan; }}\nf0"))[0].verb == "plan"


def test_many_jobs() -> None:
    steps = "    steps:\n      - run: terraform apply -var-file=sit.tfvars\n"
    workflow = workflow_of("on: push\njobs:\n" + "".join(f"  job{number}:\n{steps}" for number in range(1000)))
    assert len(workflow.jobs) == 1000


SNIPPETS = st.lists(
    st.sampled_from(
        (
            *(
                "terraform ",
                "plan ",
                "-out=x ",
                "${{ inputs.a }}",
                "$(",
                ")",
                "'",
                '"',
                "\\\n",
                "\n",
                "<<E\n",
                "E\n",
                "; ",
            ),
            *(
                "if ",
                "then ",
                "fi\n",
                "{ ",
                "}",
                "((",
                "`",
                "$A",
                "|| ",
                "&",
                "# ",
                "case x in\n",
                "a=",
                "cd ",
                "exit 1\n",
            ),
        )
    ),
    max_size=25,
).map("".join)


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(), SNIPPETS))
def test_any_script_gives_commands_on_its_lines(script: str) -> None:
    for command in shell.read(script).commands:
        for word in (*command.words, *command.assignments):
            assert 1 <= word.line <= script.count("\n") + 1


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(st.text(), SNIPPETS.map(job_with), SNIPPETS.map(lambda text: job_with("ls", condition=f"    if: {text}")))
)
def test_any_text_gives_a_workflow_or_a_diagnostic(text: str) -> None:
    workflow, diagnostics = read(text)
    assert workflow is None or isinstance(workflow, Workflow)
    assert workflow or diagnostics
