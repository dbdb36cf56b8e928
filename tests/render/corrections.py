"""The example assessed twice: with the plan as authority, then with Terraform and the recorded decisions."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bbws_readiness.assess.assessment import Assessment
from bbws_readiness.compare.changes import Changes
from bbws_readiness.compare.compare import compare
from bbws_readiness.compare.read import snapshot_of
from bbws_readiness.config import load_config
from bbws_readiness.pipeline import assess_project
from bbws_readiness.render.frame import Surroundings
from bbws_readiness.render.history import run_of
from bbws_readiness.render.machine import to_data
from tests.example import commit_all, copy_example

FIRST = datetime(2026, 1, 7, 16, 55)
SECOND = datetime(2026, 1, 7, 17, 15)

CONFIGURATION = "readings/terraform_is_authority.yaml"
LOG = "readings/readiness-decisions.yaml"


@dataclass(frozen=True)
class Pair:
    """Two assessments of one project, and what lies between them."""

    project: Path
    before: Assessment
    after: Assessment

    @property
    def changes(self) -> Changes:
        return compare(snapshot_of(to_data(self.before)), snapshot_of(to_data(self.after)))

    @property
    def surroundings(self) -> Surroundings:
        return around(self.changes)


def around(changes: Changes) -> Surroundings:
    """What a second run finds in the folder of a first one."""
    return Surroundings(earlier=(run_of(changes.before, None),), changes=changes)


def pair(folder: Path) -> Pair:
    """Readings (b) and (c) of a clean checkout of the example below `folder`."""
    project = copy_example(folder, readings=True)
    commit_all(project)
    before = assess_project(project, "sit", as_of=FIRST, config=load_config(project))
    return Pair(project, before, under_terraform(project))


def under_terraform(project: Path, *, as_of: datetime = SECOND) -> Assessment:
    """Reading (c), with whatever its decision log says."""
    return assess_project(project, "sit", as_of=as_of, config=load_config(project, path=project / CONFIGURATION))
