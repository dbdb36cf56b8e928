"""Functions that read files of the project, through the one confined reader."""

from __future__ import annotations

import base64
import posixpath
import re

from bbws_readiness.source import Location, Refused, Source
from bbws_readiness.terraform.functions.hashing import encoded, hexadecimal
from bbws_readiness.terraform.functions.spec import Function, FunctionError, Host, NotEvaluated, Parameter
from bbws_readiness.terraform.types import BOOL, DYNAMIC, STRING
from bbws_readiness.terraform.values import Value

_PATH = Parameter("path", STRING)


def _text(host: Host, path: str) -> Source:
    read = host.read(path)
    if isinstance(read, Refused):
        raise FunctionError(f"{read.at.path}: {read.summary}", hint=read.detail)
    return read


def _file(host: Host, _: Location, path: str) -> str:
    return _text(host, path).text


def _fileexists(host: Host, _: Location, path: str) -> bool:
    return host.exists(path)


def _filebase64(host: Host, _: Location, path: str) -> str:
    return base64.b64encode(_text(host, path).text.encode()).decode()


def _digest(name: str, algorithm: str, *, base64_: bool = False) -> Function:
    def body(host: Host, _: Location, path: str) -> str:
        source = _text(host, path)
        return encoded(algorithm, source.text) if base64_ else hexadecimal(algorithm, source.text)

    return Function(name, (_PATH,), body, STRING, hosted=True)


def _templatefile(host: Host, at: Location, path: Value, names: Value) -> Value:
    if not isinstance(names.raw, dict):
        raise FunctionError('argument "vars" must be a map or object')
    for name in names.raw:
        if not re.fullmatch(r"[^\W\d][\w-]*", name):
            raise FunctionError(f'"{name}" is not a name that a template can use')
    return host.render(_text(host, str(path.raw)), dict(names.raw), at)


def _dirname(path: str) -> str:
    return posixpath.normpath(posixpath.dirname(path)) if path else "."


def _basename(path: str) -> str:
    stripped = path.rstrip("/")
    if not path:
        return "."
    return posixpath.basename(stripped) or "/"


def _machine(_: str) -> str:
    raise NotEvaluated("it depends on the machine Terraform runs on")


FILE_FUNCTIONS = (
    Function("abspath", (_PATH,), _machine, STRING),
    Function("basename", (_PATH,), _basename, STRING),
    Function("dirname", (_PATH,), _dirname, STRING),
    Function("file", (_PATH,), _file, STRING, hosted=True),
    Function("filebase64", (_PATH,), _filebase64, STRING, hosted=True),
    _digest("filebase64sha256", "sha256", base64_=True),
    _digest("filebase64sha512", "sha512", base64_=True),
    Function("fileexists", (_PATH,), _fileexists, BOOL, hosted=True),
    _digest("filemd5", "md5"),
    _digest("filesha1", "sha1"),
    _digest("filesha256", "sha256"),
    _digest("filesha512", "sha512"),
    Function("pathexpand", (_PATH,), _machine, STRING),
    Function("templatefile", (_PATH, Parameter("vars")), _templatefile, DYNAMIC, parts=True, hosted=True),
)
