"""Which paths may be touched at all, told from their spelling alone."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from bbws_readiness.codes import Code
from bbws_readiness.patterns import regex
from bbws_readiness.reader.limits import LIMITS, Limits
from bbws_readiness.reader.system import Blocked
from bbws_readiness.source import NEVER_ENTERED, is_text

_SECRET = regex(
    r"""\.tfstate
    | \.(?:tfplan|pem|key|p12|pfx|jks|keystore|kdbx|ppk)/
    | /\.env
    | /id_(?:rsa|dsa|ecdsa|ed25519|xmss)(?:_sk)?(?:[.-][^/]*)?/
    | /(?:credentials|credentials\.tfrc\.json|\.terraformrc|terraform\.rc|\.git-credentials|\.netrc|_netrc
        |\.npmrc|\.pypirc|\.pgpass|\.vault-token|\.ssh|\.aws|\.azure|\.gnupg|\.kube|\.docker)/""",
    re.VERBOSE,
)
"""In a path between two slashes, without regard for case."""
_UNPLAIN = regex(r"(?:\A|/)\.?(?:/|\Z)")
"""An empty name or a dot, which makes only another spelling of the same path."""


def is_never_entered(name: str) -> bool:
    """Whether a folder of this name is passed by, in any mixture of cases."""
    return name.casefold() in NEVER_ENTERED


def is_secret(path: str) -> bool:
    """Whether a name in `path` is one of what may hold state, keys or credentials, in any mixture of cases."""
    return _SECRET.search(f"/{path.casefold()}/") is not None


def plain(path: str) -> str:
    """The one spelling of a path, without empty names and dots in it; `.` for the root."""
    return str(PurePosixPath(path)) if _UNPLAIN.search(path) else path


def parts_of(path: str, limits: Limits) -> tuple[str, ...]:
    """The names of a path that may be touched, from the root down. Raises `Blocked` for every other path.

    `~`, backslashes, drive letters and dots or spaces at the end are parts of a name like any other.
    """
    parts = PurePosixPath(path).parts if _UNPLAIN.search(path) else tuple(path.split("/"))
    if "\0" in path:
        raise Blocked(Code.BAD_PATH, "a path cannot contain NUL")
    if path.startswith("/") or ".." in parts:
        raise Blocked(Code.OUTSIDE, "the path leaves the project")
    if not is_text(path):
        raise Blocked(Code.BAD_PATH, "the name is not UTF-8", "rename it")
    if len(path.encode()) > limits.path_bytes:
        raise Blocked(Code.BAD_PATH, f"the path is longer than {limits.path_bytes} bytes", "shorten it")
    if not NEVER_ENTERED.isdisjoint(path.casefold().split("/")):
        raise Blocked(Code.NEVER_READ, "this folder is never entered")
    if is_secret(path):
        raise Blocked(Code.NEVER_READ, "this kind of file is never read: it may hold state or secrets")
    if len(parts) - 1 > limits.depth:
        raise too_deep(limits)
    return parts


def too_deep(limits: Limits) -> Blocked:
    """Why a folder below the deepest one is not entered."""
    return Blocked(Code.TOO_DEEP_FOLDER, f"folders nest deeper than {limits.depth}", "flatten them")


def shown(path: str) -> str:
    """A path as it may be printed: bytes that are no UTF-8 as escapes, and not much longer than a path may be."""
    text = path if is_text(path) else path.encode("utf-8", "backslashreplace").decode()
    return text if len(text) <= LIMITS.path_bytes else f"{text[:100]}…"
