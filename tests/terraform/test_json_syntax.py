"""JSON files give the nodes that native files give, with their own places."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from bbws_readiness.source import Source
from bbws_readiness.terraform import Evaluation, evaluate_configuration, parse_tfvars
from bbws_readiness.terraform.nodes import BodyNode, Expression, children
from bbws_readiness.terraform.results import Body
from bbws_readiness.terraform.syntax import ParsedFile, parse_file
from tests.cases import each
from tests.terraform.memory import MemoryFiles

NATIVE = """\
terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }
  }
  backend "s3" {
    bucket = "states"
  }
}
variable "names" {
  type    = list(string)
  default = ["orders", "$${kept}"]
  validation {
    condition     = length(var.names) > 0
    error_message = "Name one."
  }
}
locals {
  prefix = "acme-${length(var.names)}"
  upper  = "%{ for name in var.names ~} ${upper(name)} %{ endfor ~}"
  price  = 1.5
  nothing = null
  nested = { "a" = [1, true, "${local.prefix}-x"], "${local.prefix}" = {} }
}
provider "aws" {
  region = "eu-west-1"
}
provider "aws" {
  alias  = "west"
  region = "us-west-2"
  default_tags {
    tags = { "Owner" = "team" }
  }
}
resource "aws_dynamodb_table" "orders" {
  provider     = aws.west
  count        = "${length(var.names) - 1}"
  name         = "${local.prefix}-orders"
  hash_key     = "id"
  billing_mode = "PAY_PER_REQUEST"
  tags         = { "Name" = "${local.prefix}" }
  depends_on   = [aws_sqs_queue.first, module.m]
  attribute {
    name = "id"
    type = "S"
  }
  attribute {
    name = "at"
    type = "N"
  }
  point_in_time_recovery {
    enabled = true
  }
  dynamic "global_secondary_index" {
    for_each = "${toset(["at"])}"
    iterator = each_index
    content {
      name            = "by-${each_index.value}"
      hash_key        = "${each_index.value}"
      projection_type = "ALL"
    }
  }
  lifecycle {
    prevent_destroy = true
    ignore_changes  = [read_capacity, tags["x"]]
  }
}
resource "aws_sqs_queue" "first" {
  name = "first"
}
resource "acme_thing" "guessed" {
  tags = { "a" = "b" }
  setting {
    level = 1
  }
}
module "m" {
  source = "./m"
  providers = { "aws" = aws.west }
  given  = { "x" = [{ "y" = 1 }] }
}
output "name" {
  value = "${aws_dynamodb_table.orders[0].name}"
}
"""

JSON = r"""{
  "//": "made by a tool",
  "terraform": {
    "required_version": ">= 1.5",
    "required_providers": {"aws": {"source": "hashicorp/aws", "version": "~> 5.0"}},
    "backend": {"s3": {"bucket": "states"}}
  },
  "variable": {
    "names": {
      "type": "list(string)",
      "default": ["orders", "${kept}"],
      "validation": {"condition": "${length(var.names) > 0}", "error_message": "Name one."}
    }
  },
  "locals": [
    {"prefix": "acme-${length(var.names)}", "//": "no argument"},
    {
      "upper": "%{ for name in var.names ~} ${upper(name)} %{ endfor ~}",
      "price": 1.5,
      "nothing": null,
      "nested": {"a": [1, true, "${local.prefix}-x"], "${local.prefix}": {}}
    }
  ],
  "provider": {
    "aws": [
      {"region": "eu-west-1"},
      {"alias": "west", "region": "us-west-2", "default_tags": {"tags": {"Owner": "team"}}}
    ]
  },
  "resource": [
    {
      "aws_dynamodb_table": {
        "orders": {
          "provider": "aws.west",
          "count": "${length(var.names) - 1}",
          "name": "${local.prefix}-orders",
          "hash_key": "id",
          "billing_mode": "PAY_PER_REQUEST",
          "tags": {"Name": "${local.prefix}"},
          "depends_on": ["aws_sqs_queue.first", "module.m"],
          "attribute": [{"name": "id", "type": "S"}, {"name": "at", "type": "N"}],
          "point_in_time_recovery": {"enabled": true},
          "dynamic": {
            "global_secondary_index": {
              "for_each": "${toset([\"at\"])}",
              "iterator": "each_index",
              "content": {
                "name": "by-${each_index.value}",
                "hash_key": "${each_index.value}",
                "projection_type": "ALL"
              }
            }
          },
          "lifecycle": {"prevent_destroy": true, "ignore_changes": ["read_capacity", "tags[\"x\"]"]}
        }
      }
    },
    {"aws_sqs_queue": {"first": {"name": "first"}}},
    {"acme_thing": {"guessed": {"tags": {"a": "b"}, "setting": [{"level": 1}]}}}
  ],
  "module": {
    "m": {"source": "./m", "providers": {"aws": "aws.west"}, "given": {"x": [{"y": 1}]}}
  },
  "output": {"name": {"value": "${aws_dynamodb_table.orders[0].name}"}}
}
"""

MODULE = 'terraform {\n  required_providers {\n    aws = { source = "hashicorp/aws" }\n  }\n}\nvariable "given" {}\n'


def parse(text: str, path: str = "main.tf.json") -> ParsedFile:
    return parse_file(Source(path, text, len(text), ""))


def evaluate(name: str, text: str) -> Evaluation:
    return evaluate_configuration(MemoryFiles({name: text, "m/main.tf": MODULE}), ".")


def shown(body: Body) -> object:
    attributes = {name: str(attribute.value.to_python()) for name, attribute in sorted(body.attributes.items())}
    return attributes, [(block.type, block.labels, shown(block.body)) for block in body.blocks]


def test_json_says_what_native_syntax_says() -> None:
    native, other = evaluate("main.tf", NATIVE), evaluate("main.tf.json", JSON)
    assert [str(told) for told in other.diagnostics] == [
        str(told).replace("main.tf:", "main.tf.json:") for told in native.diagnostics
    ]
    assert other.complete and native.complete
    assert [found.address for found in other.resources] == [found.address for found in native.resources]
    for expected, actual in zip(native.resources, other.resources, strict=True):
        assert shown(actual.body) == shown(expected.body)
    for name, local in native.locals.items():
        # `locals` are shown twice in the JSON file, so order is not compared.
        assert other.locals[name].value.to_python() == local.value.to_python()
    assert {state.name: state.value.to_python() for state in other.variables} == {
        state.name: state.value.to_python() for state in native.variables
    }
    assert [str(found.type_text) for found in other.variables] == ["list(string)"]


def names(body: BodyNode) -> list[tuple[str, int, int]]:
    pending: list[Expression] = [attribute.expression for attribute in body.attributes]
    found = [(attribute.name, attribute.at.line, attribute.at.column) for attribute in body.attributes]
    while pending:
        node = pending.pop(0)
        if hasattr(node, "name"):
            found.append((node.name, node.at.line, node.at.column))
        pending.extend(children(node))
    return found


def test_places_are_exact_behind_escapes() -> None:
    body = parse(
        '{\n  "locals": {\n    "a": "\\u00e9\\n ${f("x")} ${g}",\n    "b": ["${h}"]\n  }\n}'.replace('"x"', "x")
    ).body
    assert body is not None
    assert names(body.blocks[0].body) == [
        ("a", 3, 5),
        ("b", 4, 5),
        ("f", 3, 22),
        ("g", 3, 30),
        ("x", 3, 24),
        ("h", 4, 14),
    ]


REFUSED = [
    ("", "1:1 unexpected end of file"),
    ("null", "1:1 expected an object at the top of the file"),
    ("[[]]", "1:2 expected an object"),
    ("{}{}", "1:3 unexpected text behind the JSON value"),
    ('{"locals":{"a":1},}', "1:19 expected a name in quotes"),
    ('{"locals":{"a":[1,]}}', "1:19 expected a JSON value"),
    ('{"locals":{"a":1,\n"a":2}}', '2:1 argument "a" is set twice (first at line 1)'),
    ('{"locals":{"a":{"b":1,"b":2}}}', '1:23 the key "b" is set twice (first at line 1)'),
    ("{ // x\n}", "1:3 this text is not valid JSON"),
    ("\ufeff{}", "1:1 this text is not valid JSON"),
    ("\u00a0{}", "1:1 this text is not valid JSON"),
    ('{"locals":{"a":01}}', "1:16 this text is not valid JSON"),
    ('{"locals":{"a":+1}}', "1:16 this text is not valid JSON"),
    ('{"locals":{"a":.5}}', "1:16 this text is not valid JSON"),
    ('{"locals":{"a":1.}}', "1:16 this text is not valid JSON"),
    ('{"locals":{"a":True}}', "1:16 this text is not valid JSON"),
    ("{'a':1}", "1:2 this text is not valid JSON"),
    ('{"locals":{"a":"x\ty"}}', "1:16 this string is not valid JSON"),
    ('{"locals":{"a":"x\ny"}}', "1:16 this string is not valid JSON"),
    ('{"locals":{"a":"\\q"}}', "1:16 this string is not valid JSON"),
    ('{"locals":{"a":"${"}}', '1:19 unexpected end of file; "${" opened at line 1 is not closed'),
    ('{"locals":{"a":"${1 2}"}}', '1:21 expected "}" at the end of "${"'),
    ('{"variable":{"x":"y"}}', "1:18 expected an object, or an array of objects, for variable"),
    ('{"variable":{}}', "1:2 variable block: expected 1 labels, got 0"),
    ('{"variable":null}', "1:2 variable block: expected 1 labels, got 0"),
    ('{"resource":{"terraform_data":{}}}', "1:14 resource block: expected 2 labels, got 1"),
    ('{"resource":"x"}', "1:13 expected an object"),
    ('{"resource":{"//":"x"}}', "1:19 expected an object"),
    ('{"locals":"x"}', "1:11 expected an object, or an array of objects, for locals"),
    ('{"locals":[1]}', "1:12 expected an object"),
    ('{"resource":{"a":{"b":{"depends_on":["a b"]}}}}', "1:41 expected one expression"),
    ('{"locals":{"a b":1}}', "1:12 an argument needs a plain word as name"),
    ("{1:2}", "1:2 expected a name in quotes"),
    ('{"a" 1}', '1:6 expected ":"'),
    ('{"a":1 "b":2}', '1:8 expected ","'),
    ('{"a":[1', "1:8 unexpected end of file"),
    ('{"a":"x', "1:6 this string is not valid JSON"),
    ("[" * 100_000, "1:65 nested deeper than 64 levels"),
    ('{"a":' * 100_000, "1:321 nested deeper than 64 levels"),
    ('{"locals":{"a":"' + "${" + "[" * 100 + '"}}', "1:66 nested deeper than 48 levels"),
]


@each(("text", "expected"), REFUSED, ids=[text[:40] for text, _ in REFUSED])
def test_what_terraform_refuses_is_refused(text: str, expected: str) -> None:
    parsed = parse(text)
    assert parsed.body is None
    assert [f"{found.at.line}:{found.at.column} {found.summary}" for found in parsed.diagnostics] == [expected]


ACCEPTED = [
    *("{}", "[]", "[{}]", '{"locals":{"a":1},"locals":{"b":1}}', '{"locals":null}', '{"//":1,"//":2}'),
    *('{"locals":{"a":1e5,"b":-0}}', '{"locals":{"a":"\\/\\ud800\\ud83d\\ude00\\u0000"}}', '{\r"locals":{}}'),
    *('{"variable":[{"x":{}},{"y":{"type":"string"}}]}', '{"variable":{"x":null}}', '{"variable":{"x":[{}]}}'),
    *('{"locals":{"a":"x\\ry${1}"}}', '{"variable":{"x":{"default":"${"}}}'),
    '{"resource":{"terraform_data":[{"a":{}},{"b":{"lifecycle":[{"ignore_changes":"all"}]}}]}}',
    '{"resource":{"terraform_data":{"a":{"provisioner":[{"local-exec":{"command":"true"}}]}}}}',
]


@each("text", ACCEPTED)
def test_what_terraform_accepts_is_accepted(text: str) -> None:
    assert parse(text).diagnostics == ()


def test_values_stand_for_themselves() -> None:
    text = '{"//": "x", "a": "${b}",\n "c": [1, {"${d}": null}], "e": {"f": true}}'
    entries, diagnostics = parse_tfvars(Source("sit.tfvars.json", text, len(text), ""))
    assert diagnostics == ()
    assert [(entry.name, entry.at.line, entry.value.to_python()) for entry in entries] == [
        ("a", 1, "${b}"),
        ("c", 2, [1, {"${d}": None}]),
        ("e", 2, {"f": True}),
    ]


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["${a}", "%{if b}c%{endif}"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "locals", "//"]), inner),
    max_leaves=10,
)
BLOCKS = st.sampled_from(["resource", "variable", "locals", "dynamic", "terraform", "module", "a"])


@given(st.dictionaries(BLOCKS, JSON_VALUES, max_size=3))
@settings(max_examples=200, deadline=None)
def test_any_json_ends_in_a_body_or_one_diagnostic(document: dict[str, object]) -> None:
    parsed = parse(json.dumps(document))
    assert (parsed.body is None) == (len(parsed.diagnostics) == 1)
