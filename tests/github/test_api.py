"""What GitHub's interface may answer besides what was asked for, and what becomes of token and run then."""

import time
from collections.abc import Iterator

import pytest

from bbws_readiness.github.api import ATTEMPTS, MAX_BYTES, Api, Server
from bbws_readiness.github.faults import NotPosted
from tests.cases import each
from tests.github.server import PERSON, Answer, Hub, hub, limit

COMMENTS = "/repos/o/r/issues/1/comments"


@pytest.fixture
def github() -> Iterator[Hub]:
    with hub() as state:
        yield state


@pytest.fixture
def waited() -> list[float]:
    return []


@pytest.fixture
def api(github: Hub, waited: list[float]) -> Iterator[Api]:
    with Api("token-of-the-run", github.server, sleep=waited.append) as made:
        yield made


@pytest.mark.parametrize("status", [403, 429])
def test_a_limit_is_waited_out(github: Hub, api: Api, waited: list[float], status: int) -> None:
    github.faults += [Answer(status, {"Retry-After": "7"}), Answer(status, {"Retry-After": "3"})]
    assert list(api.pages(COMMENTS)) == []
    assert waited == [7.0, 3.0]


def test_a_limit_that_lasts_is_told_and_not_waited_for(github: Hub, api: Api, waited: list[float]) -> None:
    reset = str(int(time.time()) + 40 * 60)
    github.faults.append(Answer(403, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": reset}))
    with pytest.raises(NotPosted, match=r"rate limited until \d\d:\d\dZ"):
        api.send("POST", COMMENTS, {"body": "a"})
    assert waited == []


@pytest.mark.parametrize("headers", [{"Retry-After": "61"}, limit(0, int(time.time()) + 4000)])
def test_more_than_a_minute_is_not_waited_for(
    github: Hub, api: Api, waited: list[float], headers: dict[str, str]
) -> None:
    github.faults.append(Answer(403, headers))
    with pytest.raises(NotPosted, match="rate limited"):
        api.get("/user")
    assert waited == []


def test_the_secondary_limit_names_no_time(github: Hub, api: Api, waited: list[float]) -> None:
    told = {"message": "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."}
    github.faults += [Answer(403, limit(993), told) for _ in range(3)]
    with pytest.raises(NotPosted, match="rate limited"):
        api.get("/user")
    assert waited == [60.0]


def test_what_is_cut_or_no_json_is_read_again(github: Hub, api: Api) -> None:
    github.faults += [Answer(200, raw=b'[{"id'), Answer(200, {"Transfer-Encoding": "chunked"}, raw=b"zz"), Answer(0)]
    assert list(api.pages(COMMENTS)) == []
    assert len(github.asked) == ATTEMPTS


@pytest.mark.parametrize("token", ["", "a b", "a\nb", "\u00e9"])
def test_what_is_no_token_is_not_sent(github: Hub, token: str) -> None:
    with pytest.raises(NotPosted, match="token"):
        Api(token, github.server)
    assert github.asked == []


def test_a_server_that_fails_is_asked_a_few_times(github: Hub, api: Api) -> None:
    github.faults += [Answer(502) for _ in range(ATTEMPTS)]
    with pytest.raises(NotPosted, match="status 502"):
        api.get("/user")
    assert len(github.asked) == ATTEMPTS


def test_a_write_that_may_have_arrived_is_not_repeated(github: Hub, api: Api) -> None:
    github.faults += [Answer(500), Answer(0)]
    for _ in range(2):
        with pytest.raises(NotPosted):
            api.send("POST", COMMENTS, {"body": "a"})
    assert len(github.writes) == 2
    github.faults += [Answer(0), Answer(500)]
    assert list(api.pages(COMMENTS)) == []


def test_nobody_listens(github: Hub) -> None:
    with hub() as gone:
        address = gone.server
    with pytest.raises(NotPosted, match="cannot be reached"), Api("t", address, sleep=lambda _: None) as api:
        api.get("/user")


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_the_token_follows_to_no_other_server(github: Hub, api: Api, status: int) -> None:
    with hub() as other:
        github.faults.append(Answer(status, {"Location": f"{other.address}/user"}))
        with pytest.raises(NotPosted, match="another server"):
            api.get("/user")
        github.faults.append(Answer(200, {"Link": f'<{other.address}{COMMENTS}?page=2>; rel="next"'}, []))
        with pytest.raises(NotPosted, match="another server"):
            list(api.pages(COMMENTS))
        assert other.asked == []


def test_an_address_that_not_everybody_reads_alike_is_not_followed(github: Hub, api: Api) -> None:
    host = github.address.removeprefix("http://")
    for named in (f"http://o@{host}/user", f"http://{host}\\@e.x/user", f"http://{host}/{'x' * 9000}", "http://[/user"):
        github.faults.append(Answer(302, {"Location": named}))
        with pytest.raises(NotPosted, match="another server"):
            api.get("/user")
    assert len(github.asked) == 4


def test_both_interfaces_are_on_one_server() -> None:
    for rest, graphql in {
        "https://api.github.com": "https://api.github.com/graphql",
        "https://ghe.example/api/v3": "https://ghe.example/api/graphql",
        "https://ghe.example/api/v3/": "https://ghe.example/api/graphql",
        "https://api.acme.ghe.com": "https://api.acme.ghe.com/graphql",
    }.items():
        assert Server(rest).graphql == graphql
    with pytest.raises(NotPosted, match="two servers"):
        Server("https://ghe.example/api/v3", "https://api.github.com/graphql")


def test_the_usual_port_may_be_written_down() -> None:
    """As servers behind a proxy write it in the addresses of pages."""
    with Api("t", Server("https://ghe.example/api/v3", "https://ghe.example/api/graphql")) as api:
        assert api._same_origin("https://ghe.example/api/v3/x", "https://GHE.example:443/api/v3/y").endswith("/y")


def test_a_moved_path_is_followed_by_reading_only(github: Hub, api: Api) -> None:
    github.faults.append(Answer(301, {"Location": COMMENTS}))
    assert api.get("/repos/o/old/issues/1/comments") == []
    github.faults.append(Answer(307, {"Location": COMMENTS}))
    with pytest.raises(NotPosted, match="status 307"):
        api.send("POST", "/repos/o/old/issues/1/comments", {"body": "a"})
    assert github.comments == []


def test_redirects_come_to_an_end(github: Hub, api: Api) -> None:
    github.faults += [Answer(302, {"Location": "/user"}) for _ in range(9)]
    with pytest.raises(NotPosted, match="redirects more than 3 times"):
        api.get("/user")


def test_pages_that_come_back_are_noticed(github: Hub, api: Api) -> None:
    again = {"Link": f'<{github.address}{COMMENTS}?per_page=100>; rel="next"'}
    github.faults.append(Answer(200, again, [PERSON]))
    with pytest.raises(NotPosted, match="does not come to an end"):
        list(api.pages(COMMENTS))


def test_more_pages_than_are_read_are_refused(github: Hub, api: Api) -> None:
    github.page_size = 1
    for number in range(101):
        github.comment(f"talk {number}", PERSON)
    with pytest.raises(NotPosted, match="more than 10000 entries"):
        list(api.pages(COMMENTS))


def test_an_empty_page_with_a_next_one_is_no_end(github: Hub, api: Api) -> None:
    github.comment("talk", PERSON)
    github.faults.append(Answer(200, {"Link": f'<{github.address}{COMMENTS}?page=1>; rel="next"'}, []))
    assert [one["body"] for one in api.pages(COMMENTS)] == ["talk"]


@pytest.mark.parametrize("body", [{"no": "list"}, "text", 3])
def test_an_answer_of_another_shape(github: Hub, api: Api, body: object) -> None:
    github.faults.append(Answer(200, body=body))
    with pytest.raises(NotPosted, match="no list"):
        list(api.pages(COMMENTS))


def test_an_answer_without_an_end(github: Hub, api: Api) -> None:
    github.faults.append(Answer(200, body="x" * (MAX_BYTES + 1)))
    with pytest.raises(NotPosted, match="too large"):
        api.get("/user")


@each(
    "address",
    [
        "http://api.example.invalid",
        "ftp://127.0.0.1",
        "file:///etc",
        "",
        "https://",
        "https://[",
        "http://127.0.0.1.nip.io",
        "http://localhost.evil",
        "https://user:pass@api.github.com",
        "https://api.github.com\\@evil.example",
        "https://api.github.com%2eevil.example",
        "https://api.github.com;.evil.example",
        "https://g\u0131thub.com",
        "https://xn--.com",
        "https://api.github.com:99999",
        "https://api.github.com?x=",
        "https://api.github.com#",
        f"https://{'a' * 70_000}",
        " https://api.github.com",
    ],
    ids=lambda address: address[:40],
)
def test_no_token_leaves_over_an_open_line(address: str) -> None:
    with pytest.raises(NotPosted, match="not plain https"):
        Server(rest=address)


def test_every_request_has_the_token_and_nothing_of_the_environment(
    github: Hub, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    with Api("token-of-the-run", github.server) as made:
        made.get(COMMENTS)
    assert github.tokens == ["Bearer token-of-the-run"]
