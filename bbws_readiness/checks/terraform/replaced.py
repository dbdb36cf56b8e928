"""Which resources Terraform would replace because of what changed since an earlier version."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase

from msgspec import Struct

from bbws_readiness.checks.unknown import undetermined, unheard
from bbws_readiness.checks.wording import amount
from bbws_readiness.disclosure import disclosed
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import Observation, Outcome
from bbws_readiness.fact import Fact, Undetermined, Unknown
from bbws_readiness.model.earlier import Earlier
from bbws_readiness.model.resources import Resource
from bbws_readiness.source import Location, SourceKind

SENSITIVE = "sensitive value"
"""The reason of values that are equal in words only."""
SHOWN = 80
"""Characters of a value that a message quotes."""

_KEPT = "+"
"""Marks an argument whose value the provider keeps when it is no longer written."""
_GIVEN = "~"
"""Marks an argument that AWS gives a value to when none is written, which the provider keeps as well."""
_MARKS = _KEPT + _GIVEN


class _Difference(Struct, frozen=True):
    argument: str
    words: str
    at: Location


def replaced_since(question: Question, earlier: Earlier, harmless: Sequence[str]) -> list[Observation]:
    """One observation per resource that is replaced or may be; a single one when there is none."""
    found: list[Observation] = []
    compared = 0
    configuration = question.model.configuration
    present = configuration.resources if configuration else ()
    gone = _gone(present, earlier)
    for now in present:
        arguments = _forcing(question, earlier, now.type)
        if not arguments or any(fnmatchcase(now.type, pattern) for pattern in harmless):
            continue
        try:
            before = _before(now, earlier)
            if before is None and (left := _same_name(now, gone, arguments[0].rstrip(_MARKS))):
                found.append(_readdressed(question, left, now))
            if before is None:
                continue
            compared += 1
            differences = tuple(_differences(before, now, arguments))
        except Undetermined as unknown:
            found.append(undetermined(now.address, unknown))
            continue
        if differences:
            found.append(_replaced(question, before, now, differences))
    if earlier.gap:
        reason = f"{earlier.label} could not be read whole: {earlier.gap}"
        found.append(undetermined("the rest of the earlier version", Undetermined(reason, earlier.at)))
    if unread := unheard(question.model, [SourceKind.TERRAFORM]):
        found.append(undetermined("the rest of the configuration", unread))
    if found:
        return found
    values = {"number": amount(compared, "resource"), "since": earlier.label}
    return [Observation(Outcome.PASS, "configuration", earlier.at, values, wording="unchanged")]


def _forcing(question: Question, earlier: Earlier, kind: str) -> tuple[str, ...]:
    """The arguments of the type that force replacement and are told of the earlier version."""
    forcing = question.parameters.get("forcing", {})
    names = forcing.get(kind, ()) if isinstance(forcing, Mapping) else ()
    arguments = tuple(str(name) for name in names) if isinstance(names, list | tuple) else ()
    if earlier.told is None:
        return arguments
    told = earlier.told.get(kind, frozenset())
    return tuple(name for name in arguments if name.rstrip(_MARKS) in told)


def _gone(present: Sequence[Resource], earlier: Earlier) -> tuple[Resource, ...]:
    """The resources of the earlier version that Terraform would destroy, none where their number is unknown."""
    kept = {address for now in present for address in _known_as(now, earlier)}
    bases = {_base(one.address) for one in present if not one.key_known} | set(earlier.released)
    return tuple(
        one
        for one in earlier.resources
        if one.address not in kept
        and one.key_known
        and one.address not in earlier.released
        and _base(one.address) not in bases
    )


def _same_name(now: Resource, gone: Sequence[Resource], argument: str) -> Resource | None:
    """The resource that had this one's name in AWS under an address that is gone."""
    name = now.attributes[argument].or_none() if argument in now.attributes else None
    if name is None or not now.key_known:
        return None
    for one in gone:
        fact = one.attributes.get(argument)
        if one.type == now.type and one.provider in ("", now.provider) and fact and fact.or_none() == name:
            return one
    return None


def _readdressed(question: Question, before: Resource, now: Resource) -> Observation:
    because = f"its address was {before.address}, and no moved block says so"
    return _failed(question, before, now, because, now.at)


def _before(now: Resource, earlier: Earlier) -> Resource | None:
    """The same resource in the earlier version; None when it is new.

    Raises `Undetermined` when the number of instances is unknown in one version and told in the other.
    """
    known = {one.address: one for one in earlier.resources if one.type == now.type}
    addresses = _known_as(now, earlier)
    if found := next((known[address] for address in addresses if address in known), None):
        return found
    bases = {_base(address) for address in addresses}
    for one in known.values():
        if _base(one.address) in bases and one.key_known != now.key_known:
            raise Undetermined(f"how often {_base(one.address)} is declared is unknown", now.at)
    return None


def _known_as(now: Resource, earlier: Earlier) -> list[str]:
    """The addresses under which the state may have the resource."""
    addresses = list(_addresses(now.address, earlier.moved))
    # Terraform itself moves between a resource without count and its first instance.
    return addresses + [one.removesuffix("[0]") if one.endswith("[0]") else f"{one}[0]" for one in addresses]


def _addresses(address: str, moved: Sequence[tuple[str, str]]) -> Iterator[str]:
    """The address, then those it had before, latest first; a chain of moves is followed once round at most."""
    pending, seen = [address], {address}
    while pending:
        current = pending.pop(0)
        yield current
        for before, after in moved:
            rest = current.removeprefix(after)
            if (current == after or (rest != current and rest[:1] in (".", "["))) and before + rest not in seen:
                seen.add(before + rest)
                pending.append(before + rest)


def _base(address: str) -> str:
    return address[: address.rindex("[")] if address.endswith("]") else address


def _differences(before: Resource, now: Resource, arguments: Sequence[str]) -> Iterator[_Difference]:
    """The arguments that differ for sure; raises `Undetermined` when none does and one is unknown."""
    unknown: Undetermined | None = None
    differs = False
    for argument in arguments:
        name = argument.rstrip(_MARKS)
        if {name, "*"} & set(now.ignored_changes):
            continue
        try:
            words = _difference(name, before, now, mark=argument.removeprefix(name))
        except Undetermined as reason:
            unknown = unknown or reason
            continue
        if words:
            differs = True
            fact = now.attributes.get(name)
            yield _Difference(name, words, fact.at if fact else now.at)
    if unknown and not differs:
        raise unknown


def _difference(name: str, before: Resource, now: Resource, *, mark: str) -> str:
    """The change of one argument in words, empty when there is none; raises `Undetermined`."""
    if name not in before.attributes and name not in now.attributes:
        blocks = (_blocks(name, one) for one in (before, now))
        old_blocks, new_blocks = blocks
        return "" if old_blocks == new_blocks else "changed"
    old_fact, new_fact = before.attributes.get(name), now.attributes.get(name)
    if _same_unknown(old_fact, new_fact):
        return ""
    old, new = _value(old_fact), _value(new_fact)
    if old == new or (mark and (new_fact is None or new_fact.get() in (None, ""))):
        return ""
    if old is None and mark == _GIVEN and new_fact:
        raise Undetermined(f"which {name} AWS gave it, when none was written, is not told", new_fact.at)
    return f"{_shown(old)} → {_shown(new)}"


def _same_unknown(old: Fact[object] | None, new: Fact[object] | None) -> bool:
    """Whether both come from the same computed value."""
    if old is None or new is None or not isinstance(old.value, Unknown) or not isinstance(new.value, Unknown):
        return False
    return old.value.reason == new.value.reason != SENSITIVE


def _blocks(name: str, resource: Resource) -> frozenset[frozenset[tuple[str, str]]]:
    """The nested blocks of that type as a set, because their order means nothing; those with a name by it alone.

    The provider changes the rest of a named block in place, or leaves it to AWS to refuse.
    """
    found: dict[str, set[tuple[str, str]]] = {}
    for path, fact in resource.attributes.items():
        if path.startswith(f"{name}."):
            number, _, argument = path.removeprefix(f"{name}.").partition(".")
            found.setdefault(number, set()).add((argument, repr(fact.get())))
    return frozenset(_identity(block) for block in found.values())


def _identity(block: set[tuple[str, str]]) -> frozenset[tuple[str, str]]:
    return frozenset(one for one in block if one[0] == "name") or frozenset(block)


def _value(fact: Fact[object] | None) -> object:
    """The value, None for an argument that is not written or empty; raises `Undetermined`."""
    value = fact.get() if fact else None
    return None if value in ("", False) else value


def _shown(value: object) -> str:
    if value is None:
        return "none"
    return f'"{disclosed(value)[:SHOWN]}"' if isinstance(value, str) else str(value).lower()[:SHOWN]


def _replaced(question: Question, before: Resource, now: Resource, differences: Sequence[_Difference]) -> Observation:
    because = ", ".join(f"{one.argument} {one.words}" for one in differences)
    return _failed(question, before, now, because, differences[0].at)


def _failed(question: Question, before: Resource, now: Resource, because: str, at: Location) -> Observation:
    name = before.name.or_none()
    plan = question.model.plan
    readers = f", readers: {len(plan.blocks)}" if plan and plan.blocks else ""
    values = {
        "effect": "replaced",
        "named": f' "{disclosed(name)[:SHOWN]}"' if name else "",
        "because": f" ({because}{readers})",
    }
    return Observation(
        Outcome.FAIL,
        now.address,
        at,
        values,
        expected="kept as it is",
        actual=f"destroyed and built anew: {because}",
        wording="refused" if now.prevent_destroy else "",
    )
