"""Everything that was read about one project for one environment, ready to be judged."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from msgspec import Struct, field

from bbws_readiness.errors import Diagnostic, near_name
from bbws_readiness.fact import Fact
from bbws_readiness.model.access import Access
from bbws_readiness.model.backups import Backup
from bbws_readiness.model.changes import PlanOutput
from bbws_readiness.model.comparison import Comparison
from bbws_readiness.model.earlier import Earlier
from bbws_readiness.model.environments import Environment, Setting
from bbws_readiness.model.footprint import Neighbours
from bbws_readiness.model.formats import FileFormat
from bbws_readiness.model.layouts import Layout
from bbws_readiness.model.leftovers import Ignores, WrittenFile
from bbws_readiness.model.plans import Plan, Requirement
from bbws_readiness.model.portfolio import PortfolioDocument
from bbws_readiness.model.readmes import Readme
from bbws_readiness.model.repository import Repository
from bbws_readiness.model.resources import Configuration, Handler
from bbws_readiness.model.scripts import ValidationScript
from bbws_readiness.model.secrets import SecretSearch
from bbws_readiness.model.tables import Table
from bbws_readiness.model.workflows import Workflow
from bbws_readiness.source import Location, Source, SourceKind


class SchemaSet(Struct, frozen=True):
    """The schema files of the project."""

    directory: str
    at: Location
    tables: tuple[Table, ...] = ()
    complete: bool = True


class EnvironmentFile(Struct, frozen=True):
    """A tfvars file and what it sets."""

    environment: str
    at: Location
    size: int
    settings: tuple[Setting, ...] = ()
    readable: bool = True
    comments: tuple[Fact[str], ...] = ()
    """Its comments line by line, without their signs; none of a file in JSON."""


class Model(Struct, frozen=True, dict=True):
    """The nouns of one project. A kind of input the project does not have is None or empty."""

    environment: str
    environments: tuple[str, ...]
    """All environment names that any source knows, ordered by first mention: tfvars, workflows, plan."""
    configuration: Configuration | None = None
    terraform_tables: tuple[Table, ...] | None = None
    backup: Backup = field(default_factory=Backup)
    layout: Layout | None = None
    """How the Terraform is laid out; None when the project has none."""
    formats: tuple[FileFormat, ...] = ()
    """The layout of the files of the Terraform root, ordered as those."""
    environment_files: tuple[EnvironmentFile, ...] = ()
    schemas: SchemaSet | None = None
    workflows: tuple[Workflow, ...] | None = None
    """None when the project has no workflow folder."""
    scripts: tuple[ValidationScript, ...] = ()
    plan: Plan | None = None
    portfolio: tuple[PortfolioDocument, ...] = ()
    """The documents about several projects, in the order configured."""
    neighbours: Neighbours | None = None
    """The project among those that are known beside it; None when no other is known."""
    readme: Readme | None = None
    repository: Repository | None = None
    files: tuple[str, ...] = ()
    """Every regular file of the project, ordered."""
    handlers: tuple[Handler, ...] = ()
    """What stands at the top of the project's Python, ordered by file; only where Terraform declares functions."""
    code_unread: tuple[Location, ...] = ()
    """Python files that may hold further handlers: they could not be read, or import names by `*`."""
    ignores: Ignores = field(default_factory=Ignores)
    written: tuple[WrittenFile, ...] = ()
    """State, plan and output files that commands of workflows and documents create, ordered by path."""
    secrets: SecretSearch = field(default_factory=SecretSearch)
    access: Access = field(default_factory=Access)
    """Policies and trusts of AWS roles."""
    diagnostics: tuple[Diagnostic, ...] = ()
    """Faults of all inputs, ordered by place."""
    plan_output: PlanOutput | None = None
    """The plan that Terraform made, when it was handed in as JSON."""
    earlier: Earlier | None = None
    """The resources of the version that this one is compared with, when one was named."""
    unread: Mapping[SourceKind, Location] = field(default_factory=dict)
    """Kinds of input of which some file exists but could not be read: their silence proves nothing."""
    sources: Mapping[str, Source] = field(default_factory=dict)
    """Every file that was read, by path, so that a decision can cite a line."""

    @cached_property
    def told(self) -> dict[object, object]:
        """What was concluded from this model so far, by the function that did (`model.once`)."""
        return {}

    @cached_property
    def paths(self) -> frozenset[str]:
        """`files`, to ask whether one is there."""
        return frozenset(self.files)

    @cached_property
    def folders(self) -> frozenset[str]:
        """Every folder in which a file lies, directly or further down; empty for the root where a file lies there."""
        direct = {path.rpartition("/")[0] for path in self.files}
        found = set(direct)
        for folder in direct:
            while folder := folder.rpartition("/")[0]:
                found.add(folder)
        return frozenset(found)

    @cached_property
    def workflow(self) -> Workflow | None:
        """The workflow that deploys the assessed environment; the first by path when there are several."""
        for workflow in self.workflows or ():
            if workflow.environment and workflow.environment.or_none() == self.environment:
                return workflow
        return None

    @cached_property
    def script(self) -> ValidationScript | None:
        """The validation script for the assessed environment, or one that takes the environment as an argument."""
        for script in self.scripts:
            if script.takes_environment or (script.environment and script.environment.or_none() == self.environment):
                return script
        return None

    @property
    def tracked_files(self) -> tuple[str, ...] | None:
        """The paths that git tracks, or None when git does not say."""
        return self.repository.tracked.or_none() if self.repository else None

    def near_path(self, path: str) -> str | None:
        """The file or folder of the project that is spelt most like `path`, or None when none is close."""
        folders = {file.rpartition("/")[0] for file in self.files} - {""}
        return near_name(path, sorted({*self.files, *folders}))

    def tables_of(self, kind: SourceKind) -> tuple[Table, ...] | None:
        """The tables that a source describes, or None when the project has no such source or it lists none."""
        match kind:
            case SourceKind.TERRAFORM:
                return self.terraform_tables
            case SourceKind.SCHEMAS:
                return self.schemas.tables if self.schemas else None
            case SourceKind.PLAN:
                return self.plan.tables or None if self.plan else None
            case SourceKind.README:
                return self.readme.tables or None if self.readme else None
            case SourceKind.SCRIPT:
                chosen = self.script or next(iter(self.scripts), None)
                return chosen.tables or None if chosen else None
            case SourceKind.PLAN_JSON:
                return self.plan_output.tables if self.plan_output else None
            case _:
                return None

    @cached_property
    def requirements(self) -> tuple[Requirement, ...]:
        """What the plan asks for here: what its table of environments has further down is not asked yet."""
        if self.plan is None:
            return ()
        order = [row.name for row in self.plan.environments]
        later = order[order.index(self.environment) + 1 :] if self.environment in order else []
        return tuple(one for one in self.plan.requirements if one.environment not in later)

    @cached_property
    def named_tables(self) -> Mapping[SourceKind, Mapping[str, Table]]:
        """Every source that lists tables, in the order of votes, with those of known name by logical name."""
        listed = ((kind, self.tables_of(kind)) for kind in TABLE_SOURCES)
        return {
            kind: {table.name: table for table in tables if table.name != table.address}
            for kind, tables in listed
            if tables is not None
        }

    @property
    def has_tables(self) -> bool:
        """Whether any source speaks of tables or might: without, documents need not say that there are none."""
        if self.configuration is None or not self.configuration.complete:
            return True
        counts = (*(self.plan.counts if self.plan else ()), *(self.readme.counts if self.readme else ()))
        return any(self.tables_of(kind) for kind in TABLE_SOURCES) or any(
            count.noun in ("tables", "indexes") for count in counts
        )

    def compared_tables(self) -> tuple[Comparison[Table], ...]:
        """Every logical table name that any source gives, ordered by name, with all descriptions of it."""
        by_name: dict[str, dict[SourceKind, Table]] = {}
        for kind in TABLE_SOURCES:
            for table in self.tables_of(kind) or ():
                by_name.setdefault(table.name, {}).setdefault(kind, table)
        return tuple(Comparison(name, sides) for name, sides in sorted(by_name.items()))

    def described_environment(self, kind: SourceKind) -> Environment | None:
        """The assessed environment as plan or README describe it."""
        listed: tuple[Environment, ...] = ()
        if kind is SourceKind.PLAN and self.plan:
            listed = self.plan.environments
        elif kind is SourceKind.README and self.readme:
            listed = self.readme.environments
        return next((found for found in listed if found.name == self.environment), None)


TABLE_SOURCES = (
    SourceKind.PLAN,
    SourceKind.TERRAFORM,
    SourceKind.SCHEMAS,
    SourceKind.README,
    SourceKind.SCRIPT,
)
"""The sources that describe tables, in the order in which votes are printed."""
