"""Which subjects a rule is about: its `noun`, narrowed by structured filters, never by an expression."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from bbws_readiness.checks.conditions import CONDITIONS, compiled, fits
from bbws_readiness.checks.nouns import NOUNS, Noun, Subject, read
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.signature import TYPES, Fault
from bbws_readiness.errors import near_name
from bbws_readiness.fact import Undetermined

MAX_FILTERS = 20


class Chosen(Struct, frozen=True):
    """The subjects of a rule."""

    noun: Noun
    subjects: tuple[Subject, ...]
    doubtful: tuple[tuple[Subject, Undetermined], ...]
    """Those of which a filter cannot tell whether they are meant."""
    gap: Undetermined | None
    """Why there may be more; None when there are no others."""
    narrowed: bool
    """Whether there are filters."""

    @property
    def none(self) -> str:
        """What to say where there is nothing to look at."""
        return f"the project has no {self.noun.word}{' that the rule is about' if self.narrowed else ''}"


def chosen_subjects(question: Question) -> Chosen:
    """The subjects that the parameters `noun` (`table` by default) and `where` choose in the model."""
    noun = NOUNS[str(question.parameters.get("noun", "table"))]
    filters = _filters(question.parameters)
    found, doubtful = [], []
    for subject in noun.subjects(question.model):
        try:
            if _meant(noun, subject, filters):
                found.append(subject)
        except Undetermined as unknown:
            doubtful.append((subject, unknown))
    return Chosen(noun, tuple(found), tuple(doubtful), noun.gap(question.model), bool(filters))


def _meant(noun: Noun, subject: Subject, filters: list[Mapping[str, object]]) -> bool:
    """Whether the subject passes every filter; one that surely fails decides before one that is unknown."""
    unknown: Undetermined | None = None
    for one in filters:
        (operation,) = set(one) - {"field"}
        try:
            if not fits(operation, read(noun, subject, str(one["field"])).value, one[operation]):
                return False
        except Undetermined as error:
            unknown = unknown or error
    if unknown:
        raise unknown
    return True


def _filters(parameters: Mapping[str, object]) -> list[Mapping[str, object]]:
    where = parameters.get("where", [])
    return [one for one in where if isinstance(one, Mapping)] if isinstance(where, list) else []


def noun_faults(parameters: Mapping[str, object], *, fields: tuple[str, ...] = ("field",)) -> Iterator[Fault]:
    """What is wrong with noun, fields and filters."""
    word = str(parameters.get("noun", "table"))
    noun = NOUNS.get(word)
    if noun is None:
        yield Fault(("noun",), f'there is no noun "{word}"', _near(word, NOUNS))
        return
    for name in fields:
        if name in parameters:
            yield from _field_faults(noun, (name,), str(parameters[name]))
    filters = _filters(parameters)
    if len(filters) > MAX_FILTERS:
        yield Fault(("where",), f"more than {MAX_FILTERS} filters")
        return
    for position, one in enumerate(filters):
        yield from _filter_faults(noun, position, one)


def _filter_faults(noun: Noun, position: int, one: Mapping[str, object]) -> Iterator[Fault]:
    path = ("where", position)
    operations = [key for key in one if key != "field"]
    if "field" not in one or len(operations) != 1:
        yield Fault(path, "a filter has the key field and one condition", f"conditions are {', '.join(CONDITIONS)}")
        return
    (operation,) = operations
    yield from _field_faults(noun, (*path, "field"), str(one["field"]))
    if operation not in CONDITIONS:
        yield Fault((*path, operation), f'there is no condition "{operation}"', _near(operation, CONDITIONS))
        return
    yield from operand_faults(operation, (*path, operation), one[operation])


def operand_faults(operation: str, path: tuple[str | int, ...], operand: object) -> Iterator[Fault]:
    """What is wrong with the operand of a condition."""
    words, is_one = TYPES[CONDITIONS[operation].type]
    if not is_one(operand):
        yield Fault(path, f"{operation} needs {words}")
    elif CONDITIONS[operation].type == "pattern" and compiled(str(operand)) is None:
        yield Fault(path, "not a regular expression of RE2", "it has no look-ahead and no back-references")


def _field_faults(noun: Noun, path: tuple[str | int, ...], field: str) -> Iterator[Fault]:
    if noun.field(field):
        return
    name = field.partition(".")[0]
    known = noun.fields.get(name)
    if known and known.type == "map":
        yield Fault(path, f"{name} needs a name behind a dot", f"{name}.Owner, for example")
    elif known:
        yield Fault(path, f"{name} has no parts", f"write {name}")
    else:
        yield Fault(path, f'a {noun.word} has no field "{field}"', _near(name, noun.fields))


def _near(word: str, known: Mapping[str, object]) -> str:
    near = near_name(word, list(known))
    return f'did you mean "{near}"?' if near else f"known are {', '.join(known)}"
