"""What the commands of a plan tell: every row of the format's table of fences, each with a near miss."""

from typing import Any

from bbws_readiness.model.plans import Command
from bbws_readiness.parsers.promotion_plan import parse_plan
from bbws_readiness.source import Source
from tests.cases import each


def commands_of(*lines: str) -> tuple[Command, ...]:
    text = "# Promotion Plan: x\n\n```bash\n" + "\n".join(lines) + "\n```\n"
    return parse_plan(Source("plan.md", text, len(text), ""), project_folder="shipments")[0].commands


def told(command: Command) -> dict[str, Any]:
    """What is known beyond the words, as plain values."""
    terraform, table, starts = command.terraform, command.table, command.starts
    found: dict[str, Any] = {
        "region": command.region and command.region.get(),
        "account": command.account and command.account.get(),
        "buckets": [fact.get() for fact in command.buckets],
        "files": [fact.get() for fact in command.files],
        "scripts": [fact.get() for fact in command.scripts],
        "changes": command.changes,
        "platform": command.platform,
    }
    if terraform:
        found["workspace"] = terraform.workspace and terraform.workspace.get()
        found["backend"] = {key: fact.get() for key, fact in terraform.backend.items()}
        found["variables"] = [fact.get() for fact in (*terraform.var_files, *terraform.variables, *terraform.targets)]
        found["plan file"] = terraform.plan_file and terraform.plan_file.get()
    if table:
        found["tables"] = [fact.get() for fact in table.tables]
        found["index"] = table.index and table.index.get()
        found["attributes"] = [*table.key, *table.item, *table.queried]
        found["partly"] = table.partly
    if starts:
        found["starts"] = (starts.name.get(), starts.ref, [fact.get() for fact in starts.inputs])
    return {key: value for key, value in found.items() if value}


ROWS: list[tuple[str, dict[str, Any]]] = [
    ("terraform workspace select sit", {"workspace": "sit"}),
    ("terraform workspace list", {}),
    ('terraform init -backend-config="key=a/b" -backend-config=backend.hcl', {"backend": {"key": "a/b"}}),
    ("terraform init", {}),
    ("terraform plan -out=sit.tfplan -var-file=sit.tfvars", {"plan file": "sit.tfplan", "variables": ["sit.tfvars"]}),
    ('terraform plan -var="stage=sit" -target=module.a', {"variables": ["stage", "module.a"]}),
    ("terraform apply sit.tfplan", {"plan file": "sit.tfplan"}),
    ("terraform apply -auto-approve", {}),
    ("terraform plan -out=/Users/somebody/sit.tfplan", {}),
    ("aws dynamodb scan --table-name a-sit --region eu-west-1", {"tables": ["a-sit"], "region": "eu-west-1"}),
    ("aws dynamodb scan --table-name <table-name> --region eu-west-1", {"region": "eu-west-1"}),
    ("aws dynamodb scan --table-name $table --region ${REGION}", {}),
    (
        'aws dynamodb query --table-name=a-sit --index-name ByDate --key-condition-expression "PK = :p AND #d > :d" '
        '--expression-attribute-names \'{"#d": "day"}\'',
        {"tables": ["a-sit"], "index": "ByDate", "attributes": ["PK", "day"]},
    ),
    (
        'aws dynamodb query --table-name a-sit --key-condition-expression "PK = :p AND begins_with(SK, :s)"',
        {"tables": ["a-sit"], "attributes": ["PK", "SK"]},
    ),
    (
        'aws dynamodb query --table-name a-sit --key-condition-expression "PK=:p AND SK BETWEEN :a AND :b"',
        {"tables": ["a-sit"], "attributes": ["PK", "SK"]},
    ),
    (
        'aws dynamodb get-item --table-name a-sit --key \'{"PK": {"S": "x"}}\'',
        {"tables": ["a-sit"], "attributes": ["PK"]},
    ),
    (
        'aws dynamodb get-item --table-name a-sit --key \'{"PK": {"S": "\'$(date +%F)\'"}}\'',
        {"tables": ["a-sit"], "attributes": ["PK"], "partly": True},
    ),
    (
        "aws dynamodb put-item --table-name a-sit --item file://item.json",
        {"tables": ["a-sit"], "files": ["item.json"], "partly": True},
    ),
    ("aws s3 cp x s3://a-sit/y", {"buckets": ["a-sit"]}),
    ("aws s3 cp x s3://$bucket/y", {}),
    ("aws s3api get-bucket-versioning --bucket a-sit", {"buckets": ["a-sit"]}),
    ("aws s3api list-buckets --query x", {}),
    ("./scripts/x.sh sit", {"scripts": ["./scripts/x.sh"]}),
    ("python3 -u scripts/x.py --all", {"scripts": ["scripts/x.py"]}),
    ("python3 -m pytest tests", {}),
    ("python3 /Users/somebody/x.py", {}),
    ("gh workflow run x.yml --ref main -f a=1 -F b=2", {"starts": ("x.yml", "main", ["a", "b"])}),
    ("gh workflow run --ref main x.yml", {"starts": ("x.yml", "main", [])}),
    ("gh workflow run <workflow>", {}),
    ("gh workflow list", {}),
    (
        "aws dynamodb update-table --table-name a-sit --replica-updates file://r.json",
        {"tables": ["a-sit"], "files": ["r.json"], "changes": "update-table --replica-updates"},
    ),
    ("aws backup create-backup-selection --backup-plan-id <plan-id>", {"changes": "create-backup-selection"}),
    ("aws dynamodb delete-item --table-name a-sit --key '{}'", {"tables": ["a-sit"]}),
    ("aws backup describe-backup-vault --backup-vault-name x", {}),
    ("date -d yesterday +%F", {"platform": "date -d"}),
    ("date +%F", {}),
    ("watch -n 5 ls", {"platform": "watch"}),
    ("sed -i '' s/a/b/ x", {"platform": "sed -i ''"}),
    ("sed -i s/a/b/ x", {}),
    ("aws iam get-role --role-arn arn:aws:iam::012345678901:role/x", {"account": "012345678901"}),
    ("aws iam get-role --role-name 012345678901", {}),
]


@each(("line", "expected"), ROWS, ids=[line[:70] for line, _ in ROWS])
def test_a_line(line: str, expected: dict[str, Any]) -> None:
    (command,) = [one for one in commands_of(line) if one.text.startswith(line.split(" ")[0])][-1:]
    assert told(command) == expected


def test_a_loop_stands_for_each_of_its_values() -> None:
    loop = commands_of("for x in a-sit b-sit; do", "  aws dynamodb scan --table-name $x", "done", "echo $x")
    assert [told(command) for command in loop] == [{}, {"tables": ["a-sit", "b-sit"]}, {}]
    unknown = commands_of("for x in a-sit $(cat names); do", '  aws dynamodb scan --table-name "$x"', "done")
    assert told(unknown[-1]) == {}
    outside = commands_of("for x in a-sit b-sit; do", "  ls", "done", "aws dynamodb scan --table-name $x")
    assert told(outside[-1]) == {}


def test_a_workspace_holds_to_the_end_of_the_fence() -> None:
    first, second = commands_of("terraform workspace new sit || terraform workspace select sit", "terraform plan")[1:]
    assert (first.workspace, second.workspace) == ("sit", "sit")
    other = commands_of("terraform workspace select sit", "```", "", "```bash", "terraform plan")
    assert [command.workspace for command in other] == ["", ""]


def test_a_profile_holds_to_the_end_of_the_fence() -> None:
    commands = commands_of("export AWS_PROFILE=acme-sit", "aws s3 ls", "AWS_PROFILE=acme-prod aws s3 ls")
    assert [(one.profile, one.environment) for one in commands] == [
        ("acme-sit", "sit"),
        ("acme-sit", "sit"),
        ("acme-prod", "prod"),
    ]


def test_a_quote_that_is_never_closed_is_told() -> None:
    text = "# Promotion Plan: x\n\n```bash\nls\necho 'a\n```\n"
    plan, diagnostics = parse_plan(Source("plan.md", text, len(text), ""))
    assert [command.text for command in plan.commands] == ["ls"]
    assert [found.at.line for found in diagnostics if "never closed" in found.summary] == [5]
