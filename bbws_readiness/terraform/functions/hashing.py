"""Functions that digest text."""

from __future__ import annotations

import base64
import hashlib
import uuid

from bbws_readiness.terraform.functions.spec import Function, FunctionError, Parameter
from bbws_readiness.terraform.types import STRING

_TEXT = Parameter("string", STRING)
_NAMESPACES = {
    "dns": uuid.NAMESPACE_DNS,
    "url": uuid.NAMESPACE_URL,
    "oid": uuid.NAMESPACE_OID,
    "x500": uuid.NAMESPACE_X500,
}


def hexadecimal(algorithm: str, text: str) -> str:
    """The digest of a text in hexadecimal digits."""
    return hashlib.new(algorithm, text.encode(), usedforsecurity=False).hexdigest()


def encoded(algorithm: str, text: str) -> str:
    """The digest of a text in base64."""
    return base64.b64encode(hashlib.new(algorithm, text.encode()).digest()).decode()


def _uuidv5(namespace: str, name: str) -> str:
    try:
        space = _NAMESPACES.get(namespace) or uuid.UUID(namespace)
    except ValueError:
        raise FunctionError("the namespace is neither a name nor a UUID") from None
    return str(uuid.uuid5(space, name))


HASHING_FUNCTIONS = (
    Function("base64sha256", (_TEXT,), lambda text: encoded("sha256", text), STRING),
    Function("base64sha512", (_TEXT,), lambda text: encoded("sha512", text), STRING),
    Function("md5", (_TEXT,), lambda text: hexadecimal("md5", text), STRING),
    Function("sha1", (_TEXT,), lambda text: hexadecimal("sha1", text), STRING),
    Function("sha256", (_TEXT,), lambda text: hexadecimal("sha256", text), STRING),
    Function("sha512", (_TEXT,), lambda text: hexadecimal("sha512", text), STRING),
    Function("uuidv5", (Parameter("namespace", STRING), Parameter("name", STRING)), _uuidv5, STRING),
)
