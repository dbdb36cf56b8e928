"""A comment goes to the pull request whose tip was assessed, or nowhere."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from bbws_readiness.errors import UsageError
from bbws_readiness.github.api import Api
from bbws_readiness.github.comments import Outcome
from bbws_readiness.github.event import Event, event_of
from bbws_readiness.github.faults import Gone, NotPosted
from bbws_readiness.github.publish import Comment, Published, Target, publish
from tests.github.server import HEAD, PERSON, Hub, hub, pull

NOW = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
BLOCKED = Comment("orders", "sit", ("blocked",), "blocked", NOW, (7, 1))
OTHER = "b" * 40
AT_TIP = Event(1, HEAD)
OF_FORK = Event(0, HEAD, "someone", "change", (7, 1))


@pytest.fixture
def github() -> Iterator[Hub]:
    with hub() as state:
        yield state


def published(github: Hub, comment: Comment = BLOCKED, event: Event = AT_TIP, author: str = "") -> Published:
    with Api("token-of-the-run", github.server, sleep=lambda _: None) as api:
        return publish(api, Target("o/r", event, author=author), comment)


def test_what_was_assessed_is_at_the_tip(github: Hub) -> None:
    assert published(github).posted.outcome is Outcome.CREATED
    assert published(github).posted.outcome is Outcome.UNCHANGED
    assert github.bodies()[0].startswith("<!-- readiness orders sit -->\n<!-- readiness-state sha256=")


def test_a_run_whose_commit_is_not_the_tip_any_more_writes_nothing(github: Hub) -> None:
    github.pulls[1] = pull(1, OTHER)
    for event in (Event(1, HEAD), OF_FORK, replace(OF_FORK, number=1), replace(OF_FORK, owner="")):
        assert published(github, event=event).posted.outcome is Outcome.MOVED
    # Where nobody says what was assessed, there is nothing to compare the tip with.
    assert published(github, event=Event(1)).posted.outcome is Outcome.CREATED
    assert len(github.writes) == 1


def test_runs_that_end_in_the_wrong_order_leave_the_newer_word(github: Hub) -> None:
    newer = replace(BLOCKED, texts=("ready",), content="ready", run=(8, 1))
    assert published(github, newer).posted.outcome is Outcome.CREATED
    assert published(github, replace(BLOCKED, time=NOW + timedelta(minutes=5))).posted.outcome is Outcome.OLDER
    assert github.bodies()[0].endswith("\nready")


@pytest.mark.parametrize("state", ["closed", "merged"])
def test_what_is_closed_is_left_alone(github: Hub, state: str) -> None:
    github.pulls[1] = pull(1, HEAD, state=state)
    assert published(github).posted.outcome is Outcome.CLOSED
    assert github.writes == []


def test_a_pull_request_of_a_fork_is_found_by_its_commit_alone(github: Hub) -> None:
    github.pulls = {
        2: pull(2, OTHER, branch="else:change"),
        3: pull(3, HEAD, branch="someone:change"),
        4: pull(4, HEAD, branch="someone:change") | {"base": {"repo": {"full_name": "x/y"}}},
        5: pull(5, HEAD, branch="someone:change", state="closed"),
    }
    for event in (OF_FORK, replace(OF_FORK, branch="")):
        assert published(github, event=event).number == 3
    assert [one["issue"] for one in github.comments] == [3]
    assert any("head=someone%3Achange" in one for one in github.asked)
    github.pulls[6] = pull(6, HEAD, branch="someone:change")
    with pytest.raises(NotPosted, match="several pull requests"):
        published(github, event=OF_FORK)


def test_a_pull_request_that_is_not_there(github: Hub) -> None:
    with pytest.raises(Gone):
        published(github, event=Event(9, HEAD))
    github.pulls[1] = {"number": "1"}
    with pytest.raises(NotPosted, match="not understood"):
        published(github)


@pytest.mark.parametrize("days", [-2, 2, 36500])
def test_a_clock_that_is_wrong_orders_nothing(github: Hub, days: int) -> None:
    with pytest.raises(NotPosted, match="clock"):
        published(github, replace(BLOCKED, time=NOW + timedelta(days=days)))
    assert github.writes == []


def test_each_project_has_a_comment_for_each_environment(github: Hub) -> None:
    said = [BLOCKED, replace(BLOCKED, environment="prod"), replace(BLOCKED, slug="campaigns")]
    said += [replace(BLOCKED, folder=folder) for folder in ("team-a/orders", "team-b/orders")]
    for comment in said * 2:
        published(github, comment)
    assert len(github.bodies()) == len(github.writes) == 5


def test_the_token_of_an_app_is_told_whose_comments_are_its_own(github: Hub) -> None:
    github.users["my-app[bot]"] = PERSON
    github.comment("<!-- readiness orders sit -->\nby hand", PERSON)
    assert published(github, author="my-app[bot]").posted.outcome is Outcome.UPDATED
    assert "GET /users/my-app%5Bbot%5D" in github.asked


RUN = {"id": 77, "run_attempt": 2, "head_sha": HEAD, "head_branch": "a/b", "pull_requests": [{"number": 1}]}
EVENTS = [
    ({"pull_request": {"number": 5, "head": {"sha": HEAD}}}, Event(5, HEAD)),
    ({"pull_request": {"number": 5, "head": {"sha": "main"}}}, Event(5)),
    ({"issue": {"number": 6, "pull_request": {"url": "x"}}}, Event(6)),
    ({"issue": {"number": 6}}, Event()),
    ({"workflow_run": RUN}, Event(0, HEAD, "", "a/b", (77, 2))),
    (
        {"workflow_run": RUN | {"head_repository": {"owner": {"login": "some-one"}}}},
        Event(0, HEAD, "some-one", "a/b", (77, 2)),
    ),
    (
        {"workflow_run": RUN | {"head_repository": {"owner": {"login": "who_acme"}}}},
        Event(0, HEAD, "who_acme", "a/b", (77, 2)),
    ),
    ({"workflow_run": {"id": -1, "head_sha": 5, "head_repository": {"owner": {"login": "a/../b"}}}}, Event()),
    ({"pull_request": {"number": True, "head": []}}, Event()),
    ({"ref": "refs/heads/main"}, Event()),
    ([], Event()),
]


def test_what_an_event_says(tmp_path: Path) -> None:
    path = tmp_path / "event.json"
    for data, expected in EVENTS:
        path.write_text(json.dumps(data))
        assert event_of({"GITHUB_EVENT_PATH": str(path)}) == expected
    assert event_of({}) == Event()
    for text in ("{", "[" * 100_000, "\udcff"):
        path.write_text(text, errors="surrogateescape")
        with pytest.raises(UsageError, match="GITHUB_EVENT_PATH"):
            event_of({"GITHUB_EVENT_PATH": str(path)})
