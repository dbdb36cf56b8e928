"""Who is given which item next."""

from bbws_readiness.workers.waiting import Waiting


def test_each_begins_with_its_own_and_then_with_what_is_nobodys() -> None:
    waiting = Waiting(["a", "b", None, "a"])
    assert [waiting.next_for("a") for _ in range(4)] == [0, 3, 2, None]
    assert waiting.next_for("b") == 1
    assert not waiting


def test_whoever_has_nothing_takes_the_last_of_the_longest_row() -> None:
    waiting = Waiting(["a", "a", "a", "b", "b"])
    assert [waiting.next_for(one) for one in ("c", None)] == [2, 1]
    assert [waiting.next_for(one) for one in ("c", "c")] == [4, None]
    assert [waiting.next_for(one) for one in ("a", "b")] == [0, 3]


def test_what_a_lost_one_had_before_it_is_left_to_all() -> None:
    waiting = Waiting(["a", "a"])
    waiting.put_back(waiting.next_for("a") or 0)
    waiting.lost("a")
    assert sorted([waiting.next_for("b"), waiting.next_for("b")], key=str) == [0, 1]
