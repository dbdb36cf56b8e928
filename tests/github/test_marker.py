"""The hidden lines of a comment are read back, and nothing that only looks like them is."""

import re
from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from bbws_readiness.github.marker import State, digest, mark_of, marked, state_of
from tests.cases import each

MARK = mark_of("orders", "sit")
AT = datetime(2026, 1, 7, 16, 55)


@given(text=st.text(), run=st.tuples(st.integers(0, 10**9), st.integers(0, 99)))
def test_it_is_read_back(text: str, run: tuple[int, int]) -> None:
    state = state_of(marked(MARK, text, time=AT, run=run), MARK)
    assert state is not None
    assert (state.time, state.run) == (AT, run)
    assert state == state_of(marked(MARK, f"\n{text} ", time=AT, run=run), MARK)


@each(
    ("slug", "environment", "expected"),
    [
        ("orders", "sit", "<!-- readiness orders sit -->"),
        ("a --> <b>", "x--y", "<!-- readiness a__-___b__################ x_-y_################ -->"),
        ("", "é", "<!-- readiness _################ é -->"),
        ("s" * 10**6, "sit", f"<!-- readiness {'s' * 100}_################ sit -->"),
    ],
)
def test_a_mark_never_ends_early(slug: str, environment: str, expected: str) -> None:
    pattern = re.escape(expected).replace(re.escape("#" * 16), "[0-9a-f]{12}")
    assert re.fullmatch(pattern, mark_of(slug, environment))


def test_no_two_projects_have_the_same_mark() -> None:
    slugs, folders = ("a b", "a_b", "a  b", "a b ", "s" * 101, "s" * 102), ("", "shop", "x/shop", "x_shop", "x shop")
    assert len({mark_of(slug, "sit", folder) for slug in slugs for folder in folders}) == len(slugs) * len(folders)


@each("body", ["", "hello", f" {MARK}\n", f"hello\n{MARK}", mark_of("orders", "prod")])
def test_others_are_none_of_ours(body: str) -> None:
    assert state_of(body, MARK) is None


GOOD = marked(MARK, "text", time=AT, run=(7, 1)).split("\n")[1]
CHANGED = [GOOD.replace("2026", "2027"), GOOD.replace("run=7", "run=8"), GOOD.replace("sha256=", "sha256=0", 1)]


@each("line", ["", "<!-- readiness-state -->", *CHANGED])
def test_a_damaged_state_is_older_than_all_and_like_none(line: str) -> None:
    state = state_of(f"{MARK}\n{line}\ntext", MARK)
    assert state == State("", datetime.min)
    assert state.older_than(State("x", AT))


def test_numbers_of_runs_decide_before_time() -> None:
    early, late = State("a", AT, (7, 2)), State("b", datetime(2026, 1, 1), (8, 1))
    assert early.older_than(late)
    assert not late.older_than(early)
    assert State("a", datetime(2026, 1, 1)).older_than(early)


def test_what_every_run_says_anew_is_no_content() -> None:
    first, second = (marked(MARK, f"ready\ncommit {commit}", time=AT, content="ready") for commit in ("a", "b"))
    states = [state_of(body, MARK) for body in (first, second, f"{second}!")]
    assert [one.sha256 if one else None for one in states] == [digest("ready"), digest("ready"), ""]
