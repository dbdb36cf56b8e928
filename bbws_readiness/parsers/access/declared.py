"""The policies and trusts that evaluated Terraform gives to its roles."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from bbws_readiness.fact import Fact, Unknown
from bbws_readiness.model.access import Attached, Document
from bbws_readiness.model.resources import Configuration, Resource
from bbws_readiness.parsers.access.documents import PolicyDocuments
from bbws_readiness.parsers.access.managed import allows_more, granted_by
from bbws_readiness.patterns import regex
from bbws_readiness.terraform import Evaluation
from bbws_readiness.terraform.accessors import computed
from bbws_readiness.terraform.outlines import GAP, outline_of

_INLINE = regex(r"inline_policy\.[0-9]+\.policy")
_ATTACHING = {"aws_iam_role_policy_attachment": "role", "aws_iam_policy_attachment": "roles"}
"""Types that attach a policy, with the argument that names who gets it."""


def of_roles(configuration: Configuration, evaluation: Evaluation | None, environment: str) -> tuple[Document, ...]:
    """The trust and the policies of every role whose name is known, ordered by place.

    A policy that is known only when Terraform runs is one statement of which nothing is known; one that is attached
    to no role of the configuration is left out. What is attached by an ARN that no policy of the configuration has
    is noted with the role.
    """
    reading = _Reading(configuration, PolicyDocuments(evaluation, environment))
    return tuple(sorted(reading.documents(), key=lambda one: one.at))


class _Reading:
    """One configuration with its roles by name and by address."""

    def __init__(self, configuration: Configuration, documents: PolicyDocuments) -> None:
        self._documents = documents
        self._resources = configuration.resources
        self._policies = {one.address: one for one in configuration.resources if one.type == "aws_iam_policy"}
        self._by_reason = {computed(address, "arn"): one for address, one in self._policies.items()}
        self._roles = {
            key: one
            for one in configuration.resources
            if one.type == "aws_iam_role" and one.logical_name and one.name.known
            for key in (one.address, one.name.or_none() or "")
        }

    def documents(self) -> Iterator[Document]:
        """The trust of each role, and all that it may do as one: a Deny counts wherever it is written."""
        held: dict[str, list[Document]] = {}
        for one in self._permissions():
            held.setdefault(one.role, []).append(one)
        for found in held.values():
            yield replace(
                found[0],
                statements=tuple(said for one in found for said in one.statements),
                attached=tuple(said for one in found for said in one.attached),
            )
        for role in self._each_role():
            if "assume_role_policy" in role.attributes:
                yield self._document(role, role, "assume_role_policy")

    def _each_role(self) -> Iterator[Resource]:
        return (role for address, role in self._roles.items() if address == role.address)

    def _permissions(self) -> Iterator[Document]:
        for role in self._each_role():
            yield from (self._document(role, role, path) for path in filter(_INLINE.fullmatch, role.attributes))
            yield from self._attached(role, role, "managed_policy_arns")
        for one in self._resources:
            if one.type == "aws_iam_role_policy" and "policy" in one.attributes:
                yield from (self._document(holder, one, "policy") for holder in self._holders(one, "role"))
            elif one.type in _ATTACHING:
                for holder in self._holders(one, _ATTACHING[one.type]):
                    yield from self._attached(holder, one, "policy_arn")

    def _holders(self, resource: Resource, path: str) -> Iterator[Resource]:
        """The roles that an argument names, by their address or their names."""
        fact = resource.attributes.get(path)
        value = fact.or_none() if fact else None
        named = [str(one) for one in value] if isinstance(value, list | tuple) else [str(value or "")]
        for key in (resource.references.get(path, ""), *named):
            if key in self._roles:
                yield self._roles[key]

    def _attached(self, role: Resource, resource: Resource, path: str) -> Iterator[Document]:
        """What an argument attaches: a policy of the configuration as it is written, any other by its ARN."""
        fact = resource.attributes.get(path)
        value = self._documents.value_of(resource.address, path)
        if fact is None or value is None:
            return
        listed = [part for _, part in value.elements()] if isinstance(value.raw, tuple) else [value]
        for part in listed:
            policy = self._by_reason.get(part.reason) if not part.known else None
            if policy and "policy" in policy.attributes:
                name, folder = policy.name.or_none() if policy.logical_name else None, policy.text("path") or "/"
                arn = f"arn:aws:iam:::policy{folder}{name}" if name else ""
                read = (Attached(arn, fact.at, read=True),) if arn else ()
                yield replace(self._document(role, policy, "policy"), attached=read)
                continue
            one = Attached(outline_of(part).strip(GAP) and outline_of(part), fact.at)
            more = (one,) if allows_more(one) else ()
            yield replace(self._of(role, fact, path), statements=granted_by(one), attached=more)

    def _document(self, role: Resource, resource: Resource, path: str) -> Document:
        fact = resource.attributes[path]
        if isinstance(fact.value, Unknown):
            value = self._documents.value_of(resource.address, path)
            statements = self._documents.of_unknown(fact.value.reason, fact.at, value)
        else:
            statements = self._documents.of_text(str(fact.value), fact.at)
        return replace(self._of(role, fact, path), statements=statements)

    def _of(self, role: Resource, fact: Fact[object], path: str) -> Document:
        """A document of the role that says nothing yet."""
        folder = role.attributes.get("path")
        name = f"{(folder.or_none() if folder else None) or '/'}{role.name.or_none()}".removeprefix("/")
        boundary = role.attributes.get("permissions_boundary")
        return Document(
            path=fact.at.path,
            at=fact.at,
            statements=(),
            role=name,
            boundary=str(boundary.or_none() or "a boundary") if boundary else "",
            declared=True,
            of_trust=path == "assume_role_policy",
        )
