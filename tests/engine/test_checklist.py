"""What answers the items of a plan's checklist: the shipped mapping keeps its schema and names what exists."""

import json

from bbws_readiness.engine.checklist import Coverage, coverage_of
from bbws_readiness.positioned import Node, read_yaml
from bbws_readiness.reader import Reader
from bbws_readiness.resources import data_root
from bbws_readiness.rulebooks import shipped_rulebook
from bbws_readiness.schema_check import SchemaCheck
from bbws_readiness.source import Source
from tests.cases import each


def test_the_shipped_mapping_keeps_its_schema() -> None:
    source = Reader(data_root()).read("rules/checklist.yaml")
    assert isinstance(source, Source)
    node = read_yaml(source)
    assert isinstance(node, Node)
    schema = json.loads((data_root() / "rules/checklist.schema.json").read_text())
    assert SchemaCheck(schema).faults(node) == []
    broken = json.loads(json.dumps(schema))
    broken["items"]["required"].append("colour")
    assert SchemaCheck(broken).faults(node)


def test_every_rule_that_answers_exists() -> None:
    book = shipped_rulebook()
    named = {code for entry in book.checklist for code in entry.rules}
    assert named <= {rule.code for rule in book.rules}
    assert len(named) > 20


def test_no_entry_is_hidden_by_an_earlier_one() -> None:
    entries = shipped_rulebook().checklist
    for entry in entries:
        assert coverage_of(" ".join(entry.words), entries) == entry, entry


def test_findings_about_other_things_answer_nothing() -> None:
    entry = coverage_of("List all email templates", shipped_rulebook().checklist)
    assert entry
    assert entry.asks("RES001", "template invoice.html")
    assert not entry.asks("RES001", "bucket labels")
    assert not entry.asks("RES002", "template invoice.html")


def test_the_first_entry_about_an_item_decides() -> None:
    entries = (Coverage(("tags",), ("values",), ("TAG001",)), Coverage(("tag",), needs="AWS", takes="a look"))
    assert coverage_of("Review the TAGS", entries) == entries[0]
    assert coverage_of("Review the tags and their values", entries) == entries[1]
    assert coverage_of("Review the backups", entries) is None


@each(
    ("item", "takes"),
    [
        ("Inform the owners of the dependent services of the deployment window", "the word of whoever informs them"),
        ("Agree on the deployment window", "the agreement of those named"),
        ("s3_schemas promoted to SIT (dependency)", "the sign-off of that project"),
        ("Order schemas MUST be in SIT (for the table of the orders)", "the sign-off of that project"),
    ],
)
def test_what_an_answer_would_take(item: str, takes: str) -> None:
    entry = coverage_of(item, shipped_rulebook().checklist)
    assert entry
    assert entry.takes.startswith(takes)
