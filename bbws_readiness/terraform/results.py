"""What an evaluated configuration is made of, as the rest of the package sees it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, Protocol

from msgspec import Struct, field

from bbws_readiness.errors import Diagnostic
from bbws_readiness.source import EntryKind, Location, Refused, Source
from bbws_readiness.terraform.values import Value


class FileReader(Protocol):
    """The only way to files; paths are relative to one root, with forward slashes. `reader.Reader` is one."""

    def read(self, path: str) -> Source | Refused:
        """The file at `path`, or why it was not read."""

    def lies_at(self, path: str) -> EntryKind | Refused:
        """Whether a file or a folder lies at `path`, or why nothing that may be looked at does."""

    def entries(self, path: str) -> Mapping[str, EntryKind] | Refused:
        """Every name in the directory `path` with what it stands for, ordered, or why it is not listed."""

    def exists(self, path: str) -> bool:
        """Whether a file or directory that may be read lies at `path`."""

    def is_directory(self, path: str) -> bool:
        """Whether a directory lies at `path`."""

    def listdir(self, path: str) -> tuple[str, ...]:
        """The names in the directory `path`, ordered; empty when it cannot be listed."""


class Attribute(Struct, frozen=True, gc=False):
    """One argument with its value."""

    value: Value
    at: Location
    """The line of the attribute's name."""
    via: tuple[Location, ...] = ()
    """The lines the value came through, nearest first: variable, tfvars line, local."""


class Body(Struct, frozen=True, gc=False):
    """The evaluated content of a block, `dynamic` blocks already expanded."""

    at: Location
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    """In source order; what is null is present and null."""
    blocks: tuple[Block, ...] = ()

    def attribute(self, name: str) -> Attribute | None:
        """The argument of that name, or None when it is not written."""
        return self.attributes.get(name)

    def blocks_of(self, kind: str) -> tuple[Block, ...]:
        """The nested blocks of that type, in order."""
        return tuple([block for block in self.blocks if block.type == kind]) if self.blocks else ()

    def grouped(self) -> dict[str, tuple[Block, ...]]:
        """The nested blocks by their types, in order; no type without blocks."""
        return {kind: self.blocks_of(kind) for kind in {block.type: None for block in self.blocks}}


class Block(Struct, frozen=True, gc=False):
    """A nested block."""

    type: str
    labels: tuple[str, ...]
    at: Location
    body: Body
    unknown: bool = False
    """It comes from a `dynamic` block over something unknown: there may be none, one or many."""

    def attribute(self, name: str) -> Attribute | None:
        """The argument of that name, or None when it is not written."""
        return self.body.attribute(name)

    def blocks_of(self, kind: str) -> tuple[Block, ...]:
        """The nested blocks of that type, in order."""
        return self.body.blocks_of(kind)


class ResourceInstance(Struct, frozen=True, gc=False):
    """One resource or data source that the configuration asks for."""

    address: str
    """In full: `module.a["x"].aws_s3_bucket.b[0]`; an unknown key is written `[*]`."""
    mode: str
    """`managed` or `data`."""
    type: str
    name: str
    module: tuple[str, ...]
    """The steps of the module path, each as in the address (`a["x"]`); empty in the root module."""
    key: str | int | None
    """The instance key; None without `count` and `for_each`, and when it is unknown."""
    key_known: bool
    body: Body
    """Without the arguments that are Terraform's own (`count`, `for_each`, `provider`, `depends_on`, `lifecycle`)."""
    at: Location
    """The line of the block header."""
    provider: str
    """The provider's local name, with its alias when one is chosen: `aws`, `aws.replica`."""
    prevent_destroy: bool = False
    planned: Value | None = None
    """All its attributes as the plan shows them, for a type whose shape is recorded; None for any other."""
    computed: Mapping[str, Value] = field(default_factory=dict)
    """What the provider computes of the arguments alone, as far as it is told: `json` of a policy document."""
    ignored: tuple[str, ...] = ()
    """The arguments whose changes its block ignores; `*` stands for all of them."""


class ProviderConfiguration(Struct, frozen=True):
    """One `provider` block of the root module."""

    name: str
    alias: str | None
    body: Body
    at: Location


class BackendSettings(Struct, frozen=True):
    """The `backend` block; what is passed with `-backend-config` is not in it."""

    type: str
    attributes: Mapping[str, Attribute]
    at: Location


class TfvarsEntry(Struct, frozen=True, gc=False):
    """One line of a tfvars file."""

    name: str
    value: Value
    at: Location
    near: str | None = None
    """For a name that no variable declares: the declared name spelt most like it."""


class VariableState(Struct, frozen=True):
    """One declared variable of the root module with the value it gets, and where from."""

    name: str
    type_text: str
    """As Terraform writes it; `any` when no type is declared."""
    declared_at: Location
    default_at: Location | None
    set_at: Location | None
    """The tfvars line or the `-var` argument that wins; None when the default holds."""
    overridden: tuple[Location, ...]
    """The places that set it before, earliest first, without the default."""
    value: Value
    required: bool
    """Whether it has no default."""
    missing: bool
    """Whether it is required and nothing sets it."""
    sensitive: bool
    errors: tuple[Diagnostic, ...] = ()


class RequiredProvider(NamedTuple):
    """One entry of `required_providers`."""

    source: str
    version: str
    at: Location


class RemoteModule(NamedTuple):
    """A module call whose source is not in the project: what it creates is not known."""

    address: str
    source: str
    at: Location


class Switch(Struct, frozen=True):
    """One use of a variable that counts only while another one, a flag, is true."""

    flag: str
    companion: str
    at: Location
    """The argument or block that the flag decides on."""
    argument: str
    """The argument that takes the companion's value."""
    chosen: bool
    """Whether the condition picks the companion or nothing; else the companion only stands where the flag counts."""


class Evaluation(Struct, frozen=True):
    """A root module as `terraform plan` would see it, as far as the files tell."""

    directory: str
    files: tuple[str, ...]
    """The configuration files of the root module, ordered."""
    resources: tuple[ResourceInstance, ...]
    """Of all modules, ordered by address."""
    variables: tuple[VariableState, ...]
    """Ordered by name."""
    undeclared: tuple[TfvarsEntry, ...]
    """Entries of tfvars files that no variable declares."""
    outputs: Mapping[str, Attribute]
    locals: Mapping[str, Attribute]
    providers: tuple[ProviderConfiguration, ...]
    backend: BackendSettings | None
    required_version: Attribute | None
    required_providers: Mapping[str, RequiredProvider]
    remote_modules: tuple[RemoteModule, ...]
    diagnostics: tuple[Diagnostic, ...]
    complete: bool
    """False when a file of the root or of a local module could not be read or parsed."""
    caller_conditions: tuple[Location, ...] = ()
    """Where a precondition, a postcondition or a check compares the AWS account or role that is signed in."""
    switches: tuple[Switch, ...] = ()
    """The pairs of variables of the root module of which one, a flag, makes the other one necessary."""
    moved: tuple[tuple[str, str], ...] = ()
    """What `moved` blocks of all modules say: the address before, the address now."""
    released: tuple[str, ...] = ()
    """The addresses that `removed` blocks take out of the state without destroying anything."""
