"""The Terraform of a large generated project: a module per service, with tables, functions, queues and access."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from benchmarks.configuration import ROOT, VARIABLES, table_resource, variable
from benchmarks.drawn import Table

VERBS = ("create", "read", "update", "list", "archive", "export")
INPUTS: tuple[tuple[str, str, str], ...] = (
    ("environment", "string", "Environment that the service belongs to."),
    ("project", "string", "Project name for the names of resources."),
    ("aws_region", "string", "Region of the service."),
    ("aws_account_id", "string", "Account of the service."),
    ("retention_days", "number", "Days that logs are kept."),
    ("code_bucket", "string", "Bucket with the code of the functions."),
)


def services_files(tables: Sequence[Table]) -> Iterator[tuple[str, str]]:
    """A module per area of the tables, six files each, and the root that calls them all."""
    areas = list(dict.fromkeys(table.area for table in tables))
    for area in areas:
        own = [table for table in tables if table.area == area]
        folder = f"{ROOT}/modules/{area}"
        yield f"{folder}/tables.tf", "\n".join(table_resource(table) for table in own)
        yield f"{folder}/functions.tf", "\n".join(_function(area, verb, own[0].name) for verb in VERBS)
        yield f"{folder}/queues.tf", "\n".join(_queue(area, verb) for verb in VERBS[:4])
        yield f"{folder}/access.tf", "\n".join(_access(area, verb, own) for verb in VERBS)
        yield f"{folder}/variables.tf", "\n".join(variable(name, said, kind) for name, kind, said in INPUTS)
        yield f"{folder}/outputs.tf", _outputs(own)
    yield f"{ROOT}/main.tf", "\n".join([CODE, *(_call(area) for area in areas)])
    outputs = (_output(f"{area}_tables", "Tables of the service.", f"module.{area}.table_names") for area in areas)
    yield f"{ROOT}/outputs.tf", "\n".join([*outputs, _every(areas)])


CODE = """locals {
  code_bucket    = "acme-code-${var.environment}"
  retention_days = var.environment == "prod" ? 365 : 30
}
"""


def _call(area: str) -> str:
    given = "".join(f"  {name:<14} = var.{name}\n" for name in VARIABLES)
    return (
        f'module "{area}" {{\n  source = "./modules/{area}"\n\n{given}'
        "  retention_days = local.retention_days\n  code_bucket    = local.code_bucket\n}\n"
    )


def _function(area: str, verb: str, table: str) -> str:
    name = f"{area}_{verb}"
    return f"""resource "aws_lambda_function" "{verb}" {{
  function_name = "${{var.project}}-{name}-${{var.environment}}"
  role          = aws_iam_role.{verb}.arn
  runtime       = "python3.12"
  handler       = "{name}.handler"
  s3_bucket     = var.code_bucket
  s3_key        = "{area}/{verb}.zip"
  timeout       = 30
  memory_size   = var.environment == "prod" ? 512 : 256

  environment {{
    variables = {{
      TABLE_NAME  = aws_dynamodb_table.{table}.name
      ENVIRONMENT = var.environment
      LOG_LEVEL   = var.environment == "prod" ? "WARNING" : "DEBUG"
    }}
  }}

  tags = {{
    Name  = "{name}"
    Owner = "{area}-team"
  }}
}}

resource "aws_cloudwatch_log_group" "{verb}" {{
  name              = "/aws/lambda/${{aws_lambda_function.{verb}.function_name}}"
  retention_in_days = var.retention_days
}}

resource "aws_cloudwatch_metric_alarm" "{verb}_errors" {{
  alarm_name          = "${{var.project}}-{name}-errors-${{var.environment}}"
  alarm_description   = "Errors of the function {name}."
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 2
  threshold           = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  treat_missing_data  = "notBreaching"

  dimensions = {{
    FunctionName = aws_lambda_function.{verb}.function_name
  }}
}}
"""


def _queue(area: str, verb: str) -> str:
    return f"""resource "aws_sqs_queue" "{verb}" {{
  name                       = "${{var.project}}-{area}-{verb}-${{var.environment}}"
  visibility_timeout_seconds = 180
  message_retention_seconds  = 1209600
  sqs_managed_sse_enabled    = true

  redrive_policy = jsonencode({{
    deadLetterTargetArn = aws_sqs_queue.{verb}_failed.arn
    maxReceiveCount     = 5
  }})
}}

resource "aws_sqs_queue" "{verb}_failed" {{
  name                      = "${{var.project}}-{area}-{verb}-failed-${{var.environment}}"
  message_retention_seconds = 1209600
  sqs_managed_sse_enabled   = true
}}
"""


def _access(area: str, verb: str, tables: Sequence[Table]) -> str:
    actions = ("GetItem", "Query") if verb in ("read", "list", "export") else ("GetItem", "PutItem", "UpdateItem")
    allowed = ", ".join(f'"dynamodb:{action}"' for action in actions)
    arns = "".join(
        f'      aws_dynamodb_table.{table.name}.arn,\n      "${{aws_dynamodb_table.{table.name}.arn}}/index/*",\n'
        for table in tables
    )
    return f"""data "aws_iam_policy_document" "{verb}_trust" {{
  statement {{
    actions = ["sts:AssumeRole"]

    principals {{
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }}
  }}
}}

data "aws_iam_policy_document" "{verb}" {{
  statement {{
    sid     = "Tables"
    actions = [{allowed}]
    resources = [
{arns}    ]
  }}

  statement {{
    sid       = "Logs"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["arn:aws:logs:${{var.aws_region}}:${{var.aws_account_id}}:log-group:/aws/lambda/*"]
  }}
}}

resource "aws_iam_role" "{verb}" {{
  name               = "${{var.project}}-{area}-{verb}-${{var.environment}}"
  assume_role_policy = data.aws_iam_policy_document.{verb}_trust.json
}}

resource "aws_iam_role_policy" "{verb}" {{
  name   = "{area}-{verb}"
  role   = aws_iam_role.{verb}.id
  policy = data.aws_iam_policy_document.{verb}.json
}}
"""


def _outputs(tables: Sequence[Table]) -> str:
    names = "".join(f"    aws_dynamodb_table.{table.name}.name,\n" for table in tables)
    parts = [_output("table_names", "Names of the tables.", f"[\n{names}  ]")]
    for verb in VERBS:
        parts.append(_output(f"{verb}_arn", f"ARN of {verb}.", f"aws_lambda_function.{verb}.arn"))
    return "\n".join(parts)


def _every(areas: Sequence[str]) -> str:
    listed = "".join(f"    module.{area}.table_names,\n" for area in areas)
    return _output("table_names", "Names of all tables.", f"concat(\n{listed}  )")


def _output(name: str, description: str, value: str) -> str:
    equals = "=" if "\n" in value else "      ="
    return f'output "{name}" {{\n  description = "{description}"\n  value {equals} {value}\n}}\n'
