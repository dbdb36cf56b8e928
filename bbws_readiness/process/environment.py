"""Takes credentials out of the environment, and keeps their values out of everything that is written or printed."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from bbws_readiness.patterns import regex

SHORTEST = 8
"""Characters of a value that is looked for in texts; a shorter one would be found in every second word."""
SHORTEST_LINE = 16
"""The same for a line of a value of several lines, such as a private key."""

WITHHELD = "(withheld)"

_CREDENTIAL = regex(
    r"(?:.*_)?(?:TOKEN|PAT|PASSWORD|PASSWD|PASSPHRASE|PWD_?HASH|CREDENTIALS?|PRIVATE_?KEY|API_?KEY|ACCESS_?KEY)"
    r"|.*(?:SECRET|PASSWORD).*"
    r"|ACTIONS_.*TOKEN.*"
    r"|.*_KEY"
    r"|AWS_(?:ACCESS_KEY_ID|SECURITY_TOKEN)"
)
"""Names, in capitals, of variables whose values are credentials: removed, and withheld wherever they turn up."""
_REMOVED = regex(r"AWS_.*|ACTIONS_(?:ID_TOKEN_REQUEST|RUNTIME|CACHE|RESULTS)_.*")
"""Further names that are removed; their values (a region, an address) are no secrets and may stand in a document."""
_GIVEN = "TF_VAR_"
"""Variables of Terraform stay for --tf-vars, and only what is surely a credential is withheld: `hash_key` is not."""
_SURELY = regex(
    r".*(?:TOKEN|SECRET|PASSWORD|PASSPHRASE).*|(?:.*_)?(?:API|ACCESS|PRIVATE|SIGNING|ENCRYPTION|LICENSE)_?KEY"
)

POSTING = ("GITHUB_TOKEN", "GH_TOKEN")
"""The variables, the first that is set, with whose token a run comments that is told to."""

_values: list[str] = []
_posting: list[str] = []
"""The one token that may be asked for, at most."""
_pattern: re.Pattern[str] | None = None


def withhold_credentials() -> None:
    """Removes every variable that holds a credential; its value is remembered for `scrub`.

    To be called before anything is read. Programs that are started later do not inherit them either.
    """
    found = set(_values)
    _posting[:] = [value for name in POSTING if (value := os.environ.get(name, "").strip())][:1]
    for name, value in list(os.environ.items()):
        capitals = name.upper()
        if capitals.startswith(_GIVEN):
            if _SURELY.fullmatch(capitals.removeprefix(_GIVEN)):
                found.add(value)
            continue
        if _CREDENTIAL.fullmatch(capitals):
            found.add(value)
            del os.environ[name]
        elif _REMOVED.fullmatch(capitals):
            del os.environ[name]
    remember(found)


def take_posting_token() -> str:
    """The token for GitHub that the environment held, once: empty when there was none, and from the second time on.

    To be called when everything of the project has been read and every program has ended. It stays among what is
    withheld.
    """
    return _posting.pop() if _posting else ""


def remember(values: set[str]) -> None:
    """Makes exactly these the values that are withheld."""
    global _pattern
    _values[:] = sorted(value for value in values if len(value) >= SHORTEST)
    _pattern = None


def secrets() -> tuple[str, ...]:
    """The values of the credentials that the environment held, those of `SHORTEST` characters and more, ordered."""
    return tuple(_values)


def scrub(text: str) -> str:
    """`text` with every credential of the environment, plain or encoded, replaced: the last line before an exit.

    Encoded means base64 at any offset, hexadecimal, quoted for an address, and escaped for JSON.
    """
    global _pattern
    if not _values:
        return text
    if _pattern is None:
        forms = {form for value in _values for form in _forms(value)}
        _pattern = re.compile("|".join(re.escape(form) for form in sorted(forms, key=lambda form: (-len(form), form))))
    return _pattern.sub(WITHHELD, text)


def _forms(value: str) -> Iterator[str]:
    """Every way in which `value` may stand in a text, each at least `SHORTEST` characters long."""
    lines = [line for line in value.splitlines() if len(line) >= SHORTEST_LINE] if "\n" in value else []
    for plain in (value, value.strip(), *lines):
        if len(plain) >= SHORTEST:
            yield plain
            yield from (form for form in _encoded(plain) if len(form) >= SHORTEST)


def _encoded(plain: str) -> Iterator[str]:
    import base64
    import json
    from urllib.parse import quote, quote_plus

    data = plain.encode("utf-8", "surrogateescape")
    yield from (data.hex(), data.hex().upper())
    yield from (quote(data), quote(data, safe=""), quote_plus(data), quote(data, safe="").lower())
    yield from (json.dumps(plain)[1:-1], json.dumps(plain, ensure_ascii=False)[1:-1])
    for offset in range(3):
        # Within a longer text the value begins at any of three bit positions; what its neighbours decide is cut off.
        body = base64.b64encode(bytes(offset) + data).decode()
        middle = body[(0, 2, 3)[offset] : len(body) - (0, 3, 2)[(offset + len(data)) % 3]]
        yield from (middle, middle.replace("+", "-").replace("/", "_"))
    whole = base64.b64encode(data).decode()
    yield from (whole, whole.replace("+", "-").replace("/", "_"))
