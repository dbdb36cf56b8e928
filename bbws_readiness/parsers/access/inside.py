"""Takes the policies out of a JSON file: the policy itself, or what `aws iam` prints around it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from bbws_readiness.model.access import Attached, Document
from bbws_readiness.parsers.access.managed import allows_more, granted_by
from bbws_readiness.parsers.access.statements import Told, read_statements
from bbws_readiness.positioned import Node

_MEMBERS = ("AssumeRolePolicyDocument", "PolicyDocument", "Document")
_ATTACHED = ("AttachedManagedPolicies", "AttachedPolicies")
_BOUNDARY = ("PermissionsBoundary", "PermissionsBoundaryArn")


def policies_in(node: Node, path: str, environment: str, named: tuple[str, ...]) -> Iterator[Document]:
    """Every policy of the file at `path`, whose name speaks of the environments `named`; those of one role as one."""
    return _merged(
        Document(path, found.at, read_statements(found, environment), named, role, boundary)
        if attached is None
        else _with_attached(Document(path, found.at, (), named, role, boundary), attached)
        for found, role, boundary, attached in _documents(node, Told())
    )


def _with_attached(document: Document, attached: Sequence[Attached]) -> Document:
    """What the role may do by policies that it has and that are not in the file."""
    statements = tuple(said for one in attached for said in granted_by(one))
    return replace(document, statements=statements, attached=tuple(filter(allows_more, attached)))


def _merged(documents: Iterable[Document]) -> Iterator[Document]:
    """All that a role may do as one: a Deny counts wherever it is written."""
    held: dict[str, Document] = {}
    for one in documents:
        if not one.role or not one.permissions:
            yield one
        elif one.role in held:
            before = held[one.role]
            statements, attached = (*before.statements, *one.statements), (*before.attached, *one.attached)
            held[one.role] = replace(before, statements=statements, attached=attached)
        else:
            held[one.role] = one
    yield from held.values()


def _documents(node: Node, told: Told) -> Iterator[tuple[Node, str, str, tuple[Attached, ...] | None]]:
    """Every policy in the node with its role and the role's boundary, in the order written.

    A list of policies that are attached and not in the file comes with what it lists.
    """
    if _is_policy(node):
        yield node, told.role, told.boundary, None
        return
    told = Told(_role(node) or told.role, _boundary(node) or told.boundary)
    for key, value in node.pairs():
        if key.raw in _MEMBERS and value.shape == "mapping":
            if _is_policy(value):
                yield value, told.role, told.boundary, None
        elif key.raw in _ATTACHED and told.role and (attached := tuple(_attached(value))):
            yield value, told.role, told.boundary, attached
        else:
            yield from _documents(value, told)
    for element in node.elements():
        yield from _documents(element, told)


def _attached(node: Node) -> Iterator[Attached]:
    for one in node.elements():
        arn = one.get("PolicyArn")
        if arn is not None and arn.text:
            yield Attached(arn.text, arn.at)


def _is_policy(node: Node) -> bool:
    statement = node.get("Statement")
    if statement is None:
        return False
    listed = [statement] if statement.shape == "mapping" else list(statement.elements())
    return any(one.get("Effect") is not None for one in listed)


def _role(node: Node) -> str:
    """The role a wrapper names, by its ARN where it has one: behind `role/`, with its path."""
    arn = node.get("Arn")
    if arn is not None and arn.text and ":role/" in arn.text:
        return arn.text.partition(":role/")[2]
    name = node.get("RoleName")
    return (name.text if name else "") or ""


def _boundary(node: Node) -> str:
    found = node.find(*_BOUNDARY)
    return (found.text if found else "") or ""
