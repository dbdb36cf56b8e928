"""What the code made of templates calls while it runs: the part of Jinja's own runtime that our templates need.

`bbws_readiness.render.templates.making` makes code of a template only when it needs nothing else, so that one whose
code is at hand is filled without Jinja, in the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NoReturn, TypeAlias

from msgspec import Struct, field

Root: TypeAlias = Callable[["Context"], Iterator[str]]
"""A template: the pieces of its text, in order."""

missing: Any = object()
"""Stands for a value that the caller did not give."""


def undefined(*_: object, **about: object) -> NoReturn:
    """Raises what Jinja's `StrictUndefined` raises where such a value is used."""
    from jinja2 import UndefinedError

    raise UndefinedError(f"{about.get('name')} is undefined")


Undefined = undefined


class TemplateRuntimeError(RuntimeError):
    """A filter or test that the environment lacks."""


def internalcode(function: Callable[..., Any]) -> Callable[..., Any]:
    """`function`; Jinja marks by this what it leaves out of tracebacks."""
    return function


def str_join(parts: Iterable[object]) -> str:
    """The texts of all parts, one behind the other: the operator `~`."""
    return "".join(map(str, parts))


class Loop(Struct):
    """What `loop` stands for in a loop."""

    length: int
    index0: int = 0

    @property
    def index(self) -> int:
        """From 1."""
        return self.index0 + 1

    @property
    def first(self) -> bool:
        """Whether this is the first round."""
        return self.index0 == 0

    @property
    def last(self) -> bool:
        """Whether this is the last round."""
        return self.index0 + 1 == self.length


def LoopContext(values: Iterable[Any], _: object) -> Iterator[tuple[Any, Loop]]:
    """Every value with the state of the loop, which is one object for all rounds."""
    every = list(values)
    loop = Loop(len(every))
    for loop.index0, value in enumerate(every):
        yield value, loop


class Context(Struct, frozen=True):
    """The values that a template is filled with."""

    values: Mapping[str, Any]

    def resolve_or_missing(self, name: str) -> Any:  # noqa: ANN401 - a value of any kind
        """The value of that name, or `missing`."""
        return self.values.get(name, missing)

    def get_all(self) -> Mapping[str, Any]:
        """All values, for a template that is included."""
        return self.values


class Included(Struct, frozen=True):
    """A template that another one includes."""

    root_render_func: Root

    def new_context(self, values: Mapping[str, Any], _: bool, local: Mapping[str, Any]) -> Context:
        """The values of the including template, with those of the loops around the place."""
        return Context({**values, **{name: value for name, value in local.items() if value is not missing}})


FILTERS: Mapping[str, Callable[..., Any]] = {"length": len, "upper": lambda value: str(value).upper()}
"""Those of Jinja that our templates use."""
TESTS: Mapping[str, Callable[..., bool]] = {"none": lambda value: value is None}


class Environment(Struct, frozen=True):
    """What the code of every template of one purpose shares."""

    finalize: Callable[[object], str]
    """Makes text of each value that is printed."""
    filters: Mapping[str, Callable[..., Any]]
    """Ours and those of Jinja."""
    roots: dict[str, Root]
    """The templates by name; those of a purpose can only include one another."""
    tests: Mapping[str, Callable[..., bool]] = field(default_factory=lambda: TESTS)
    undefined: Callable[..., Any] = undefined
    concat: Callable[[Iterable[str]], str] = "".join

    def get_template(self, name: str, _: str) -> Included:
        """The template that another one includes."""
        return Included(self.roots[name])

    def getattr(self, value: Any, name: str) -> Any:  # noqa: ANN401 - a value of any kind
        """The attribute, else the item of that name."""
        try:
            return getattr(value, name)
        except AttributeError:
            return self._item(value, name)

    def getitem(self, value: Any, key: Any) -> Any:  # noqa: ANN401 - a value of any kind
        """The item, else, for a text, the attribute of that name."""
        if not isinstance(key, str):
            return self._item(value, key)
        try:
            return value[key]
        except (AttributeError, TypeError, LookupError):
            return getattr(value, key) if hasattr(value, key) else undefined(name=key)

    def _item(self, value: Any, key: Any) -> Any:  # noqa: ANN401
        try:
            return value[key]
        except (AttributeError, TypeError, LookupError):
            return undefined(name=key)
