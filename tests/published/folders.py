"""Publishes assessments of the example into folders, without the command line around it."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from msgspec.structs import replace

from bbws_readiness.assess.assessment import Assessment
from bbws_readiness.published.folder import Folder, read_folder
from bbws_readiness.published.publication import Publication, past_of, publication
from bbws_readiness.render.write import write_documents
from tests.example import AS_OF, assessed

HOME = "sit_dynamodb_schemas_action_items.md"
SUMMARY = "sit_dynamodb_schemas_summary.md"
BRIEF = "sit_dynamodb_schemas_exec_brief.md"
REPORT = "sit_dynamodb_schemas_readiness_report.md"
INDEX = "README_SIT_DYNAMODB.md"
NOTICE = "sit_dynamodb_schemas_CORRECTED_STATUS.md"
TWIN = "sit_dynamodb_schemas_assessment.json"


def at_day(assessment: Assessment, days: int) -> Assessment:
    """The same as of a later moment, which makes it another run."""
    return replace(assessment, as_of=AS_OF + timedelta(days=days))


def reading(name: str) -> Assessment:
    """The example under one reading."""
    return assessed(name)


def found(directory: Path) -> Folder:
    """What lies in the directory."""
    return read_folder(directory, project=directory.parent, environment="sit", slug="dynamodb_schemas")


def prepared(directory: Path, assessment: Assessment) -> Publication:
    """The set that belongs there; nothing is written."""
    return publication(assessment, past_of(assessment, found(directory)), directory="deployments")


def publish(directory: Path, assessment: Assessment) -> Publication:
    """Write the set, as the command does when nothing speaks against it."""
    result = prepared(directory, assessment)
    if result.changed:
        write_documents(directory, result.changed, project=directory.parent)
    return result


def contents(directory: Path) -> dict[str, bytes]:
    """Every file."""
    return {path.name: path.read_bytes() for path in sorted(directory.iterdir())}


def edit(path: Path, change: Callable[[str], str]) -> None:
    """One change by hand."""
    text = path.read_bytes().decode()
    changed = change(text)
    assert changed != text, "the change changes nothing"
    path.write_bytes(changed.encode())
