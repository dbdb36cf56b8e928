"""A server on loopback that answers as GitHub's interface does, for the paths that comments need, faults included."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from bbws_readiness.github.api import Server

BOT = {"id": 41898282, "login": "github-actions[bot]"}
PERSON = {"id": 7, "login": "octocat"}

LIST = re.compile(r"/repos/o/r/issues/(\d+)/comments")
ONE = re.compile(r"/repos/o/r/issues/comments/(\d+)")
PULL = re.compile(r"/repos/o/r/pulls/(\d+)")
PULLS = re.compile(r"/repos/o/r/(?:pulls|commits/[0-9a-f]{40}/pulls)")
HEAD = "a" * 40
MOST_CHARACTERS = 65_536

READ_ONLY = {"message": "Resource not accessible by integration", "documentation_url": "https://docs.github.com/rest"}
LOCKED = {
    "message": "Unable to create comment because issue is locked.",
    "documentation_url": "https://docs.github.com",
}
TOO_LONG = {
    "message": "Validation Failed",
    "errors": [
        {
            "resource": "IssueComment",
            "code": "unprocessable",
            "field": "data",
            "message": "Body is too long (maximum is 65536 characters)",
        }
    ],
}


def limit(remaining: int, reset: int = 1_767_787_200) -> dict[str, str]:
    """The headers of the primary limit, as they come with every answer."""
    return {
        "x-ratelimit-limit": "1000",
        "x-ratelimit-remaining": str(remaining),
        "x-ratelimit-used": str(1000 - remaining),
        "x-ratelimit-reset": str(reset),
        "x-ratelimit-resource": "core",
    }


def pull(number: int, head: str, *, state: str = "open", branch: str = "someone:change") -> dict[str, Any]:
    """A pull request as the lists and its own path tell it, as far as anybody here looks."""
    owner, _, ref = branch.partition(":")
    return {
        "number": number,
        "state": state,
        "head": {"sha": head, "ref": ref, "label": branch, "repo": {"full_name": f"{owner}/r"}},
        "base": {"ref": "main", "repo": {"full_name": "o/r"}},
    }


@dataclass
class Answer:
    """What the next request gets instead of what it asks for."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: object = None
    raw: bytes | None = None
    """In place of the JSON of `body`."""
    after: str = ""
    """Only requests whose `METHOD path` begins so; empty for any."""


@dataclass
class Hub:
    """The state behind the server."""

    address: str = ""
    comments: list[dict[str, Any]] = field(default_factory=list)
    pulls: dict[int, dict[str, Any]] = field(default_factory=lambda: {1: pull(1, HEAD)})
    faults: list[Answer] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    """`METHOD path` of every request, in order; QUERY for a POST that only reads."""
    tokens: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    users: dict[str, dict[str, Any]] = field(default_factory=lambda: {"github-actions[bot]": BOT})
    page_size: int = 100
    read_only: bool = False
    """The token is that of a fork's pull request."""
    locked: bool = False
    swallowed: int = 0
    """So many comments are made without an answer that says so."""
    most: int = MOST_CHARACTERS
    """Characters of a comment."""
    token_of_workflow: bool = True
    token_of: str = "github-actions[bot]"
    """The account of an App whose token it is, that of workflow runs included."""
    next_number: int = 1000

    @property
    def server(self) -> Server:
        return Server(self.address)

    @property
    def writes(self) -> list[str]:
        return [one for one in self.asked if not one.startswith(("GET ", "QUERY "))]

    def comment(self, body: str, user: dict[str, Any] = BOT, *, issue: int = 1) -> dict[str, Any]:
        self.next_number += 1
        number = self.next_number
        made = {"id": number, "node_id": f"IC_{number}", "user": user, "body": body, "issue": issue}
        self.comments.append(made)
        return made

    def bodies(self, user: dict[str, Any] = BOT) -> list[str]:
        return [one["body"] for one in self.comments if one["user"] == user]

    def answer(self, method: str, target: str, body: Any) -> Answer:
        for fault in self.faults:
            if f"{method} {target}".startswith(fault.after):
                self.faults.remove(fault)
                return fault
        if method not in ("GET", "QUERY") and self.read_only:
            return Answer(403, limit(998), READ_ONLY)
        parts = urlsplit(target)
        if parts.path == "/user":
            return Answer(403, body=READ_ONLY) if self.token_of_workflow else Answer(200, body=PERSON)
        if parts.path.startswith("/users/"):
            return Answer(200, body=self.users[unquote(parts.path.removeprefix("/users/"))])
        if parts.path == "/graphql":
            return self._graphql(body["query"], body["variables"])
        if PULLS.fullmatch(parts.path):
            branch = parse_qs(parts.query).get("head", [""])[0]
            return Answer(200, body=[one for one in self.pulls.values() if branch in ("", one["head"]["label"])])
        if found := PULL.fullmatch(parts.path):
            known = self.pulls.get(int(found[1]))
            return Answer(200, limit(998), known) if known else Answer(404, body={"message": "Not Found"})
        if (found := LIST.fullmatch(parts.path)) and method == "GET":
            return self._list(int(found[1]), parts.path, parse_qs(parts.query))
        if found:
            return self._create(int(found[1]), body["body"])
        if found := ONE.fullmatch(parts.path):
            return self._one(method, int(found[1]), body)
        return Answer(404, body={"message": "Not Found"})

    def _graphql(self, query: str, variables: dict[str, Any]) -> Answer:
        if "viewer" in query:
            return Answer(200, body={"data": {"viewer": {"login": self.token_of}}})
        if "isMinimized" in query:
            nodes = [{"id": node, "isMinimized": node in self.hidden} for node in variables["ids"]]
            return Answer(200, body={"data": {"nodes": nodes}})
        self.hidden.append(variables["id"])
        return Answer(200, body={"data": {}})

    def _list(self, issue: int, path: str, query: dict[str, list[str]]) -> Answer:
        page = int(query.get("page", ["1"])[0])
        ours = [one for one in self.comments if one["issue"] == issue]
        chunk = ours[(page - 1) * self.page_size : page * self.page_size]
        more = len(ours) > page * self.page_size
        following = f"{self.address}{path}?per_page=100&page={page + 1}"
        link = {"Link": f'<{following}>; rel="next", <{self.address}{path}>; rel="last"'}
        return Answer(200, link if more else {}, chunk)

    def _create(self, issue: int, body: str) -> Answer:
        if self.locked:
            return Answer(403, limit(998), LOCKED)
        if len(body) > self.most:
            return Answer(422, limit(998), TOO_LONG)
        made = self.comment(body, issue=issue)
        if self.swallowed:
            self.swallowed -= 1
            return Answer(0)
        return Answer(201, limit(998), made)

    def _one(self, method: str, number: int, body: Any) -> Answer:
        found = next((one for one in self.comments if one["id"] == number), None)
        if found is None:
            return Answer(404, body={"message": "Not Found"})
        if method == "DELETE":
            self.comments.remove(found)
            return Answer(204)
        if len(body["body"]) > self.most:
            return Answer(422, limit(998), TOO_LONG)
        found["body"] = body["body"]
        return Answer(200, body=found)


def _handler(hub: Hub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        wbufsize = -1
        """An answer leaves in one piece."""

        def _serve(self) -> None:
            size = int(self.headers.get("content-length", 0))
            body: Any = json.loads(self.rfile.read(size)) if size else None
            reads = self.path == "/graphql" and body["query"].startswith("query")
            method = "QUERY" if reads else self.command
            hub.asked.append(f"{method} {self.path}")
            hub.tokens.append(self.headers.get("authorization", ""))
            answer = hub.answer(method, self.path, body)
            if answer.status == 0:
                self.close_connection = True
                return
            content = b"" if answer.body is None else json.dumps(answer.body).encode()
            content = content if answer.raw is None else answer.raw
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PATCH = do_DELETE = _serve

        def log_message(self, *_: object) -> None:
            """Nothing is printed."""

    return Handler


@contextmanager
def hub() -> Iterator[Hub]:
    """A server that runs as long as the block."""
    state = Hub()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(state))
    server.daemon_threads = True
    state.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
