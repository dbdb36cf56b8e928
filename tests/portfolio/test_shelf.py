"""A project that was read comes off the shelf once, and no more of them are kept than there is room for."""

from bbws_readiness.pipeline import read_project
from bbws_readiness.portfolio.shelf import Shelf
from tests.example import EXAMPLE


def test_what_was_put_is_taken_once_and_a_full_shelf_takes_nothing_more() -> None:
    read, shelf = read_project(EXAMPLE, "sit"), Shelf(most=1)
    shelf.put(EXAMPLE, read)
    shelf.put(EXAMPLE.parent, read)
    assert shelf.take(EXAMPLE) is read
    assert shelf.take(EXAMPLE) is None
    assert shelf.take(EXAMPLE.parent) is None
    shelf.put(EXAMPLE.parent, read)
    assert shelf.take(EXAMPLE.parent) is read
