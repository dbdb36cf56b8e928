"""What plain data hold is found in one look, wherever it stands."""

from collections.abc import Iterator
from typing import Any

from hypothesis import given

from bbws_readiness.render.encode.contents import contents_of
from tests.render.encode.hostile import few
from tests.render.encode.test_json import PLAIN


def everything(data: Any) -> Iterator[Any]:
    yield data
    for inner in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from everything(inner)


@few
@given(PLAIN)
def test_it_is_what_one_by_one_shows(data: object) -> None:
    found = contents_of(data)
    assert found.texts == {one for one in everything(data) if isinstance(one, str)}
    assert found.classes == {type(one) for one in everything(data)}
    assert found.named


def test_a_name_that_is_no_text_is_seen_at_any_depth() -> None:
    assert not contents_of([{"a": [{"b": {1: "c"}}]}]).named
    assert contents_of({"a": ({"b": ()},)}).named


def test_classes_of_their_own_are_looked_into() -> None:
    class Text(str):
        __slots__ = ()

    class Texts(list[str]):
        pass

    assert contents_of([Texts(["a"]), ["b"], Text("c")]).texts == {"a", "b", "c"}
