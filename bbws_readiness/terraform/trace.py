"""Finds what an address stands for in an evaluated root module, with the lines its value came through."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from bbws_readiness.codes import Code
from bbws_readiness.errors import Diagnostic, near_name
from bbws_readiness.source import Location
from bbws_readiness.terraform.accessors import computed, get_attribute, get_index
from bbws_readiness.terraform.addresses import UNKNOWN_KEY
from bbws_readiness.terraform.diagnostics import Fault, error
from bbws_readiness.terraform.instances import resource_object
from bbws_readiness.terraform.paths import Step, key_of, steps_of
from bbws_readiness.terraform.results import Body, Evaluation, ResourceInstance
from bbws_readiness.terraform.session import Session
from bbws_readiness.terraform.values import Sensitive, Value, number, string, unknown

_TYPO = 0.8
"""How alike a name must be to one that is written to be taken for a slip and not for an attribute of the provider."""


class Traced(Struct, frozen=True):
    """A value with its history."""

    address: str
    value: Value
    places: tuple[Location, ...]
    """Nearest first: the argument, the local or the variable it uses, the line that sets that."""


class _NotWritten(Exception):
    """A body of a resource does not set what an address asks for."""

    def __init__(self, name: str, body: Body, path: str, *, nested: bool) -> None:
        self.name = name
        self.body = body
        self.path = path
        self.nested = nested
        super().__init__(name)

    @property
    def written(self) -> list[str]:
        """What the body does set."""
        return [*self.body.attributes, *(block.type for block in self.body.blocks)]


def trace(session: Session, address: str) -> Traced | Diagnostic:
    """What `address` stands for, or why that is nothing, with a near name.

    It may be an argument of a resource in any module, also in nested blocks (`attribute[0].name`), a variable, local
    value or output (`output.x`) of the root module, or an output of a module (`module.a.x`).
    """
    address = address.strip()
    at = Location(address, 0)
    steps = steps_of(address)
    if not steps:
        return error(
            f'"{_shortened(address)}" is not an address', at, "write var.name or type.name.argument", code=Code.ADDRESS
        )
    try:
        return _of_resource(session.evaluation, address, steps) or _of_name(session, address, steps)
    except Fault as fault:
        return error(fault.summary, at, fault.detail, code=fault.code)


def _of_resource(evaluation: Evaluation, address: str, steps: Sequence[Step]) -> Traced | None:
    for instance in evaluation.resources:
        own = steps_of(instance.address)
        if tuple(steps[: len(own)]) == own:
            rest = steps[len(own) :]
            if not rest:
                return Traced(address, resource_object(instance), (instance.at,))
            try:
                found = _in_body(address, instance, instance.body, instance.address, rest)
            except _NotWritten as missing:
                return _planned(address, instance, rest, missing)
            hidden = _hidden_by_provider(instance, rest)
            return replace(found, value=found.value.marked((Sensitive(),))) if hidden else found
    return None


def _hidden_by_provider(instance: ResourceInstance, steps: Sequence[Step]) -> bool:
    """Whether the provider takes what stands there, or the whole argument it is in, as sensitive."""
    planned = instance.planned.element(str(steps[0])) if instance.planned and _sets(instance, steps[0]) else None
    if planned is None:
        return False
    try:
        return _within(planned, steps[1:], instance.at).sensitive
    except Fault:
        return planned.sensitive


def _sets(instance: ResourceInstance, name: Step) -> bool:
    raw = instance.planned.raw if instance.planned else None
    return isinstance(raw, dict) and name in raw


def _in_body(address: str, instance: ResourceInstance, body: Body, path: str, steps: Sequence[Step]) -> Traced:
    name = str(steps[0])
    attribute = body.attribute(name)
    if attribute is not None:
        value = _within(attribute.value, steps[1:], attribute.at)
        return Traced(address, value, _once((attribute.at, *value.via)))
    blocks = body.blocks_of(name)
    if not blocks:
        raise _NotWritten(name, body, path, nested=body is not instance.body)
    if any(block.unknown for block in blocks):
        reason = f"the {name} blocks of {path} come from a dynamic block over something unknown"
        return Traced(address, unknown(reason=reason), _once(block.at for block in blocks))
    rest = steps[1:]
    index = rest[0] if rest and isinstance(rest[0], int) else None
    if index is None and (len(blocks) > 1 or not rest):
        raise Fault(
            f"{path} has {len(blocks)} {name} blocks",
            body.at,
            f"choose one with {name}[0].argument",
            code=Code.ADDRESS_OPEN,
        )
    if index is not None and index >= len(blocks):
        raise Fault(f"{path} has {len(blocks)} {name} blocks", body.at, "they are counted from 0", code=Code.ADDRESS)
    rest = rest[1:] if index is not None else rest
    block = blocks[index or 0]
    inner = f"{path}.{name}[{index or 0}]"
    if not rest:
        raise Fault(
            f"{inner} is a block",
            block.at,
            f"name an argument of it: {', '.join(block.body.attributes)}",
            code=Code.ADDRESS_OPEN,
        )
    return _in_body(address, instance, block.body, inner, rest)


def _planned(address: str, instance: ResourceInstance, steps: Sequence[Step], missing: _NotWritten) -> Traced:
    """An argument that nothing sets: the provider has a default for it, decides it, or has never heard of it."""
    at = missing.body.at
    if instance.planned is not None:
        try:
            return Traced(address, _within(instance.planned, steps, at), (at,))
        except Fault:
            # The elements of a set have no number, so what is in them is known only from what is written.
            if len(steps) == 1 or not missing.nested:
                raise
    near = near_name(missing.name, missing.written)
    from difflib import SequenceMatcher

    if near and SequenceMatcher(None, missing.name, near).ratio() >= _TYPO:
        raise Fault(f'{missing.path} does not set "{missing.name}"', at, f'did you mean "{near}"?', code=Code.ADDRESS)
    return Traced(address, unknown(reason=computed(missing.path, missing.name)), (at,))


def _of_name(session: Session, address: str, steps: Sequence[Step]) -> Traced:
    evaluation = session.evaluation
    kind, name = steps[0], str(steps[1]) if len(steps) > 1 else ""
    if kind == "output" and name in evaluation.outputs:
        found = evaluation.outputs[name]
        value = _within(found.value, steps[2:], found.at)
    elif kind in ("var", "local", "module") and name and (kind != "module" or len(steps) > 2):
        answer = session.ask(address.replace(UNKNOWN_KEY, ""), Location(address, 1))
        if isinstance(answer, Diagnostic):
            raise Fault(answer.summary, answer.at, answer.detail or _near(evaluation, address), code=answer.code)
        value = answer
    else:
        raise Fault(
            f'there is no "{_shortened(address)}"', Location(address, 0), _near(evaluation, address), code=Code.ADDRESS
        )
    return Traced(address, value, value.via)


def _within(value: Value, steps: Sequence[Step], at: Location) -> Value:
    for step in steps:
        key = key_of(step)
        if isinstance(key, int):
            value = get_index(value, number(key), at)
        elif key != step:
            value = get_index(value, string(key), at)
        elif step == UNKNOWN_KEY:
            raise Fault(
                "one element must be chosen", at, "write its number or key in the brackets", code=Code.ADDRESS_OPEN
            )
        else:
            value = get_attribute(value, key, at)
    return value


def _near(evaluation: Evaluation, address: str) -> str:
    near = near_name(address, list(_addresses(evaluation)))
    return f'did you mean "{near}"?' if near else "`readiness inventory` lists the resources"


def _addresses(evaluation: Evaluation) -> Iterator[str]:
    yield from (f"var.{state.name}" for state in evaluation.variables)
    yield from (f"local.{name}" for name in evaluation.locals)
    yield from (f"output.{name}" for name in evaluation.outputs)
    for instance in evaluation.resources:
        yield instance.address
        yield from (f"{instance.address}.{name}" for name in instance.body.attributes)


def _once(places: Sequence[Location] | Iterator[Location]) -> tuple[Location, ...]:
    return tuple(dict.fromkeys(places))


def _shortened(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79]}…"
