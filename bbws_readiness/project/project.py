"""A project as discovered: which of its files are which, before any of them is understood."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from bbws_readiness.config import Config
from bbws_readiness.errors import Diagnostic, UnknownEnvironment, near_name
from bbws_readiness.project.choice import Choice, choose
from bbws_readiness.project.terraform_roots import TerraformRoot
from bbws_readiness.reader import Reader
from bbws_readiness.source import Location, Refused, Source, SourceKind


def lies_in(path: str, folder: str) -> bool:
    """Whether `path` is `folder` or lies below it; nothing lies in the folder with the empty name."""
    return bool(folder) and (path == folder or path.startswith(f"{folder.rstrip('/')}/"))


def folder_of(configured: str, environment: str) -> str:
    """The folder that readiness.yaml names, for one environment; empty for the project folder itself."""
    folder = configured.replace("{environment}", environment).strip("/").removeprefix("./")
    return "" if folder == "." else folder


class PlanFile(Struct, frozen=True):
    """The promotion plan, with the reader that is confined to the folder it lies in."""

    reader: Reader
    path: str
    """Relative to the reader's root."""
    shown: str
    """As printed, relative to the project: `../promotions/04_parcels_promotion.md`."""

    def read(self) -> Source | Refused:
        """The plan's text, or why it was not read."""
        return self.reader.read(self.path)

    def anew(self) -> PlanFile:
        """The same file, to be read once more by a reader of its own."""
        return replace(self, reader=self.reader.anew())


class Project(Struct, frozen=True):
    """One project folder. Every path is relative to it and uses forward slashes; tuples are ordered by path."""

    root: Path
    reader: Reader
    config: Config
    folder: str
    """The folder's name: `2_1_acme_parcels`."""
    slug: str
    """Part of every document's file name; never changes between runs."""
    title: str
    files: tuple[str, ...]
    """Every regular file that may be looked at."""
    beside: tuple[str, ...] = ()
    """Files of the projects that the configuration names beside this one: only secrets are looked for in them."""
    git_root: Path | None = None
    """The nearest folder upward, this one included, that holds `.git`."""
    terraform_roots: tuple[TerraformRoot, ...] = ()
    """The folders that could be the Terraform root, best first; ask `terraform_root`."""
    schemas: tuple[str, ...] = ()
    workflows: tuple[str, ...] | None = None
    """None when there is no workflow folder."""
    scripts: tuple[str, ...] = ()
    readme: str | None = None
    plan: PlanFile | None = None
    portfolio: tuple[PlanFile, ...] = ()
    """Documents about several projects, in the order configured."""
    outputs: str = ""
    """The folder of the documents, which is no input; empty when they lie elsewhere."""
    environments: tuple[str, ...] = ()
    """Environment names that configuration, tfvars, workflows or the plan mention, in the order of promotion."""
    diagnostics: tuple[Diagnostic, ...] = ()
    unread: Mapping[SourceKind, Location] = field(default_factory=dict)
    """Kinds of input that are there and were not taken up (a link, several plans): their silence proves nothing."""

    @property
    def inputs(self) -> tuple[Source, ...]:
        """Every file read so far, the plan and the configuration included, each once, ordered by path."""
        beside = [one.reader for one in (self.plan, *self.portfolio) if one]
        documents = [source for reader in beside for source in reader.sources]
        read = {source.path: source for source in (*self.config.inputs, *documents, *self.reader.sources)}
        return tuple(source for _, source in sorted(read.items()))

    def anew(self) -> Project:
        """The same files, to be read once more by readers of their own."""
        return replace(
            self,
            reader=self.reader.anew(),
            plan=self.plan and self.plan.anew(),
            portfolio=tuple(document.anew() for document in self.portfolio),
        )

    def terraform_root(self, environment: str) -> TerraformRoot | None:
        """The one root that is assessed for `environment`, or None when there is none or several could be meant."""
        return self.choice(environment).root

    def choice(self, environment: str) -> Choice:
        """Which root is assessed for `environment`, and why."""
        own = self.config.environments.get(environment)
        if own and own.terraform:
            at = self.config.at(f"environments.{environment}.terraform")
            return choose(self.terraform_roots, environment, configured=folder_of(own.terraform, environment), at=at)
        if wanted := self.config.sources.terraform:
            at = self.config.at("sources.terraform")
            return choose(self.terraform_roots, environment, configured=folder_of(wanted, environment), at=at)
        return choose(self.terraform_roots, environment)

    def component(self, environment: str) -> str:
        """The component in document names, upper case: configured, else the Terraform root's folder, else the slug."""
        root = self.terraform_root(environment)
        folder = root.directory.rpartition("/")[2] if root else ""
        named = "" if folder.lower() == environment else folder
        return (self.config.component or named or self.slug).upper()

    def require_environment(self, name: str) -> str:
        """`name` in lower case; raises `UnknownEnvironment`, listing those that exist, when nothing mentions it."""
        wanted = name.strip().lower()
        if wanted in self.environments:
            return wanted
        if not self.environments:
            raise UnknownEnvironment(
                f'environment "{name}" is not known',
                hint="no tfvars, workflow, plan or readiness.yaml of the project names any environment",
            )
        near = near_name(wanted, self.environments)
        suggestion = f'did you mean "{near}"? ' if near else ""
        raise UnknownEnvironment(
            f'environment "{name}" is not known', hint=f"{suggestion}known are {', '.join(self.environments)}"
        )
