"""Functions that read files of the project, through the one confined reader."""

from __future__ import annotations

import base64
import posixpath
import re

from bbws_readiness.codes import Code
from bbws_readiness.source import Location, Refused, Source
from bbws_readiness.terraform.convert import convert
from bbws_readiness.terraform.functions.globbing import Pattern
from bbws_readiness.terraform.functions.hashing import encoded, hexadecimal
from bbws_readiness.terraform.functions.spec import Function, FunctionError, Host, NotEvaluated, Parameter, Withheld
from bbws_readiness.terraform.types import BOOL, DYNAMIC, STRING, SetType
from bbws_readiness.terraform.values import Value

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_PATH = Parameter("path", STRING)


def _text(host: Host, path: str) -> Source:
    read = host.read(path)
    if isinstance(read, Refused):
        kind = FunctionError if read.code in _ALSO_REFUSED else Withheld
        raise kind(f"{read.at.path}: {read.summary}", hint=read.detail, code=read.code)
    return read


_ALSO_REFUSED = (Code.MISSING, Code.NOT_UTF8)
"""Why Terraform would not read a file either."""
_BINARY = (Code.NOT_UTF8, Code.NUL, Code.TOO_LARGE, Code.NOT_TEXT)
"""Why a file is not read that Terraform digests."""


def _content(host: Host, path: str) -> str:
    """The text to digest or encode: archives are usually built just before Terraform runs, and are no text."""
    read = host.read(path)
    if isinstance(read, Refused) and read.code is Code.MISSING:
        raise NotEvaluated(f"{read.at.path} is not in the project; it may be built before Terraform runs")
    if isinstance(read, Refused) and read.code in _BINARY:
        raise NotEvaluated(f"{read.at.path} is not a text that is read: {read.summary}")
    return _whole(_text(host, path))


def _whole(source: Source) -> str:
    """The text with the byte order mark, which only files of the language may do without."""
    had_mark = source.size == len(source.text.encode()) + len(BYTE_ORDER_MARK)
    return f"\ufeff{source.text}" if had_mark else source.text


def _file(host: Host, _: Location, path: str) -> str:
    return _whole(_text(host, path))


def _fileexists(host: Host, _: Location, path: str) -> bool:
    return host.exists(path)


def _filebase64(host: Host, _: Location, path: str) -> str:
    return base64.b64encode(_content(host, path).encode()).decode()


def _digest(name: str, algorithm: str, *, base64_: bool = False) -> Function:
    def body(host: Host, _: Location, path: str) -> str:
        text = _content(host, path)
        return encoded(algorithm, text) if base64_ else hexadecimal(algorithm, text)

    return Function(name, (_PATH,), body, STRING, hosted=True)


def _fileset(host: Host, _: Location, path: str, pattern: str) -> list[str]:
    base = posixpath.normpath(path)
    # The pattern may lead out of the folder and back again.
    wanted = posixpath.normpath(posixpath.join(base, pattern.lstrip("/")))
    top = posixpath.normpath(posixpath.dirname(re.split(r"[*?\[{\\]", wanted)[0]) or ".")
    found = host.files_below(top, Pattern(wanted))
    return sorted(posixpath.relpath(file, base) for file in found)


def _templatefile(host: Host, at: Location, path: Value, names: Value) -> Value:
    bound = _names(names)
    return host.render(_text(host, str(path.raw)), bound, at)


def _templatestring(host: Host, at: Location, text: Value, names: Value) -> Value:
    if text.type != STRING:
        raise FunctionError("the template must be a string", code=Code.TEMPLATE)
    source = str(text.raw)
    rendered = host.render(Source(at.path, source, len(source.encode()), ""), _names(names), at)
    if rendered.is_null:
        raise FunctionError("the template gives null", code=Code.TEMPLATE)
    return convert(rendered, STRING)


def _names(names: Value) -> dict[str, Value]:
    """The names a template sees, from a map or object."""
    if not isinstance(names.raw, dict):
        raise FunctionError('argument "vars" must be a map or object')
    for name in names.raw:
        if not re.fullmatch(r"[^\W\d][\w-]*", name):
            raise FunctionError(f'"{name}" is not a name that a template can use', code=Code.TEMPLATE)
    return dict(names.raw)


def _dirname(path: str) -> str:
    return _clean(posixpath.dirname(path)) if path else "."


def _basename(path: str) -> str:
    stripped = path.rstrip("/")
    if not path:
        return "."
    return posixpath.basename(stripped) or "/"


def _abspath(path: str) -> str:
    if not path.startswith("/"):
        raise NotEvaluated("it depends on the folder Terraform runs in")
    return _clean(path)


def _pathexpand(path: str) -> str:
    if path.startswith("~"):
        raise NotEvaluated("it depends on who runs Terraform")
    return path


def _clean(path: str) -> str:
    # Two slashes in front are one in Go, and something of their own in Python.
    return posixpath.normpath(re.sub(r"^/+", "/", path))


FILE_FUNCTIONS = (
    Function("abspath", (_PATH,), _abspath, STRING),
    Function("basename", (_PATH,), _basename, STRING),
    Function("dirname", (_PATH,), _dirname, STRING),
    Function("file", (_PATH,), _file, STRING, hosted=True),
    Function("fileset", (_PATH, Parameter("pattern", STRING)), _fileset, SetType(STRING), hosted=True),
    Function("filebase64", (_PATH,), _filebase64, STRING, hosted=True),
    _digest("filebase64sha256", "sha256", base64_=True),
    _digest("filebase64sha512", "sha512", base64_=True),
    Function("fileexists", (_PATH,), _fileexists, BOOL, hosted=True),
    _digest("filemd5", "md5"),
    _digest("filesha1", "sha1"),
    _digest("filesha256", "sha256"),
    _digest("filesha512", "sha512"),
    Function("pathexpand", (_PATH,), _pathexpand, STRING),
    Function("templatefile", (_PATH, Parameter("vars")), _templatefile, DYNAMIC, parts=True, hosted=True),
    Function(
        "templatestring", (Parameter("template"), Parameter("vars")), _templatestring, STRING, parts=True, hosted=True
    ),
)
