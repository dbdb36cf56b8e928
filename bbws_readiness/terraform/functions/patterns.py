"""Functions with regular expressions: Terraform's dialect (RE2), run only where it surely means and costs the same."""

from __future__ import annotations

import re

from bbws_readiness.terraform.functions.spec import Function, FunctionError, NotEvaluated, Parameter
from bbws_readiness.terraform.limits import MAX_PATTERN, MAX_SUBJECT, check_elements, check_length
from bbws_readiness.terraform.types import STRING, TupleType, Type, object_type
from bbws_readiness.terraform.values import Value, list_of, object_of, string, tuple_of

_CLASSES = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "digit": "0-9",
    "lower": "a-z",
    "punct": r"!-/:-@\[-`{-~",
    "space": r"\t\n\v\f\r ",
    "upper": "A-Z",
    "word": r"0-9A-Za-z_",
    "xdigit": "0-9A-Fa-f",
}
_QUANTIFIER = re.compile(r"(?:[*+?]|\{(\d+)(,?)(\d*)\})\??")
_GROUP = re.compile(r"\((?:\?(?:P?<([A-Za-z_]\w*)>|([a-zA-Z]*)(:)|([a-zA-Z]+)(\))))?")


def compile_pattern(pattern: str, subject: str) -> re.Pattern[str]:
    """The pattern for Python's engine.

    Raises `FunctionError` for what RE2 refuses, and `NotEvaluated` for what could mean something else here or
    could take more than linear time on `subject`.
    """
    if len(pattern) > MAX_PATTERN:
        raise FunctionError(f"pattern longer than {MAX_PATTERN} characters")
    if len(subject) > MAX_SUBJECT:
        raise NotEvaluated(f"a pattern is not applied to more than {MAX_SUBJECT} characters")
    translation = _Translation(pattern)
    translated = translation.run()
    if translation.open_ended > 3 and len(subject) > 1000:
        raise NotEvaluated("the pattern could take very long on this text")
    try:
        return re.compile(translated, re.ASCII)
    except (re.error, OverflowError, RecursionError):
        raise FunctionError("invalid pattern") from None


class _Translation:
    """Walks a pattern once, writes it in Python's dialect and notes what could make it slow."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._position = 0
        self.open_ended = 0
        self._groups: list[bool] = [False]
        self._named = self._unnamed = False

    def run(self) -> str:
        out: list[str] = []
        closed_variable = False
        while self._position < len(self._pattern):
            character = self._pattern[self._position]
            quantifier = _QUANTIFIER.match(self._pattern, self._position)
            if quantifier and out:
                out.append(self._quantifier(quantifier, after_variable=closed_variable))
                closed_variable = False
                continue
            closed_variable = False
            if character == "(":
                out.append(self._open())
            elif character == ")":
                if len(self._groups) == 1:
                    raise FunctionError("invalid pattern: unexpected )")
                closed_variable = self._groups.pop()
                self._groups[-1] = self._groups[-1] or closed_variable
                out.append(")")
                self._position += 1
            elif character == "[":
                out.append(self._class())
            elif character == "\\":
                out.append(self._escape())
            else:
                if character == "|":
                    self._groups[-1] = True
                out.append(r"\Z" if character == "$" else character)
                self._position += 1
        if len(self._groups) > 1:
            raise FunctionError("invalid pattern: missing closing )")
        if self._named and self._unnamed:
            raise FunctionError("the pattern mixes named and unnamed groups")
        return "".join(out)

    def _quantifier(self, match: re.Match[str], *, after_variable: bool) -> str:
        text = match.group()
        largest = int(match[3] or match[1]) if match[1] else 0
        if largest > 1000:
            raise FunctionError("invalid pattern: repetition above 1000")
        self._position = match.end()
        repeats = text[0] in "*+" or largest > 1 or bool(match[2] and not match[3])
        if repeats and after_variable:
            raise NotEvaluated("the pattern could take very long: it repeats a part that varies itself")
        if text[0] in "*+" or (match[2] and not match[3]):
            self.open_ended += 1
        if text[0] in "*+" or match[2]:
            self._groups[-1] = True
        if text[0] == "?":
            self._groups[-1] = True
        if self._position < len(self._pattern) and self._pattern[self._position] in "*+?":
            raise FunctionError("invalid pattern: repeated repetition")
        return text

    def _open(self) -> str:
        match = _GROUP.match(self._pattern, self._position)
        if match is None or (self._pattern.startswith("(?", self._position) and match.group() == "("):
            raise FunctionError("invalid pattern: not valid RE2 after (?")
        self._position = match.end()
        if match[5]:
            if self._position != len(match.group()) or not set(match[4]) <= set("is"):
                raise NotEvaluated("flags inside a pattern are not evaluated")
            return match.group()
        if match[3]:
            if not set(match[2]) <= set("is"):
                raise NotEvaluated("flags inside a pattern are not evaluated")
            self._groups.append(False)
            return f"(?{match[2]}:"
        self._groups.append(False)
        if match[1]:
            self._named = True
            return f"(?P<{match[1]}>"
        self._unnamed = True
        return "("

    def _class(self) -> str:
        end = self._position + 1
        out = ["["]
        if self._pattern.startswith("^", end):
            out.append("^")
            end += 1
        first = True
        while end < len(self._pattern) and (first or self._pattern[end] != "]"):
            named = re.match(r"\[:(\^?)([a-z]+):\]", self._pattern[end : end + 14])
            if named:
                if named[1] or named[2] not in _CLASSES:
                    raise NotEvaluated("this character class is not evaluated")
                out.append(_CLASSES[named[2]])
                end += named.end()
            elif self._pattern[end] == "\\":
                if self._pattern[end + 1 : end + 2] in set("pPCQEzx123456789"):
                    raise NotEvaluated("this escape is not evaluated")
                out.append(self._pattern[end : end + 2])
                end += 2
            else:
                character = self._pattern[end]
                out.append("\\" + character if character in "[]&|~" else character)
                end += 1
            first = False
        if end >= len(self._pattern):
            raise FunctionError("invalid pattern: missing closing ]")
        self._position = end + 1
        return "".join(out) + "]"

    def _escape(self) -> str:
        character = self._pattern[self._position + 1 : self._position + 2]
        self._position += 2
        if not character:
            raise FunctionError("invalid pattern: trailing backslash")
        if character == "z":
            return r"\Z"
        if character in "123456789Z":
            raise FunctionError("invalid pattern: not valid RE2 escape")
        if character in "pPCQEx0":
            raise NotEvaluated("this escape is not evaluated")
        if character.isalpha() and character not in "dDwWsSbBAfnrtva":
            raise FunctionError("invalid pattern: not valid RE2 escape")
        return "\\" + character


def _groups(match: re.Match[str]) -> Value:
    """The whole match, or its groups; a group that took no part is a null string."""
    if match.re.groupindex:
        return object_of({name: Value(STRING, text) for name, text in match.groupdict().items()})
    if match.re.groups:
        return tuple_of(Value(STRING, text) for text in match.groups())
    return string(match.group())


def _regex(pattern: str, text: str) -> Value:
    match = compile_pattern(pattern, text).search(text)
    if match is None:
        raise FunctionError("the pattern does not match")
    return _groups(match)


def _regexall(pattern: str, text: str) -> Value:
    compiled = compile_pattern(pattern, text)
    found: list[Value] = []
    for match in compiled.finditer(text):
        found.append(_groups(match))
        check_elements(len(found))
    return list_of(_result_type(compiled), found)


def _result_type(compiled: re.Pattern[str]) -> Type:
    if compiled.groupindex:
        return object_type(dict.fromkeys(compiled.groupindex, STRING))
    return TupleType((STRING,) * compiled.groups) if compiled.groups else STRING


def _replace(text: str, substring: str, replacement: str) -> str:
    if len(substring) > 1 and substring.startswith("/") and substring.endswith("/"):
        compiled = compile_pattern(substring[1:-1], text)
        return compiled.sub(lambda match: _expand(replacement, match), text)
    check_length(len(text) + text.count(substring) * max(len(replacement) - len(substring), 0))
    return text.replace(substring, replacement)


def _expand(template: str, match: re.Match[str]) -> str:
    """Go's expansion of `$1`, `$name` and `${name}`; what names no group is empty."""

    def group(reference: re.Match[str]) -> str:
        if reference[0] == "$$":
            return "$"
        name = reference[1] or reference[2]
        try:
            return match[int(name) if name.isdigit() else name] or ""
        except (IndexError, KeyError):
            return ""

    return re.sub(r"\$\$|\$\{(\w+)\}|\$(\w+)", group, template, flags=re.ASCII)


_PATTERN = Parameter("pattern", STRING)
_SUBJECT = Parameter("string", STRING)

PATTERN_FUNCTIONS = (
    Function("regex", (_PATTERN, _SUBJECT), _regex),
    Function("regexall", (_PATTERN, _SUBJECT), _regexall),
    Function("replace", (_SUBJECT, Parameter("substring", STRING), Parameter("replace", STRING)), _replace, STRING),
)
