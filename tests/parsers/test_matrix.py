"""The environments that a matrix of a plain job runs for are read from lists, objects and JSON."""

from bbws_readiness.parsers.workflows import parse_workflow
from bbws_readiness.source import Source
from tests.cases import each


@each(
    ("matrix", "name", "offered"),
    [
        ("environment: [dev, sit]", "environment", ["dev", "sit"]),
        ("environment: [dev, sit]\n        exclude: [{environment: sit}]", "environment", []),
        ("include: [{environment: dev}, {environment: sit}]", "environment", ["dev", "sit"]),
        ("target: [{environment: dev, role: a}, {environment: sit, role: b}]", "target.environment", ["dev", "sit"]),
        ('environment: ${{ fromJSON(\'["dev", "sit"]\') }}', "environment", ["dev", "sit"]),
        ("environment: ${{ fromJSON(inputs.environments) }}", "environment", []),
        ("environment: ${{ fromJSON('[1, 2') }}", "environment", []),
        ("environment: [one, two]", "environment", []),
    ],
)
def test_environments_of_a_matrix(matrix: str, name: str, offered: list[str]) -> None:
    text = f"""on: workflow_dispatch
jobs:
  apply:
    strategy:
      matrix:
        {matrix}
    environment: ${{{{ matrix.{name} }}}}
    steps:
      - run: terraform apply x
"""
    source = Source(path="w.yml", text=text, size=len(text), sha256="")
    workflow, _ = parse_workflow(source, environments=("dev", "sit"))
    assert workflow is not None
    assert [fact.or_none() for fact in workflow.offered_environments] == offered


def test_the_other_members_of_a_value_belong_to_its_run() -> None:
    text = """on: workflow_dispatch
jobs:
  apply:
    strategy:
      matrix:
        target: [{environment: dev, state: a}, {environment: sit, state: b}]
    steps:
      - run: terraform init -backend-config=bucket=${{ matrix.target.state }}
"""
    source = Source(path="w.yml", text=text, size=len(text), sha256="")
    first, _ = parse_workflow(source, environments=("dev", "sit"))
    assert first is not None
    row = first.jobs[0].matrix["target.environment"][1]
    run, _ = parse_workflow(source, environments=("dev", "sit"), given={"matrix.target.environment": row})
    assert run is not None
    assert run.jobs[0].steps[0].terraform[0].backend["bucket"].get() == "b"
