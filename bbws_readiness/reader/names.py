"""Which paths may be touched at all, told from their spelling alone."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from bbws_readiness.codes import Code
from bbws_readiness.patterns import regex
from bbws_readiness.reader.limits import LIMITS, Limits
from bbws_readiness.reader.system import Blocked
from bbws_readiness.source import NEVER_ENTERED, is_text

_SECRET_NAMES = frozenset(
    {"credentials", "credentials.tfrc.json", ".terraformrc", "terraform.rc", ".git-credentials", ".netrc", "_netrc"}
    | {".npmrc", ".pypirc", ".pgpass", ".vault-token", ".ssh", ".aws", ".azure", ".gnupg", ".kube", ".docker"}
)
_SECRET_SUFFIXES = (".tfplan", ".pem", ".key", ".p12", ".pfx", ".jks", ".keystore", ".kdbx", ".ppk")
_SECRET_KEY = regex(r"id_(?:rsa|dsa|ecdsa|ed25519|xmss)(?:_sk)?(?:[.-].*)?", re.DOTALL)


def is_never_entered(name: str) -> bool:
    """Whether a folder of this name is passed by, in any mixture of cases."""
    return name.casefold() in NEVER_ENTERED


def is_secret(name: str) -> bool:
    """Whether a file or folder of this name may hold state, keys or credentials, in any mixture of cases."""
    folded = name.casefold()
    return (
        folded in _SECRET_NAMES
        or ".tfstate" in folded
        or folded.startswith(".env")
        or folded.endswith(_SECRET_SUFFIXES)
        or _SECRET_KEY.fullmatch(folded) is not None
    )


def parts_of(path: str, limits: Limits) -> tuple[str, ...]:
    """The names of a path that may be touched, from the root down. Raises `Blocked` for every other path.

    `~`, backslashes, drive letters and dots or spaces at the end are parts of a name like any other.
    """
    pure = PurePosixPath(path)
    if "\0" in path:
        raise Blocked(Code.BAD_PATH, "a path cannot contain NUL")
    if pure.is_absolute() or ".." in pure.parts:
        raise Blocked(Code.OUTSIDE, "the path leaves the project")
    if not is_text(path):
        raise Blocked(Code.BAD_PATH, "the name is not UTF-8", "rename it")
    if len(path.encode()) > limits.path_bytes:
        raise Blocked(Code.BAD_PATH, f"the path is longer than {limits.path_bytes} bytes", "shorten it")
    if any(is_never_entered(part) for part in pure.parts):
        raise Blocked(Code.NEVER_READ, "this folder is never entered")
    if any(is_secret(part) for part in pure.parts):
        raise Blocked(Code.NEVER_READ, "this kind of file is never read: it may hold state or secrets")
    if len(pure.parts) - 1 > limits.depth:
        raise too_deep(limits)
    return pure.parts


def too_deep(limits: Limits) -> Blocked:
    """Why a folder below the deepest one is not entered."""
    return Blocked(Code.TOO_DEEP_FOLDER, f"folders nest deeper than {limits.depth}", "flatten them")


def shown(path: str) -> str:
    """A path as it may be printed: bytes that are no UTF-8 as escapes, and not much longer than a path may be."""
    text = path if is_text(path) else path.encode("utf-8", "backslashreplace").decode()
    return text if len(text) <= LIMITS.path_bytes else f"{text[:100]}…"
