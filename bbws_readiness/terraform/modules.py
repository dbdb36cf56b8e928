"""Reads the files of one module directory and puts together what they declare, overrides applied."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable

from msgspec import Struct, field
from msgspec.structs import replace

from bbws_readiness.codes import Code
from bbws_readiness.errors import Diagnostic
from bbws_readiness.source import Location, Refused
from bbws_readiness.terraform.diagnostics import error
from bbws_readiness.terraform.nodes import AttributeNode, BlockNode, BodyNode
from bbws_readiness.terraform.results import FileReader
from bbws_readiness.terraform.syntax import parse_file

Key = tuple[str, ...]
"""`("var", name)`, `("local", name)`, `("managed", type, name)`, `("data", type, name)`, `("module", name)`, …"""

_LABELS = {"variable": 1, "output": 1, "module": 1, "resource": 2, "data": 2, "ephemeral": 2, "provider": 1}
_KINDS = {"variable": "var", "resource": "managed"}
_STATEMENTS = {"moved": 0, "import": 0, "removed": 0, "check": 1}
"""Blocks that change nothing in what is planned for an empty state, and how many labels they have."""


class Module(Struct):
    """The declarations of one directory."""

    directory: str
    files: tuple[str, ...] = ()
    blocks: dict[Key, BlockNode] = field(default_factory=dict)
    locals: dict[str, AttributeNode] = field(default_factory=dict)
    providers: list[BlockNode] = field(default_factory=list)
    terraform: list[BlockNode] = field(default_factory=list)
    statements: list[BlockNode] = field(default_factory=list)
    """`moved`, `removed`, `import` and `check` blocks."""
    diagnostics: list[Diagnostic] = field(default_factory=list)
    complete: bool = True

    @property
    def provider_blocks(self) -> dict[Key, BlockNode]:
        """The `provider` blocks under `("provider", name, alias)`."""
        return {("provider", block.labels[0], str(_alias(block) or "")): block for block in self.providers}

    def names(self, kind: str) -> list[str]:
        """The declared names of a kind; of resources `type.name`."""
        if kind == "local":
            return list(self.locals)
        return [".".join(key[1:]) for key in self.blocks if key[0] == kind]

    def blocks_of(self, kind: str) -> list[BlockNode]:
        """The statements of a kind, in source order."""
        return [block for block in self.statements if block.type == kind]

    def declares(self, key: Key) -> bool:
        """Whether the directory declares what `key` names."""
        return key[1] in self.locals if key[0] == "local" else key in self.blocks


def load_module(files: FileReader, directory: str) -> Module:
    """Read every configuration file in `directory`. A file that cannot be read leaves the rest as it is."""
    module = Module(directory)
    listed = files.entries(directory)
    names = [] if isinstance(listed, Refused) else [name for name in listed if _is_configuration(name)]
    module.files = tuple(_join(directory, name) for name in names)
    if not names:
        module.diagnostics.append(_nothing_in(directory, listed))
        module.complete = False
    plain = [name for name in names if not _is_override(name)]
    for name in plain:
        for block in _blocks(files, _join(directory, name), module):
            _declare(module, block)
    for name in names:
        if name not in plain:
            for block in _blocks(files, _join(directory, name), module):
                _override(module, block)
    return module


def _nothing_in(directory: str, listed: object) -> Diagnostic:
    if isinstance(listed, Refused) and listed.code is not Code.MISSING:
        return Diagnostic.of_refusal(listed)
    reason = "no such directory" if isinstance(listed, Refused) else "no configuration files in it"
    return error(reason, Location(directory, 0), code=Code.MODULE_EMPTY)


def local_directory(directory: str, source: str) -> str | None:
    """The directory of a local module source, relative to the root; None when it leaves the root."""
    path = posixpath.normpath(posixpath.join(directory or ".", source))
    return None if path == ".." or path.startswith(("../", "/")) else path


def is_local(source: str) -> bool:
    """Whether a module source names a directory of the project."""
    return source in (".", "..") or source.startswith(("./", "../"))


def _is_configuration(name: str) -> bool:
    return name.endswith((".tf", ".tf.json")) and not name.startswith((".", "#")) and not name.endswith("~")


def _is_override(name: str) -> bool:
    stem = name.removesuffix(".json").removesuffix(".tf")
    return stem == "override" or stem.endswith("_override")


def _join(directory: str, name: str) -> str:
    return name if directory in ("", ".") else f"{directory}/{name}"


def _blocks(files: FileReader, path: str, module: Module) -> Iterable[BlockNode]:
    source = files.read(path)
    if isinstance(source, Refused):
        module.diagnostics.append(Diagnostic.of_refusal(source))
        module.complete = False
        return ()
    parsed = parse_file(source)
    module.diagnostics.extend(parsed.diagnostics)
    if parsed.body is None:
        module.complete = False
        return ()
    for attribute in parsed.body.attributes:
        module.diagnostics.append(
            error(f'argument "{attribute.name}" stands outside every block', attribute.at, code=Code.BLOCK)
        )
    return parsed.body.blocks


def _declare(module: Module, block: BlockNode) -> None:
    if not _well_formed(module, block):
        return
    if block.type == "locals":
        for local in block.body.attributes:
            if first := module.locals.get(local.name):
                module.diagnostics.append(_twice(f'local "{local.name}"', local.at, first.at))
            module.locals.setdefault(local.name, local)
    elif block.type == "terraform":
        module.terraform.append(block)
    elif block.type == "provider":
        _declare_provider(module, block)
    elif block.type in _STATEMENTS:
        module.statements.append(block)
        for nested in block.body.blocks_of("data"):
            _declare(module, nested)
    else:
        key = _key(block)
        if earlier := module.blocks.get(key):
            what = " ".join([block.type, *(f'"{label}"' for label in block.labels)])
            module.diagnostics.append(_twice(what, block.at, earlier.at))
        module.blocks.setdefault(key, block)


def _declare_provider(module: Module, block: BlockNode) -> None:
    key = ("provider", block.labels[0], str(_alias(block) or ""))
    if earlier := module.provider_blocks.get(key):
        what = f'provider "{key[1]}"' + (f' with the alias "{key[2]}"' if key[2] else "")
        module.diagnostics.append(_twice(what, block.at, earlier.at))
    else:
        module.providers.append(block)


def _override(module: Module, block: BlockNode) -> None:
    if not _well_formed(module, block):
        return
    if block.type == "locals":
        module.locals.update({local.name: local for local in block.body.attributes})
    elif block.type == "terraform":
        merged = module.terraform[0] if module.terraform else None
        module.terraform[:1] = [merge_blocks(merged, block)] if merged else [block]
    elif block.type == "provider":
        alias = _alias(block)
        for index, provider in enumerate(module.providers):
            if provider.labels == block.labels and _alias(provider) == alias:
                module.providers[index] = merge_blocks(provider, block)
                return
        module.providers.append(block)
    elif block.type in _STATEMENTS:
        module.diagnostics.append(
            error(f"{block.type} blocks cannot stand in an override file", block.at, code=Code.OVERRIDE)
        )
    else:
        key = _key(block)
        base = module.blocks.get(key)
        if base is None:
            what = " ".join([block.type, *(f'"{label}"' for label in block.labels)])
            module.diagnostics.append(error(f"{what} overrides nothing", block.at, code=Code.OVERRIDE))
            return
        module.blocks[key] = merge_blocks(base, block)


def merge_blocks(base: BlockNode, override: BlockNode) -> BlockNode:
    """`base` with the arguments of `override`; nested blocks of a type replace all of that type."""
    attributes = {attribute.name: attribute for attribute in base.body.attributes}
    attributes.update({attribute.name: attribute for attribute in override.body.attributes})
    replaced = {_content_type(block) for block in override.body.blocks}
    kept = [block for block in base.body.blocks if _content_type(block) not in replaced]
    added = []
    for block in override.body.blocks:
        earlier = base.body.blocks_of(block.type)
        merges = block.type in ("lifecycle", "required_providers") and earlier
        added.append(merge_blocks(earlier[0], block) if merges else block)
    return replace(base, body=BodyNode(base.body.at, tuple(attributes.values()), (*kept, *added)))


def _content_type(block: BlockNode) -> str:
    return block.labels[0] if block.type == "dynamic" and block.labels else block.type


def _well_formed(module: Module, block: BlockNode) -> bool:
    wanted = _LABELS.get(block.type, _STATEMENTS.get(block.type, 0))
    if block.type not in _LABELS and block.type not in _STATEMENTS and block.type not in ("locals", "terraform"):
        module.diagnostics.append(error(f'there is no block type "{block.type}"', block.at, code=Code.BLOCK))
        return False
    if len(block.labels) != wanted:
        expected = f"expected {wanted} label{'' if wanted == 1 else 's'}, got {len(block.labels)}"
        module.diagnostics.append(error(f"{block.type} block: {expected}", block.at, code=Code.BLOCK))
        return False
    return True


def _key(block: BlockNode) -> Key:
    return (_KINDS.get(block.type, block.type), *block.labels)


def _alias(block: BlockNode) -> object:
    alias = block.body.attribute("alias")
    return getattr(alias.expression, "value", None) if alias else None


def _twice(what: str, at: Location, first: Location) -> Diagnostic:
    return error(f"{what} is declared twice (first at {first})", at, code=Code.DECLARED_TWICE)
