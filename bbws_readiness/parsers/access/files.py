"""Finds the JSON files of a project that hold policies, by what is in them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from bbws_readiness.codes import Code
from bbws_readiness.errors import Diagnostic, DiagnosticSeverity
from bbws_readiness.model.access import Access, Document
from bbws_readiness.patterns import regex
from bbws_readiness.positioned import Node, read_yaml
from bbws_readiness.reader import Reader
from bbws_readiness.source import Location, Refused, Source

ASIDE = frozenset(
    {"test", "tests", "testing", "testdata", "fixture", "fixtures", "example", "examples", "sample", "samples"}
    | {"mock", "mocks", "vendor", "third_party", "node_modules", "archive", "archived"}
)
"""Folders whose policies are nobody's."""

LOCKS = frozenset({"package-lock.json", "npm-shrinkwrap.json"})
"""Large files that are well known and hold no policy."""
_NAMED = frozenset({"iam", "policy", "policies", "role", "roles", "trust", "permission", "permissions", "access"})
"""Words in the path of a file that is taken for a policy without being read."""
_REFUSED = frozenset({Code.TOO_LARGE, Code.UNREADABLE, Code.NOT_UTF8, Code.NUL, Code.LFS_POINTER, Code.CHANGED})

_POLICY = regex(r'"Statement"\s*:')
_EFFECT = regex(r'"Effect"\s*:')
_ATTACHING = regex(r'"(?:AttachedManagedPolicies|AttachedPolicies)"\s*:')
_WORDS = regex(r"[^a-z0-9]+")


def read_access(
    reader: Reader, files: Iterable[str], *, environment: str, environments: Sequence[str]
) -> tuple[Access, tuple[Diagnostic, ...]]:
    """The policies in the JSON files among `files`, and what is wrong with those that cannot be read.

    A policy is told by its content: the policy itself, or what `aws iam get-role` and its relatives print around it.
    Of a file that cannot be read only its name tells that it is one; what else is too large is told, as it may be one.
    """
    documents: list[Document] = []
    faults: list[Diagnostic] = []
    unread: Location | None = None
    for path in files:
        if not _may_hold(path):
            continue
        source = reader.read(path)
        if not isinstance(source, Source):
            likely = bool(_NAMED & {*_WORDS.split(path.lower())})
            if source.code in (_REFUSED if likely else {Code.TOO_LARGE}):
                faults.append(_passed_over(source))
                unread = unread or (source.at if likely else None)
            continue
        stated = _POLICY.search(source.text) and _EFFECT.search(source.text)
        if not stated and not _ATTACHING.search(source.text):
            continue
        node = _parsed(source)
        if isinstance(node, Diagnostic):
            # Nothing is deployed from it: it keeps nobody from READY, and the rules about policies are not verified.
            faults.append(replace(node, severity=DiagnosticSeverity.WARNING))
            unread = unread or node.at
        elif node.get("AWSTemplateFormatVersion") is None:
            # Few projects have such a file, and to load what takes it apart takes longer than to look for one.
            from bbws_readiness.parsers.access.inside import policies_in

            documents += policies_in(node, path, environment, _environments(path, environments))
    return Access(tuple(documents), unread), tuple(faults)


def _passed_over(refused: Refused) -> Diagnostic:
    """A policy in it would be seen by nobody: that is told, and keeps nobody from READY."""
    summary = f"no policy is looked for in it: {refused.summary}"
    return Diagnostic(DiagnosticSeverity.WARNING, summary, refused.at, refused.detail, code=refused.code)


def _may_hold(path: str) -> bool:
    name = path.lower()
    *folders, file = name.split("/")
    if file in LOCKS:
        return False
    return name.endswith(".json") and not name.endswith((".tf.json", ".tfvars.json")) and not ASIDE & {*folders}


def _parsed(source: Source) -> Node | Diagnostic:
    node = read_yaml(source)
    if isinstance(node, Diagnostic):
        return node
    try:
        json.loads(source.text, parse_int=str, parse_float=str)
    except json.JSONDecodeError as error:
        at = source.at(error.lineno, error.colno)
        way = "check commas, quotes and brackets before this place"
        return Diagnostic(DiagnosticSeverity.ERROR, "not valid JSON", at, way, code=Code.JSON)
    return node


def _environments(path: str, environments: Sequence[str]) -> tuple[str, ...]:
    words = _WORDS.split(path.lower())
    return tuple(name for name in environments if name in words)
