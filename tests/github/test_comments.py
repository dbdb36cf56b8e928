"""One comment per project and environment, whatever others write and whatever fails."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bbws_readiness.github.api import Api
from bbws_readiness.github.comments import Conversation, Mode, Outcome, Posted, post, writer_of
from bbws_readiness.github.faults import NotPermitted, NotPosted
from bbws_readiness.github.marker import digest, mark_of, marked, state_of
from tests.github.server import BOT, LOCKED, PERSON, Answer, Hub, hub

MARK = mark_of("dynamodb_schemas", "sit")
OTHER = mark_of("dynamodb_schemas", "prod")
HERE = Conversation("o/r", 1)
NOON = datetime(2026, 1, 7, 12)


@pytest.fixture
def github() -> Iterator[Hub]:
    with hub() as state:
        yield state


def posted(
    github: Hub,
    text: str,
    *,
    minute: int = 0,
    mode: Mode = Mode.UPDATE,
    mark: str = MARK,
    run: tuple[int, int] = (0, 0),
) -> Posted:
    waited: list[float] = []
    with Api("token-of-the-run", github.server, sleep=waited.append) as api:
        texts = (text, text[: len(text) // 2], "short")
        bodies = [marked(mark, one, time=NOON + timedelta(minutes=minute), run=run, content=text) for one in texts]
        return post(api, HERE, writer_of(api), mark=mark, bodies=bodies, mode=mode)


def texts(github: Hub) -> list[str]:
    """What the comments of the bot say, without mark and state."""
    ours = [bool(state_of(body, MARK) or state_of(body, OTHER)) for body in github.bodies()]
    return [body.split("\n", 2)[2] if one else body for body, one in zip(github.bodies(), ours, strict=True)]


def test_twenty_pushes_leave_one_comment_that_is_edited_only_when_it_says_something_else(github: Hub) -> None:
    said = ["blocked"] * 5 + ["conditional"] * 5 + ["blocked"] * 4 + ["ready"] * 6
    done = [posted(github, text, minute=push).outcome for push, text in enumerate(said)]
    assert [(push, one.value) for push, one in enumerate(done) if one is not Outcome.UNCHANGED] == [
        (0, "created"),
        (5, "updated"),
        (10, "updated"),
        (14, "updated"),
    ]
    assert texts(github) == ["ready"]
    assert len(github.writes) == 4


def test_a_second_run_only_reads(github: Hub) -> None:
    posted(github, "ready")
    before = len(github.asked)
    assert posted(github, "ready", minute=9).outcome is Outcome.UNCHANGED
    assert {one.split()[0] for one in github.asked[before:]} == {"GET", "QUERY"}


MODES = [("new", ["a", "b"], 0), ("hide-and-new", ["a", "b"], 1), ("delete-and-new", ["b"], 0)]


@pytest.mark.parametrize(("mode", "left", "hidden"), MODES)
def test_modes(github: Hub, mode: str, left: list[str], hidden: int) -> None:
    posted(github, "a", mode=Mode(mode))
    assert posted(github, "b", minute=1, mode=Mode(mode)).outcome is Outcome.CREATED
    assert texts(github) == left
    assert len(github.hidden) == hidden
    assert posted(github, "b", minute=2, mode=Mode(mode)).outcome is Outcome.UNCHANGED


def test_an_older_run_overwrites_nothing(github: Hub) -> None:
    posted(github, "newer", minute=5)
    assert posted(github, "older", minute=4).outcome is Outcome.OLDER
    assert texts(github) == ["newer"]


def test_the_number_of_the_run_decides_where_there_is_one(github: Hub) -> None:
    posted(github, "newer", minute=1, run=(12, 1))
    assert posted(github, "older", minute=5, run=(11, 3)).outcome is Outcome.OLDER
    assert posted(github, "again", minute=0, run=(12, 2)).outcome is Outcome.UPDATED


def test_each_environment_has_its_own(github: Hub) -> None:
    posted(github, "sit")
    posted(github, "prod", mark=OTHER)
    posted(github, "sit again", minute=1)
    assert texts(github) == ["sit again", "prod"]


def test_other_peoples_comments_are_left_alone_even_with_our_mark(github: Hub) -> None:
    for number in range(3):
        github.comment(marked(MARK, f"forged {number}", time=NOON + timedelta(days=9)), PERSON)
    github.comment(f"quoted\n{MARK}\nsays the bot in a quotation")
    before = [dict(one) for one in github.comments]
    assert posted(github, "ours").outcome is Outcome.CREATED
    assert posted(github, "ours, changed", minute=1).outcome is Outcome.UPDATED
    assert github.comments[: len(before)] == before


def test_our_own_on_a_late_page_is_found(github: Hub) -> None:
    for number in range(350):
        github.comment(f"talk {number}", PERSON)
    posted(github, "first")
    for number in range(50):
        github.comment(f"more {number}", PERSON)
    assert posted(github, "second", minute=1).outcome is Outcome.UPDATED
    assert texts(github) == ["second"]


def test_what_somebody_edited_is_overwritten(github: Hub) -> None:
    posted(github, "ready", minute=5)
    github.comments[0]["body"] += "\nedited by hand"
    assert posted(github, "ready", minute=6).outcome is Outcome.UPDATED
    assert texts(github) == ["ready"]


def test_line_ends_that_github_changes_are_no_change(github: Hub) -> None:
    posted(github, "a\nb\n")
    github.comments[0]["body"] = github.comments[0]["body"].replace("\n", "\r\n").rstrip()
    assert posted(github, "a\nb\n", minute=1).outcome is Outcome.UNCHANGED


def test_what_is_hidden_already_is_not_hidden_again(github: Hub) -> None:
    for number in range(4):
        posted(github, f"{number}", minute=number, mode=Mode.HIDE_AND_NEW if number > 1 else Mode.NEW)
    assert github.hidden == ["IC_1001", "IC_1002", "IC_1003"]
    for fault in (Answer(200, body={"errors": [{}]}), Answer(200, body={"data": {"nodes": [None, {}]}})):
        github.hidden.clear()
        # The first query asks whose the token is.
        github.faults = [Answer(403, after="QUERY"), Answer(**vars(fault) | {"after": "QUERY"})]
        posted(github, f"{fault}", minute=9, mode=Mode.HIDE_AND_NEW)
        assert github.hidden[:3] == ["IC_1001", "IC_1002", "IC_1003"]


def test_of_several_the_newest_run_is_the_newest_whatever_its_clock_says(github: Hub) -> None:
    for run, minute in ((7, 30), (8, 10)):
        github.comment(marked(MARK, f"run {run}", time=NOON + timedelta(minutes=minute), run=(run, 1)))
    assert posted(github, "run 8", minute=20, run=(9, 1)).outcome is Outcome.UNCHANGED
    assert posted(github, "run 9", minute=20, run=(9, 1)).outcome is Outcome.UPDATED
    assert texts(github)[1] == "run 9"


def test_two_of_a_race_become_one(github: Hub) -> None:
    for minute in (1, 2):
        github.comment(marked(MARK, f"race {minute}", time=NOON + timedelta(minutes=minute)))
    done = posted(github, "after", minute=3)
    assert done.outcome is Outcome.UPDATED
    assert texts(github) == [f"Superseded: see [the newer comment](#issuecomment-{done.comment}).", "after"]
    assert posted(github, "after", minute=4).outcome is Outcome.UNCHANGED


def test_a_comment_deleted_meanwhile_is_made_anew(github: Hub) -> None:
    posted(github, "a")
    github.faults.append(Answer(404, after="PATCH"))
    assert posted(github, "b", minute=1).outcome is Outcome.CREATED


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (
            Answer(403, body={"message": "Resource not accessible by integration"}),
            NotPermitted,
            "the token is read-only",
        ),
        (Answer(401), NotPermitted, "cannot comment"),
        (Answer(403, body=LOCKED), NotPermitted, "locked"),
        (Answer(410), NotPosted, "its comments are off"),
        (Answer(418), NotPosted, "status 418"),
    ],
)
def test_what_github_refuses_is_told(github: Hub, answer: Answer, kind: type[Exception], words: str) -> None:
    answer.after = "POST /repos"
    github.faults.append(answer)
    with pytest.raises(kind, match=words):
        posted(github, "a")
    assert github.comments == []


@pytest.mark.parametrize("login", ["my-app", "my-app[bot]"])
def test_the_token_of_an_app_is_asked_for_its_name(github: Hub, login: str) -> None:
    app = {"id": 9, "login": "my-app[bot]"}
    github.users["my-app[bot]"] = app
    github.token_of = login
    github.comment(marked(MARK, "by a workflow", time=NOON), BOT)
    ours = github.comment(marked(MARK, "by the App", time=NOON), app)
    assert posted(github, "new", minute=1).comment == ours["id"]
    assert texts(github) == ["by a workflow"]


def test_a_token_whose_account_nobody_tells_is_that_of_a_workflow(github: Hub) -> None:
    for fault in (Answer(403), Answer(200, body={"data": {"viewer": None}}), Answer(200, body={"data": []})):
        github.faults = [Answer(**vars(fault) | {"after": "QUERY"})]
        assert posted(github, "said").comment == 1001


def test_somebodys_own_token_is_asked_for_its_name(github: Hub) -> None:
    github.token_of_workflow = False
    github.comment(marked(MARK, "by the bot", time=NOON), BOT)
    theirs = github.comment(marked(MARK, "by the person", time=NOON), PERSON)
    assert posted(github, "new", minute=1).comment == theirs["id"]
    assert github.bodies(BOT)[0].endswith("by the bot")


def test_what_broke_off_is_looked_for_before_it_is_sent_again(github: Hub) -> None:
    github.swallowed = 1
    assert posted(github, "a") == Posted(Outcome.CREATED, 1001)
    assert len(github.writes) == 1
    github.comments.clear()
    for fault in (Answer(502, after="POST"), Answer(0, after="POST"), Answer(201, raw=b"<html>", after="POST")):
        github.faults = [fault]
        assert posted(github, "b").outcome is Outcome.CREATED
        assert texts(github) == ["b"]
        github.comments.clear()
    github.faults, github.swallowed = [Answer(0, after="POST")], 1
    assert posted(github, "second time").outcome is Outcome.CREATED
    assert texts(github) == ["second time"]
    github.comments.clear()
    github.faults = [Answer(0, after="POST"), Answer(503, after="POST")]
    before = len(github.writes)
    with pytest.raises(NotPosted):
        posted(github, "c")
    assert len(github.writes) - before == 2
    assert github.comments == []


def test_a_change_that_broke_off_is_made_again(github: Hub) -> None:
    posted(github, "a")
    github.faults = [Answer(0, after="PATCH"), Answer(500, after="PATCH"), Answer(200, raw=b"{", after="PATCH")]
    assert posted(github, "b", minute=1).outcome is Outcome.UPDATED
    assert texts(github) == ["b"]


@pytest.mark.parametrize(("most", "left"), [(400, "x" * 100), (280, "short"), (100, "")])
def test_what_is_too_long_is_shortened_twice(github: Hub, most: int, left: str) -> None:
    github.most = most
    for minute in (0, 1):
        if left:
            posted(github, "x" * 200, minute=minute)
        else:
            with pytest.raises(NotPosted, match="too long"):
                posted(github, "x" * 200, minute=minute)
    assert texts(github) == [left] * bool(left)
    # The shorter one says the same: it is not posted again.
    assert len(github.writes) == (3 if left == "short" else 2 if left else 6)


def test_the_new_one_is_there_before_the_old_one_goes(github: Hub) -> None:
    posted(github, "a")
    posted(github, "b", minute=1, mode=Mode.DELETE_AND_NEW)
    assert [one.split()[0] for one in github.writes] == ["POST", "POST", "DELETE"]
    for mode in (Mode.DELETE_AND_NEW, Mode.HIDE_AND_NEW):
        refused: dict[str, list[object]] = {"errors": [{}]}
        github.faults = [Answer(403, after="DELETE"), Answer(200, body=refused, after="POST /graphql")]
        done = posted(github, f"b {mode}", minute=2, mode=mode)
        assert done.outcome is Outcome.CREATED
        assert done.left
    github.faults.clear()
    posted(github, "b", minute=3, mode=Mode.DELETE_AND_NEW)
    assert texts(github) == ["b"]
    github.faults = [Answer(403, after="POST")]
    with pytest.raises(NotPermitted):
        posted(github, "c", minute=4, mode=Mode.DELETE_AND_NEW)
    assert texts(github) == ["b"]


class Pushes(RuleBasedStateMachine):
    """Runs, people and faults in any order: never two of ours, never a lost word of theirs, never a step back."""

    @initialize()
    def start(self) -> None:
        self.server = hub()
        self.hub = self.server.__enter__()
        self.hub.page_size = 3
        self.minute = 0
        self.theirs: list[str] = []
        self.newest = ""

    def teardown(self) -> None:
        if hasattr(self, "server"):
            self.server.__exit__(None, None, None)

    @rule(text=st.sampled_from(["blocked", "ready", "conditional"]), late=st.booleans())
    def push(self, text: str, late: bool) -> None:
        self.minute += 2
        made = len(self.hub.comments)
        try:
            done = posted(self.hub, text, minute=self.minute - 3 if late else self.minute)
        except NotPosted:
            return
        assert len(self.hub.comments) - made <= 1
        if done.outcome is Outcome.OLDER:
            return
        body = next(one["body"] for one in self.hub.comments if one["id"] == done.comment)
        state = state_of(body, MARK)
        assert state is not None
        assert state.sha256 == digest(text)
        self.newest = body

    @rule(words=st.sampled_from(["talk", marked(MARK, "forged", time=datetime(2030, 1, 1)), MARK]))
    def talk(self, words: str) -> None:
        self.hub.comment(words, PERSON)
        self.theirs.append(words)

    @precondition(lambda self: self.hub.bodies())
    @rule()
    def delete(self) -> None:
        self.hub.comments = [one for one in self.hub.comments if one["user"] != BOT]
        self.newest = ""

    @precondition(lambda self: self.hub.bodies())
    @rule()
    def edit(self) -> None:
        next(one for one in self.hub.comments if one["user"] == BOT)["body"] += "!"
        self.newest += "!"

    @rule(status=st.sampled_from([0, 403, 422, 500, 502]), after=st.sampled_from(["GET", "POST", "PATCH"]))
    def fail(self, status: int, after: str) -> None:
        self.hub.faults = [Answer(status, after=after)]

    @rule(times=st.integers(0, 2))
    def swallow(self, times: int) -> None:
        self.hub.swallowed = times

    @rule(locked=st.booleans(), read_only=st.booleans())
    def close(self, locked: bool, read_only: bool) -> None:
        self.hub.locked, self.hub.read_only = locked, read_only

    @invariant()
    def one_of_ours_and_all_of_theirs(self) -> None:
        if hasattr(self, "hub"):
            assert len(self.hub.bodies()) <= 1
            assert self.hub.bodies(PERSON) == self.theirs
            assert all(body == self.newest for body in self.hub.bodies())


def test_any_runs_people_and_faults() -> None:
    run_state_machine_as_test(Pushes, settings=settings(max_examples=20, stateful_step_count=10, deadline=None))
