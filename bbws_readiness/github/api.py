"""GitHub's REST and GraphQL interface as far as comments need it, with its faults told in our words.

Limits and retries follow GitHub's pages on rate limits and on best practices for using the REST API.
"""

from __future__ import annotations

import json
import random
import re
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

import httpx
from msgspec import Struct
from msgspec.structs import force_setattr, replace

from bbws_readiness.github.faults import Gone, NotPermitted, NotPosted, TooLong, Unsettled
from bbws_readiness.patterns import regex

VERSION: Final = "2022-11-28"
"""Of the REST interface."""

MOST_PAGES = 100
PER_PAGE = 100
ATTEMPTS = 4
"""For one request, the first included."""
PATIENCE = 120.0
"""Seconds that one run gives to GitHub in all, waits included."""
LONGEST_WAIT = 60.0
"""Seconds that one limit is waited for."""
CONNECT_SECONDS = 10.0
READ_SECONDS = 30.0
"""Between two parts of one answer."""
MAX_BYTES = 10 * 1024 * 1024
"""Of one answer."""
REDIRECTS = 3

_NEXT = regex(r'<([^<>]+)>\s*;[^,]*\brel="?next"?')
_ADDRESS = regex(r"https?://(?:[a-z0-9_.-]+|\[[0-9a-f:]+\])(?::[0-9]+)?(?:[/?][!-~]*)?", re.I | re.A)
"""With a host in plain letters and without an account, so that nobody can read another host in it."""
_LONGEST_ADDRESS = 8_000
_PORTS = {"https": 443, "http": 80}
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_GONE = (404, 410)
STANDS = "the verdict stands in the step summary and the exit code"
REDIRECT = (301, 302, 303, 307, 308)


class Server(Struct, frozen=True):
    """Where the interface is; the addresses come from the runner, never from the assessed project."""

    rest: str = "https://api.github.com"
    graphql: str = ""
    """Where it is empty it is found out by the other one, as GitHub names both."""

    def __post_init__(self) -> None:
        """Raises `NotPosted` for an address to which no token may be sent, and for two different servers."""
        if not self.graphql:
            force_setattr(self, "graphql", f"{self.rest.rstrip('/').removesuffix('/v3')}/graphql")
        for address in (self.rest, self.graphql):
            scheme, host, _ = _origin(address)
            if "?" in address or not (scheme == "https" or (scheme == "http" and host in _LOOPBACK)):
                raise NotPosted("the address of GitHub's interface is not plain https", hint="unset GITHUB_API_URL")
        if _origin(self.rest) != _origin(self.graphql):
            raise NotPosted(
                "the addresses of GitHub's interfaces are of two servers", hint="set GITHUB_GRAPHQL_URL as well"
            )


class _Answer(Struct, frozen=True):
    status: int
    headers: httpx.Headers
    content: bytes
    data: Any = None
    """The JSON in it; None for an empty one."""


class Api:
    """Requests with one token, which together take `PATIENCE` seconds at most.

    What can be done twice with the effect of once is repeated when an answer breaks off; a POST is not.
    """

    def __init__(self, token: str, server: Server, *, sleep: Callable[[float], None] = time.sleep) -> None:
        """Raises `NotPosted` for a token that no header can hold."""
        if not re.fullmatch(r"[!-~]+", token):
            raise NotPosted("the token is empty, or has characters that no token has", hint="set GITHUB_TOKEN anew")
        self.moment: datetime | None = None
        """The server's own clock, UTC, when it answered last."""
        self._server = server
        self._sleep = sleep
        self._waited = 0.0
        self._began = time.monotonic()
        self._client = httpx.Client(
            headers={
                "Authorization": f"Bearer {token}",
                "Accept": "application/vnd.github+json",
                "X-GitHub-Api-Version": VERSION,
                "User-Agent": "bbws-readiness",
            },
            timeout=httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS),
            follow_redirects=False,
            trust_env=False,
            verify=_authorities(),
        )

    def __enter__(self) -> Api:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def get(self, path: str) -> Any:  # noqa: ANN401 - plain data of any shape
        """What lies at a path such as `/repos/o/r/issues/1`."""
        return self._request("GET", self._address(path)).data

    def pages(self, path: str) -> Iterator[Any]:
        """Every element of a list that comes in pages.

        Raises `NotPosted` when it has more than `MOST_PAGES`, comes back to a page, or goes on at another server: who
        has not seen all of it must not post.
        """
        address: str | None = self._address(f"{path}{'&' if '?' in path else '?'}per_page={PER_PAGE}")
        seen: set[str] = set()
        while address:
            if address in seen or len(seen) >= MOST_PAGES:
                raise NotPosted(f"GitHub lists more than {MOST_PAGES * PER_PAGE} entries, or does not come to an end")
            seen.add(address)
            answer = self._request("GET", address)
            if not isinstance(answer.data, list):
                raise NotPosted("GitHub answers with something that is no list")
            yield from answer.data
            following = _NEXT.search(answer.headers.get("link", ""))
            address = self._same_origin(address, following[1]) if following else None

    def send(self, method: str, path: str, body: Mapping[str, object] | None = None) -> Any:  # noqa: ANN401
        """Creates, changes or deletes; gives what GitHub answers, None for nothing.

        Raises `NotPermitted`, `Gone` when there is nothing at the path, `TooLong`, `NotPosted`, and for a POST
        `Unsettled` when nobody knows whether it was done.
        """
        return self._request(method, self._address(path), body, repeatable=method != "POST").data

    def query(self, text: str, **variables: object) -> Any:  # noqa: ANN401
        """The data of a GraphQL query, or of a mutation that may be done twice."""
        body = {"query": text, "variables": variables}
        found = self._request("POST", self._server.graphql, body, repeatable=True).data
        if not isinstance(found, dict) or found.get("errors") or "data" not in found:
            raise NotPosted("GitHub refuses a GraphQL request")
        return found["data"]

    def _address(self, path: str) -> str:
        return self._server.rest.rstrip("/") + path

    def _same_origin(self, here: str, named: str) -> str:
        """The address that an answer from `here` names; raises `NotPosted` when it is not on the same server."""
        try:
            address = urljoin(here, named)
        except ValueError:
            address = ""
        if _origin(address) != _origin(self._server.rest):
            raise NotPosted("GitHub's answer leads to another server; the token is not sent there")
        return address

    def _request(
        self, method: str, address: str, body: Mapping[str, object] | None = None, *, repeatable: bool = True
    ) -> _Answer:
        for attempt in range(1, ATTEMPTS + 1):
            last = attempt == ATTEMPTS
            try:
                answer = self._once(method, address, body)
            except httpx.HTTPError as error:
                # What was sent may have arrived, unless nobody could be connected to.
                if not repeatable and not isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
                    raise Unsettled("GitHub's answer broke off", hint="run it again later") from error
                if last:
                    raise _unheard(error) from error
                self._wait(_growing(attempt))
                continue
            if answer.status < 300:
                return answer
            pause = _pause(answer, attempt)
            if answer.status >= 500 and not repeatable:
                raise Unsettled(f"GitHub answers with status {answer.status}", hint="run it again later")
            if pause is None or last:
                raise _fault(answer)
            self._wait(pause, answer)
        raise AssertionError("the last attempt returns or raises")

    def _once(self, method: str, address: str, body: Mapping[str, object] | None) -> _Answer:
        """One answer, behind the redirects of a GET; raises `httpx.HTTPError` where it is none as a whole."""
        for _ in range(REDIRECTS + 1):
            answer = self._read(method, address, body)
            if answer.status not in REDIRECT or method != "GET":
                return _decoded(answer) if answer.status < 300 else answer
            address = self._same_origin(address, answer.headers.get("location", ""))
        raise NotPosted(f"GitHub redirects more than {REDIRECTS} times")

    def _read(self, method: str, address: str, body: Mapping[str, object] | None) -> _Answer:
        with self._client.stream(method, address, json=body) as answer:
            self.moment = _moment(answer.headers.get("date")) or self.moment
            content = b""
            for part in answer.iter_bytes():
                content += part
                if len(content) > MAX_BYTES:
                    raise NotPosted("GitHub's answer is too large")
                if self._left() < 0:
                    raise httpx.ReadTimeout("the whole run")
            return _Answer(answer.status_code, answer.headers, content)

    def _left(self) -> float:
        return PATIENCE - self._waited - (time.monotonic() - self._began)

    def _wait(self, seconds: float, answer: _Answer | None = None) -> None:
        if seconds > min(self._left(), LONGEST_WAIT):
            moment = _moment(answer.headers.get("date")) if answer else None
            until = f" until {moment + timedelta(seconds=seconds):%H:%M}Z" if moment else ""
            if answer is None or answer.status >= 500:
                raise NotPosted("GitHub does not answer", hint="run it again later")
            raise NotPosted(f"rate limited{until}", hint="run it again then")
        self._waited += seconds
        self._sleep(seconds)


@cache
def _authorities() -> ssl.SSLContext:
    """Whose certificates are believed: those that come with the client, which take a while to read."""
    return httpx.create_ssl_context(trust_env=False)


def _origin(address: str) -> tuple[str, str, int]:
    """Scheme, host and port; nothing for what is no address, or one that not every reader takes for the same."""
    if len(address) > _LONGEST_ADDRESS or "#" in address or not _ADDRESS.fullmatch(address):
        return "", "", 0
    try:
        parts = urlsplit(address)
        httpx.URL(address).host  # noqa: B018 - who sends must be able to read it, too
        return parts.scheme, parts.hostname or "", parts.port or _PORTS[parts.scheme]
    except (ValueError, httpx.InvalidURL):
        return "", "", 0


def _decoded(answer: _Answer) -> _Answer:
    if not answer.content:
        return answer
    try:
        return replace(answer, data=json.loads(answer.content))
    except (ValueError, RecursionError):
        raise httpx.DecodingError("no JSON") from None


def _growing(attempt: int) -> float:
    """Seconds before the next attempt, a little different for each of several runs that failed at once."""
    return 2.0 ** (attempt - 1) * random.uniform(1, 1.25)  # noqa: S311 - no secret depends on it


def _pause(answer: _Answer, attempt: int) -> float | None:
    """Seconds after which the request may be repeated; None when it may not."""
    if _limited(answer):
        return _number(answer.headers.get("retry-after")) or max(_until_reset(answer.headers), 1.0)
    return _growing(attempt) if answer.status in (500, 502, 503, 504) else None


def _limited(answer: _Answer) -> bool:
    headers = answer.headers
    told = "retry-after" in headers or headers.get("x-ratelimit-remaining") == "0"
    secondary = b"secondary rate limit" in answer.content[:2000].lower()
    return answer.status == 429 or (answer.status == 403 and (told or secondary))


def _until_reset(headers: httpx.Headers) -> float:
    """Seconds until the limit is lifted, by the server's own clock; a minute when it does not say."""
    reset, now = _number(headers.get("x-ratelimit-reset")), _moment(headers.get("date"))
    used_up = headers.get("x-ratelimit-remaining") == "0"
    return reset - now.timestamp() if used_up and reset and now else 60.0


def _moment(text: str | None) -> datetime | None:
    """The moment in a header such as `Date`."""
    try:
        return parsedate_to_datetime(text).astimezone(UTC) if text else None
    except (ValueError, OverflowError):
        return None


def _number(text: str | None) -> float:
    return float(text) if text and re.fullmatch(r"[0-9]{1,12}", text) else 0.0


def _unheard(error: httpx.HTTPError) -> NotPosted:
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
        return NotPosted("GitHub cannot be reached", hint="run it again later")
    if isinstance(error, httpx.DecodingError):
        return NotPosted("GitHub answers with something that is no JSON", hint="run it again later")
    return NotPosted("GitHub's answer broke off", hint="run it again later")


def _fault(answer: _Answer) -> NotPosted:
    status = answer.status
    if _limited(answer):
        return NotPosted("rate limited", hint="run it again later")
    if status == 401:
        return NotPermitted("cannot comment: GitHub does not know the token", hint=STANDS)
    if status == 403:
        what = "the conversation is locked" if _locked(answer) else "the token is read-only (as that of a fork's is)"
        return NotPermitted(f"cannot comment: {what}", hint=STANDS)
    if status in _GONE:
        return Gone(
            "cannot comment: GitHub knows no such pull request or comment, or its comments are off", hint=STANDS
        )
    if status == 422:
        return TooLong("GitHub refuses the comment as malformed or too long")
    return NotPosted(f"GitHub answers with status {status}", hint="run it again later")


def _locked(answer: _Answer) -> bool:
    return b"locked" in answer.content[:2000].lower()
