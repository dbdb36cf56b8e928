"""What of a text may be shown: parts that look like secrets are withheld wherever the text comes from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby, pairwise
from typing import Final

from bbws_readiness.memory import remembered
from bbws_readiness.patterns import LIKE_ASCII, regex

WITHHELD: Final = "(withheld)"

_TOKENS = regex(
    r"(?<![A-Z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}"
    r"|gh[pousr]_[A-Za-z0-9]{20,255}|github_pat_[A-Za-z0-9_]{20,255}"
    r"|glpat-[\w-]{16,255}|xox[abeoprs]-[\w-]{10,255}|xapp-[\w-]{10,255}"
    r"|(?<!\w)AIza[\w-]{35}|(?<!\w)[prs]k_(?:live|test)_[A-Za-z0-9]{16,255}|(?<!\w)sk-[A-Za-z0-9_-]{20,255}"
    r"|(?<!\w)npm_[A-Za-z0-9]{36}|(?<!\w)pypi-[\w-]{20,255}|(?<!\w)hv[bs]\.[\w-]{20,255}|\.atlasv1\.[\w-]{20,255}"
    r"|(?<!\w)SG\.[\w-]{16,64}\.[\w-]{16,64}"
    r"|(?<!\w)eyJ[\w-]{8,4096}\.[\w-]{4,4096}(?:\.[\w-]{0,4096})?"
)
"""Keys and tokens that their makers gave a shape of their own."""
_MARKS = (
    *("AKIA", "ASIA", "AIza", "SG.", "eyJ", "glpat-", "xapp-", "sk-", "npm_", "pypi-", "k_live_", "k_test_"),
    *("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "hvb.", "hvs.", ".atlasv1."),
    "xox",
)
"""Each of them has one of these, which nearly no text has: to look for them first takes a tenth of the time."""

_PRIVATE_KEY = regex(
    r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,20}-----.*?(?:-----END[^-]{0,60}-----|\Z)", re.DOTALL
)
_USER = regex(r"(?<=://)(?:[\w.~%!$&*+;=-]{0,64}:[^\s/@\"'`]{1,256}|[\w.%+-]{16,256})(?=@)")
_HEADER = regex(
    r"(?i)(?<!\w)(authorization[\"']?\s{0,2}[:=]\s{0,2}[\"']?)(?:(?:bearer|basic|digest|token)\s{1,2})?[^\s\"'`,;]{1,4096}"
)
_PAIR = regex(
    r"(?i)(?<![\w.-])(?P<name>[\w.-]{0,60}?(?:password|passwd|passphrase|pwd|secret|token|credential|api_?-?key"
    r"|access_?-?key|private_?-?key|signing_?-?key)[\w.-]{0,20})"
    r"(?P<mark>[\"']?(?:=|\s{0,2}[:=]\s{0,2}(?=[\"'])|:\s(?=[^\s\"'`,;|)}\]]{0,64}\d)))"
    r"(?P<value>\"[^\"\n]{1,512}\"|'[^'\n]{1,512}'|[^\s\"'`,;|)}\]]{4,512})"
)
_ENDS = ("word", "wd", "phrase", "secret", "token", "credential", "key")
"""How a name ends that counts, before what else may stand there."""
_END_OF_PAIR = regex(rf"(?:{'|'.join(_ENDS)})[\w.-]{{0,20}}[\"']?\s{{0,2}}[:=]")
_HARMLESS_VALUE = regex(
    r"(?i)[\"']?(?:\$|\(|<|\{|%|\*|(?:var|local|module|data|secrets|vars|env|each|random_\w+|aws_\w+)\.|arn:"
    r"|(?:true|false|none|null|inherit|write|read|required|optional|string|number|bool)[\"']?\Z)"
    r"|(?-i:E[1-9][0-9]{2}:\Z)"  # a code of ours behind the name of a project: `secret: E705: nothing to assess`
)

_RUN = regex(r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{20,4096}={0,2}")
_END = regex(r"[^A-Za-z0-9+/]")
"""What ends one; in what is too long for it, no other begins."""
_LONG = "a" * 20
"""How each run begins when all its characters are made alike: so it is found in a tenth of the time."""
_HASH = regex(r"[0-9a-f]+\Z|[0-9A-F]+\Z")
_DIGESTS = frozenset({(22, 2), (27, 1), (43, 1), (86, 2)})
"""Characters and padding of MD5, SHA-1, SHA-256 and SHA-512 in base64."""
_HASH_MARK = regex(r"(?:h1:|sha(?:256|384|512)[-:])\Z")


def disclosed(text: str) -> str:
    """`text` with every part that looks like a secret replaced by `WITHHELD`; nearly always the text itself.

    Names, ARNs, account ids, UUIDs, hashes, paths and versions are no secrets.
    """
    return text if len(text) < _SHORTEST else _disclosed(text)


@remembered
def _disclosed(text: str) -> str:
    shown = answered(text)
    return _RUN.sub(_run, shown) if _LONG in shown.translate(_ALIKE) else shown


def answered(text: str) -> str:
    """`text` as `disclosed`, but that what merely looks random stays: it was asked for, and may be computed."""
    shown = _PRIVATE_KEY.sub(WITHHELD, text) if "-----BEGIN" in text else text
    shown = _TOKENS.sub(WITHHELD, shown) if _may_have_token(shown) else shown
    shown = _USER.sub(WITHHELD, shown) if "://" in shown else shown
    if "=" not in shown and ":" not in shown:  # then neither of both is there
        return shown
    small = shown.lower()
    # Of these letters a pattern takes more for the same than `lower` does.
    unsure = not shown.isascii() and any(letter in shown for letter in LIKE_ASCII)
    if unsure or "authorization" in small:
        shown = _HEADER.sub(lambda found: found[1] + WITHHELD, shown)
    if unsure or _may_have_pair(small):
        shown = _PAIR.sub(_pair, shown)
    return shown


def _may_have_pair(small: str) -> bool:
    """Whether a `_PAIR` could match a text without capitals: the end of a name that counts, and a mark behind it."""
    return _END_OF_PAIR.search(small) is not None


_SHORTEST = len("pwd=abcd")


def tokens(text: str) -> Iterator[tuple[int, str]]:
    """Every key or token whose maker gave it a shape of its own, with the position where it begins."""
    return ((found.start(), found[0]) for found in _TOKENS.finditer(text)) if _may_have_token(text) else iter(())


def _may_have_token(text: str) -> bool:
    for mark in _MARKS:  # noqa: SIM110 - a third of the time of `any`, for nearly every text of a run
        if mark in text:
            return True
    return False


def private_keys(text: str) -> Iterator[tuple[int, str]]:
    """Every private key in its armour, as far as that is closed, with the position where it begins."""
    return ((found.start(), found[0]) for found in _PRIVATE_KEY.finditer(text)) if "-----BEGIN" in text else iter(())


def user_infos(text: str) -> Iterator[tuple[int, str]]:
    """What stands between `://` and `@` in addresses, with the position where it begins."""
    return ((found.start(), found[0]) for found in _USER.finditer(text)) if "://" in text else iter(())


def is_random(run: str) -> bool:
    """Whether a run of letters, digits and signs of base64 looks like a key rather than a name."""
    return _RUN.fullmatch(run) is not None and _is_random(run)


def looks_secret(text: str) -> bool:
    """Whether a part of `text` would be withheld."""
    return disclosed(text) != text


def any_secret(texts: Iterable[str]) -> bool:
    """Whether `looks_secret` holds for one of the texts; looked at together, which takes a fraction of the time."""
    every = list(texts)
    whole = _BETWEEN.join(every)
    if not whole.isascii():
        if any(looks_secret(text) for text in every if not text.isascii()):
            return True
        whole = _BETWEEN.join(filter(str.isascii, every))
    return any(looks_secret(text) for places in _suspects(whole) for text in _texts_at(places, whole))


_BETWEEN = "\n\n\n"
"""No pattern but that of a private key, which begins with marks of its own, goes beyond so many line ends."""


def _suspects(whole: str) -> Iterator[Iterator[int]]:
    """Where something in an ASCII text begins that each pattern needs: what has none of it is shown as it is."""
    small = whole.lower()
    yield from (_stands(mark, whole) for mark in (*_MARKS, "://", "-----BEGIN"))
    yield _stands("authorization", small)
    yield from ((place for place in _stands(end, small) if _END_OF_PAIR.match(small, place)) for end in _ENDS)
    yield (found.start() for found in _runs(whole) if _run(found) == WITHHELD)


def _stands(mark: str, whole: str) -> Iterator[int]:
    place = whole.find(mark)
    while place >= 0:
        yield place
        place = whole.find(mark, place + 1)


def _runs(whole: str) -> Iterator[re.Match[str]]:
    """What `_RUN` finds in the text."""
    alike = whole.translate(_ALIKE)
    place = alike.find(_LONG)
    while place >= 0:
        if found := _RUN.match(whole, place):
            yield found
        place = alike.find(_LONG, len(whole) if (end := _END.search(whole, place)) is None else end.start())


def _texts_at(places: Iterable[int], whole: str) -> Iterator[str]:
    """Of the texts that were joined those in which the places, which ascend, lie: each of them once."""
    end = -1
    for place in places:
        if place > end:
            start = whole.rfind(_BETWEEN, 0, place)
            end = whole.find(_BETWEEN, place)
            end = len(whole) if end < 0 else end
            yield whole[start + len(_BETWEEN) if start >= 0 else 0 : end]


def _pair(found: re.Match[str]) -> str:
    if not names_secret(found["name"]) or _HARMLESS_VALUE.match(found["value"]):
        return found[0]
    quote = found["value"][0] if found["value"][0] in "\"'" else ""
    return f"{found['name']}{found['mark']}{quote}{WITHHELD}{quote}"


def _run(found: re.Match[str]) -> str:
    before = found.string[max(0, found.start() - 8) : found.start()]
    return found[0] if _HASH_MARK.search(before) or not _is_random(found[0]) else WITHHELD


@remembered
def _is_random(run: str) -> bool:
    """Whether letters and digits of both cases follow one another as they do in no name: at every second step."""
    body = run.rstrip("=")
    if _HASH.match(body) or (len(body), len(run) - len(body)) in _DIGESTS:
        return False
    # A path has words between its slashes; base64 has them now and then only.
    words = [word for word in body.split("/") if word]
    longest = max(words, key=len, default="")
    if len(words) > 1 and len(longest) < _WORD and not (len(body) == _AWS_SECRET and _is_mixed(body, words)):
        return False
    kinds = body.translate(_KINDS)
    if _in_words(kinds) >= _MOSTLY * len(kinds):
        return False
    if set("Aa0") <= set(kinds):
        groups = sum(kind == "0" for kind, _ in groupby(kinds))
        return groups >= 2 and _changes(kinds) >= _OFTEN * len(kinds)
    digits = sum(kind == "0" for kind, _ in groupby(kinds))
    return set("a0") <= set(kinds) and len(body) >= 24 and digits >= 4 and _changes(kinds) >= _OFTEN * len(kinds)


_WORD = 16
_AWS_SECRET = 40
_OFTEN = 0.38
_MOSTLY = 0.55


def _is_mixed(body: str, words: list[str]) -> bool:
    return len(words) <= 4 and _changes(body.translate(_KINDS)) >= _OFTEN * len(body)


def _in_words(kinds: str) -> int:
    """Characters that stand among three or more of their kind, as in words and years."""
    lengths = (len(list(group)) for _, group in groupby(kinds))
    return sum(length for length in lengths if length >= 3)


def _changes(kinds: str) -> int:
    return sum(first != second for first, second in pairwise(kinds))


_KINDS = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/", "a" * 26 + "A" * 26 + "0" * 10 + "++"
)
"""Of each character that a run has, what it is like: one sign for small letters, capitals, digits and marks."""
_ALIKE = dict.fromkeys(_KINDS, "a")
"""The same with one sign for all of them."""


_SECRET_WORDS = frozenset(
    {
        *("password", "passwd", "passphrase", "pwd", "secret", "token", "credential", "credentials"),
        *("apikey", "authorization", "passcode", "pat"),
    }
)
_SECRET_PAIRS = frozenset(
    {
        *(("api", "key"), ("access", "key"), ("private", "key"), ("signing", "key"), ("auth", "key")),
        *(("shared", "key"), ("account", "key"), ("connection", "string"), ("user", "data")),
        *(("container", "definitions"), ("environment", "variables")),
    }
)
_HARMLESS_ENDS = frozenset(
    {
        *("arn", "arns", "name", "names", "id", "ids", "path", "paths", "file", "type", "ttl", "policy", "length"),
        *("size", "count", "version", "versions", "enabled", "required", "expiry", "expiration", "rotation", "days"),
        *("alias", "region", "role", "table", "bucket", "seconds", "minutes", "hours", "duration", "validity"),
        *(
            "lambda",
            "function",
            "rules",
            "format",
            "source",
            "store",
            "manager",
            "prefix",
            "suffix",
            "change",
            "replace",
        ),
    }
)
_SPLIT = regex(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+")


def names_secret(name: str) -> bool:
    """Whether the name of an argument, variable, tag or key says that its value is a secret: `db_password`, `apiKey`.

    What tells of a secret without being one is none: `secret_arn`, `password_length`, `token_ttl`.
    """
    words = [word.lower() for word in _SPLIT.split(name) if word]
    if not words or words[-1] in _HARMLESS_ENDS:
        return False
    return not _SECRET_WORDS.isdisjoint(words) or any(pair in _SECRET_PAIRS for pair in pairwise(words))
