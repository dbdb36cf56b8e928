"""A session holds what was evaluated as long as somebody holds the session."""

import gc
from weakref import ref

from bbws_readiness.terraform.session import Session
from tests.terraform.memory import MemoryFiles

FILES = {
    "a.tf": """
variable "name" {
  default = "orders"
}

locals {
  names = [for part in ["a", "b"] : "${var.name}-${part}-${terraform.workspace}"]
}

resource "aws_dynamodb_table" "orders" {
  for_each = toset(local.names)
  name     = each.key
}
"""
}


def test_what_was_evaluated_goes_with_its_session() -> None:
    gc.collect()
    gc.disable()  # what lies in a circle would stay
    try:
        session = Session(MemoryFiles(FILES), "")
        run, evaluation = ref(session._run), session.evaluation
        assert len(evaluation.resources) == 2
        del session
        assert run() is None
    finally:
        gc.enable()
