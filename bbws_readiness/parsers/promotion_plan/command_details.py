"""Reads what the words of one command mean: terraform options, tables and attributes, files, workflows, changes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType

from msgspec.structs import replace

from bbws_readiness.fact import Fact
from bbws_readiness.model.plan_commands import TableUse, TerraformUse, WorkflowStart
from bbws_readiness.model.plans import Command
from bbws_readiness.parsers.promotion_plan.markdown import Document
from bbws_readiness.parsers.workflows.words import LITERAL_DOLLAR, Word
from bbws_readiness.patterns import regex

_NAME = regex(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,254}")
_PATH = regex(r"[\w./@-]{1,200}")
_VARIABLE = regex(r"\$\{?([A-Za-z_]\w*)\}?")
_ARN_ACCOUNT = regex(r"\barn:aws[\w-]*:[\w-]*:[\w-]*:(\d{12}):")
_REGION = regex(r"[a-z]{2}(?:-[a-z]{2,20}){1,3}-\d")
_SCRIPT = regex(r"(?:\./)?[\w./-]{1,200}\.(?:sh|py|js|ts|rb)")
_ATTRIBUTE = regex(r'"([A-Za-z_#][\w.#-]{0,254})"\s*:\s*\{\s*"(?:SS|NS|BS|BOOL|NULL|[SNBML])"')
_COMPARED = regex(
    r"(?<![\w#:])(?:begins_with\s{0,5}\(\s{0,5})?(#?[A-Za-z_]\w{0,254})(?:\s{0,5}(?:=|<|>)|\s{1,5}BETWEEN\b|\s{0,5},)",
    re.IGNORECASE,
)
"""An attribute in front of a comparison, or the first argument of a function."""
_TAKES_VALUE = frozenset(
    {"var", "var-file", "backend-config", "target", "replace", "out", "state", "lock-timeout", "parallelism", "chdir"}
)
"""Options of terraform whose value may stand behind them as a word of its own."""
_EXPRESSIONS = tuple(
    f"--{name}-expression" for name in ("key-condition", "filter", "projection", "update", "condition")
)
_SPOKEN = regex(r"(?<![\w#:$])([A-Za-z_]\w{0,254})\b(?!\s{0,5}\()")
"""A name without an alias that is no function."""
_SYNTAX = frozenset({"AND", "OR", "NOT", "BETWEEN", "IN", "SET", "REMOVE", "ADD", "DELETE"})
_INTERPRETERS = frozenset({"bash", "sh", "python", "python3", "node", "source", "."})
_CHANGING = regex(
    r"(?:create|put|update|delete|modify|attach|detach|enable|disable|add|remove|register|deregister|tag|untag)-[a-z-]+"
)
_DATA = frozenset(
    {"put-item", "update-item", "delete-item", "put-object", "delete-object", "delete-objects", "delete-message"}
    | {"put-events", "put-record", "put-records", "put-metric-data", "create-invalidation", "create-deployment"}
)
"""Commands that change data or start something; Terraform owns none of it."""


def detailed(
    document: Document,
    command: Command,
    words: Sequence[Word],
    loops: Mapping[str, Sequence[Word]],
    variables: Mapping[str, str] = MappingProxyType({}),
) -> Command:
    """`command` with what its words tell; `loops` gives the values of the variables of the loops around it.

    `variables` are those that lines before it have set to a plain word, for the options of terraform.
    Placeholders and values that only the shell knows are left out.
    """
    reader = _Words(document, words, loops, variables)
    name = words[0].text.rpartition("/")[2] if words else ""
    return replace(
        command,
        region=reader.fact("--region", _REGION),
        account=next(reader.accounts(), None),
        terraform=reader.terraform() if name == "terraform" else None,
        table=reader.table() if reader.has("--table-name") else None,
        starts=reader.workflow() if [word.text for word in words[:3]] == ["gh", "workflow", "run"] else None,
        buckets=tuple(reader.buckets()),
        files=tuple(reader.files()),
        scripts=tuple(reader.scripts()),
        changes=reader.changes() if name == "aws" else "",
        platform=reader.platform(name),
    )


class _Words:
    """The words of one command, asked for its options."""

    def __init__(
        self,
        document: Document,
        words: Sequence[Word],
        loops: Mapping[str, Sequence[Word]],
        variables: Mapping[str, str],
    ) -> None:
        self._document = document
        self._variables = {name: value for name, value in variables.items() if name not in loops}
        self._words = words
        self._texts = [word.text for word in words]
        self._options = [(position, text) for position, text in enumerate(self._texts) if text.startswith("-")]
        self._loops = loops

    def has(self, option: str) -> bool:
        """Whether the option is given."""
        return any(text == option or text.startswith(f"{option}=") for _, text in self._options)

    def _values(self, *options: str) -> Iterator[Word]:
        for position, text in self._options:
            if not text.startswith(options):
                continue
            word = self._words[position]
            if text in options and position + 1 < len(self._words):
                yield self._words[position + 1]
            for option in options:
                if text.startswith(f"{option}="):
                    yield Word(word.raw[len(option) + 1 :], word.line)

    def _fact(self, word: Word) -> Fact[str]:
        return self._document.fact(word.text, word.line)

    def _put_in(self, word: Word) -> str:
        """The word with the variables whose values are known."""
        raw = _VARIABLE.sub(lambda found: self._variables.get(found[1], found[0]), word.raw)
        return raw.replace(LITERAL_DOLLAR, "$")

    def _path(self, word: Word) -> Iterator[Fact[str]]:
        """The path that the word is, placed where it is written."""
        path = self._put_in(word)
        if _PATH.fullmatch(path):
            yield self._document.fact(path, word.line, word.text)

    def _expanded(self, word: Word) -> Sequence[Word]:
        loop = _VARIABLE.fullmatch(word.text)
        return self._loops.get(loop[1], ()) if loop else (word,)

    def fact(self, option: str, form: re.Pattern[str] = _NAME) -> Fact[str] | None:
        """The first value of the option that has the form."""
        return next((self._fact(word) for word in self._values(option) if form.fullmatch(word.text)), None)

    def accounts(self) -> Iterator[Fact[str]]:
        """Account ids in ARNs."""
        for word, text in zip(self._words, self._texts, strict=True):
            for found in _ARN_ACCOUNT.finditer(text) if "arn:aws" in text else ():
                yield self._document.fact(found[1], word.line)

    def terraform(self) -> TerraformUse | None:
        """The command with its options; None for `terraform` alone."""
        operands = [
            word
            for before, word in pairwise(self._words)
            if not word.text.startswith("-") and before.text.lstrip("-") not in _TAKES_VALUE
        ]
        if not operands:
            return None
        verb = operands[0].text
        workspace = None
        if verb == "workspace" and len(operands) > 2 and operands[1].text in ("select", "new"):
            workspace = self._fact(operands[2]) if _NAME.fullmatch(operands[2].text) else None
        out = next((self._fact(word) for word in self._values("-out", "--out") if _PATH.fullmatch(word.text)), None)
        if verb == "apply" and len(operands) > 1 and _PATH.fullmatch(operands[1].text):
            out = self._fact(operands[1])
        configured = list(self._values("-backend-config", "--backend-config"))
        settings = ((*word.text.partition("="), word) for word in configured)
        files = list(self._values("-var-file", "--var-file"))
        given = list(self._values("-var", "--var"))
        names = [word.text.partition("=")[0] for word in given]
        return TerraformUse(
            verb=verb,
            workspace=workspace,
            backend_files=tuple(fact for word in configured for fact in self._path(word)),
            without_backend=self.has("-backend=false") or self.has("--backend=false"),
            folder=next((self._fact(word) for word in self._values("-chdir", "--chdir")), None),
            partly=not all(_PATH.fullmatch(self._put_in(word)) for word in files)
            or not all(_NAME.fullmatch(name) for name in names)
            or any("=" not in word.text and not _PATH.fullmatch(self._put_in(word)) for word in configured)
            or any(word.text.startswith(("$", "<", "`")) for word in self._words),
            backend={
                key: self._document.fact(value, word.line) for key, equals, value, word in settings if equals and value
            },
            var_files=tuple(fact for word in files for fact in self._path(word)),
            variables=tuple(
                self._document.fact(name, word.line)
                for name, word in zip(names, given, strict=True)
                if _NAME.fullmatch(name)
            ),
            targets=tuple(self._fact(word) for word in self._values("-target")),
            plan_file=out,
        )

    def table(self) -> TableUse:
        """Tables and attributes of an `aws dynamodb` command."""
        named = [one for word in self._values("--table-name") for one in self._expanded(word)]
        key, partly = self._attributes("--key")
        item, more = self._attributes("--item")
        aliases = self._aliases()
        text = next((word.text for word in self._values("--key-condition-expression")), "")
        compared = _COMPARED.findall(text[:2000])
        return TableUse(
            tables=tuple(self._fact(word) for word in named if _NAME.fullmatch(word.text)),
            index=self.fact("--index-name"),
            key=key,
            item=item,
            queried=tuple(dict.fromkeys(aliases.get(name, name) for name in compared)),
            aliases=aliases,
            partly=partly or more,
            has_key=self.has("--key"),
            has_item=self.has("--item"),
            unaliased=tuple(dict.fromkeys(self._unaliased())),
        )

    def _unaliased(self) -> Iterator[str]:
        for word in self._values(*_EXPRESSIONS):
            for found in _SPOKEN.finditer(word.text[:2000]):
                if found[1].upper() not in _SYNTAX:
                    yield found[1]

    def _attributes(self, option: str) -> tuple[tuple[str, ...], bool]:
        """The members of the JSON object behind the option, and whether some of it is no JSON, or a command's."""
        raw = next((word.raw for word in self._values(option)), "")
        text = raw.replace(LITERAL_DOLLAR, "$")
        if not text.startswith("{"):
            return (), bool(text)
        try:
            parsed = None if "$(" in raw else json.loads(text)
        except (ValueError, RecursionError):
            parsed = None
        if parsed is None:
            return tuple(dict.fromkeys(_ATTRIBUTE.findall(text))), True
        return (tuple(str(name) for name in parsed), False) if isinstance(parsed, dict) else ((), True)

    def _aliases(self) -> dict[str, str]:
        text = next((word.text for word in self._values("--expression-attribute-names")), "")
        try:
            parsed = json.loads(text) if text.startswith("{") else {}
        except (ValueError, RecursionError):
            return {}
        return {name: value for name, value in parsed.items() if isinstance(value, str)}

    def workflow(self) -> WorkflowStart | None:
        """A `gh workflow run`; None when only the shell knows its name, or GitHub: a number, another repository."""
        before = [word.text for word in self._words[2:]]
        operands = (
            word
            for previous, word in zip(before, self._words[3:], strict=False)
            if not word.text.startswith("-") and (not previous.startswith("-") or "=" in previous)
        )
        operand = next(operands, None)
        if operand is None or not re.fullmatch(r"[\w./ -]{1,200}", operand.text) or operand.text.isdigit():
            return None
        if next(self._values("-R", "--repo"), None):
            return None
        given = list(self._values("-f", "--field", "-F", "--raw-field"))
        names = [(word.text.partition("=")[0], word.line) for word in given]
        return WorkflowStart(
            name=self._fact(operand),
            ref=next((word.text for word in self._values("--ref", "-r")), ""),
            inputs=tuple(self._document.fact(name, line) for name, line in names if _NAME.fullmatch(name)),
            inputs_known=not self.has("--json") and all(_NAME.fullmatch(name) for name, _ in names),
        )

    def buckets(self) -> Iterator[Fact[str]]:
        """Buckets behind `--bucket` and in `s3://` addresses."""
        for word in self._values("--bucket"):
            yield from (self._fact(one) for one in self._expanded(word) if _NAME.fullmatch(one.text))
        for word, text in zip(self._words, self._texts, strict=True):
            if text.startswith("s3://"):
                name = text[5:].partition("/")[0]
                variable = _VARIABLE.fullmatch(name)
                for one in self._loops.get(variable[1], ()) if variable else (Word(name, word.line),):
                    if _NAME.fullmatch(one.text):
                        yield self._fact(one)

    def files(self) -> Iterator[Fact[str]]:
        """Relative files that `file://` refers to."""
        for word, text in zip(self._words, self._texts, strict=True):
            _, mark, path = text.partition("file://")
            if mark and _PATH.fullmatch(path) and not path.startswith("/"):
                yield self._document.fact(path, word.line)

    def scripts(self) -> Iterator[Fact[str]]:
        """A script that is the command, or the first operand of an interpreter."""
        if not self._words:
            return
        first = self._words[0]
        candidates = [first] if first.text.startswith("./") else []
        if first.text in _INTERPRETERS:
            candidates = [word for word in self._words[1:] if not word.text.startswith("-")][:1]
        for word in candidates:
            if _SCRIPT.fullmatch(word.text):
                yield self._fact(word)

    def changes(self) -> str:
        """The operation that changes AWS beside Terraform, or empty."""
        operation = self._words[2].text if len(self._words) > 2 else ""
        if not _CHANGING.fullmatch(operation) or operation in _DATA:
            return ""
        return f"{operation} --replica-updates" if self.has("--replica-updates") else operation

    def platform(self, name: str) -> str:
        """A form that works on one platform only, or empty."""
        texts = self._texts
        spoken = " ".join(texts)
        if name == "watch":
            return "watch"
        if "date -d" in spoken or "date --date" in spoken:
            return "date -d"
        if "date -v" in spoken and re.search(r"\bdate -v\s?[+-]?\d", spoken):
            return "date -v"
        if name == "sed" and any(first == "-i" and not second for first, second in pairwise(texts)):
            return "sed -i ''"
        return ""
