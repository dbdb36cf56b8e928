"""Looks through the files of a project for secrets, and tells kind and place of each."""

from __future__ import annotations

import base64
import binascii
import json
import posixpath
import re
from collections import Counter
from collections.abc import Iterable, Iterator

from bbws_readiness.cache.results import kept as recorded
from bbws_readiness.codes import Code
from bbws_readiness.disclosure import is_random, names_secret, private_keys, tokens, user_infos
from bbws_readiness.memory import read_once
from bbws_readiness.model.secrets import Secret, SecretSearch, UnreadFile
from bbws_readiness.parsers.kept import codec
from bbws_readiness.patterns import regex
from bbws_readiness.project import Project, lies_in
from bbws_readiness.reader import Reader
from bbws_readiness.source import Location, Refused, Source

MAX_OF_A_KIND = 3
"""Places of one kind that are told of one file."""
MAX_LINE = 5000
"""Characters of a line in which assignments are looked for; longer ones are made by programs."""

_BINARY = frozenset(
    {".png", ".jpg", ".jpeg", ".gif", ".ico", ".webp", ".bmp", ".pdf", ".woff", ".woff2", ".ttf", ".otf", ".eot"}
    | {".zip", ".gz", ".tgz", ".xz", ".bz2", ".7z", ".jar", ".war", ".whl", ".exe", ".dll", ".so", ".dylib", ".bin"}
    | {".class", ".pyc", ".parquet", ".xlsx", ".docx", ".pptx", ".sqlite", ".db", ".mp3", ".mp4", ".mov"}
)
_LOCKS = frozenset({"package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "go.sum", ".terraform.lock.hcl"})
_NO_TEXT = frozenset({Code.NOT_TEXT, Code.NOT_UTF8, Code.NUL, Code.LFS_POINTER, Code.MISSING})
_STORES = (".p12", ".pfx", ".jks", ".keystore", ".kdbx", ".ppk")
_CREDENTIALS = frozenset({".git-credentials", ".netrc", "_netrc", ".pgpass", ".vault-token"})
_SSH_KEY = regex(r"id_(?:rsa|dsa|ecdsa|ed25519)")
_SAMPLE = regex(r"\.env(?:\.\w{1,20})?\.(?:example|sample|template|dist|defaults?|schema)")

_KINDS = (
    (("AKIA", "ASIA"), "AWS access key id"),
    (("gh", "github_pat_"), "GitHub token"),
    (("glpat-",), "GitLab token"),
    (("xox", "xapp-"), "Slack token"),
    (("AIza",), "Google API key"),
    (("sk_", "pk_", "rk_"), "Stripe key"),
    (("npm_",), "npm token"),
    (("pypi-",), "PyPI token"),
    (("hvs.", "hvb."), "Vault token"),
    ((".atlasv1.",), "Terraform Cloud token"),
    (("SG.",), "SendGrid key"),
    (("eyJ",), "JSON Web Token"),
    (("sk-",), "API key"),
)
_MARKS = (
    *(
        "AKIA",
        "ASIA",
        "ghp_",
        "gho_",
        "ghu_",
        "ghs_",
        "ghr_",
        "github_pat_",
        "glpat-",
        "xox",
        "xapp-",
        "AIza",
        "k_live_",
    ),
    *("sk-", "npm_", "pypi-", "hvs.", "hvb.", ".atlasv1.", "SG.", "eyJ"),
)
"""A part of every token, quickly found: only lines that hold one are looked at closely."""
_SAID_TO_BE_NONE = regex(
    r"(?i)example|sample|dummy|fake|placeholder|changeme|change[-_]me|replace|redacted|your[-_]?|not[-_]?(?:a[-_]?)?real"
    r"|x{4}|\*{3}|\.{3}|…|0{8}|deadbeef|todo|<|\$\{|\$\(|\{\{|%[({]"
)
_ASSIGNING = frozenset(
    {".tf", ".tfvars", ".hcl", ".yml", ".yaml", ".json", ".ini", ".cfg", ".conf", ".properties", ".toml"}
    | {".sh", ".bash", ".py", ".js", ".ts", ".rb", ".go", ".java"}
)
_SPOKEN = ("pass", "pwd", "secret", "token", "key", "credential", "auth")
_PAIR = regex(
    r"(?<![\w.$-])[\"']?(?P<name>[A-Za-z_][\w.-]{0,80})[\"']?\s{0,40}(?P<mark>[:=])\s{0,9}"
    r"(?P<value>(?:[Bb]earer|[Bb]asic)\s[^\s\"'`,;|)}\]]{8,512}|\"[^\"\n]{0,512}\"|'[^'\n]{0,512}'|[^\s\"'`,;#|)}\]]{1,512})"
)
_REFERENCE = regex(
    r"(?i)(?:\$|\(|<|\{|\[|%|\*|!|&|@|/|\./|~|(?:var|local|module|data|secrets|vars|env|each|os|process|self|config|settings"
    r"|args|input|inputs|params|random_\w+|aws_\w+|github|steps|needs)\.|arn:|https?:|ssm:|vault:|op:|kms:|file:"
    r"|resolve:|aws:|(?:true|false|none|null|inherit|write|read|required|optional|string|number|bool|sensitive)\Z)"
)
_SCHEME = regex(r"(?i)(?:bearer|basic|token)\s+")
_FILE = regex(r"(?i)\.(?:json|pem|key|crt|cer|yml|yaml|txt|env|pub|tf|py|sh)\Z")
_WORDS = regex(r"[a-z]+(?:[-_./ ][a-z]+)*|[A-Z]+(?:[-_][A-Z]+)*|[A-Za-z]+")
_PASSWORD = regex(r"(?i)(?:password|passwd|passphrase|pwd)\Z")
_AWS_SECRET = regex(r"[A-Za-z0-9/+]{40}")
_UUID = regex(r"(?i)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def search(project: Project, tracked: Iterable[str] | None) -> SecretSearch:
    """The secrets in the `tracked` files, or, where git does not tell, in all files of the project.

    The files of the projects beside it are searched too: naming them hides nothing from whoever looks for secrets.
    Files that the project was read from are not read again; all others go through a reader with limits of its own,
    so that they are no inputs of the assessment. Pictures, archives and lock files are passed by.
    """
    every = (*project.files, *project.beside)
    paths = sorted(set(every) if tracked is None else set(tracked) & set(every))
    known = {source.path: source for source in project.reader.sources}
    reader = Reader(project.root)
    files: list[str] = []
    found: list[Secret] = []
    unread: list[UnreadFile] = []
    named = {path: kind for path in every if (kind := secret_by_name(path))}
    samples = tuple(path for path in every if is_sample(path))
    for path in paths:
        if lies_in(path, project.outputs) or path in named or _passed_by(path):
            continue
        read = known.get(path) or reader.read(path)
        if isinstance(read, Source):
            files.append(path)
            found += _told(read)
        elif read.code not in _NO_TEXT:
            unread.append(_unread(read))
    by_name = tuple(Secret(kind, Location(path, 0)) for path, kind in named.items())
    return SecretSearch(tuple(files), tuple(found), tuple(unread), by_name, samples)


def _unread(refused: Refused) -> UnreadFile:
    return UnreadFile(Location(refused.at.path, 0), f"not read: {refused.summary}")


def secret_by_name(path: str) -> str:
    """What kind of secret the file is by its name alone, or empty."""
    name = _name_of(path)
    if (name == ".env" or name.startswith(".env.")) and not is_sample(path):
        return "environment file"
    if name.endswith(_STORES):
        return "key store"
    if _SSH_KEY.fullmatch(name):
        return "private key"
    return "credentials file" if name in _CREDENTIALS else ""


def is_sample(path: str) -> bool:
    """Whether the file shows what an environment file looks like: `.env.example`."""
    return _SAMPLE.fullmatch(_name_of(path)) is not None


def _name_of(path: str) -> str:
    """The last part, without regard for case."""
    return path.rpartition("/")[2].casefold()


def _passed_by(path: str) -> bool:
    name = _name_of(path)
    ending = posixpath.splitext(name)[1]
    state = ".tfstate" in name or name.endswith(".tfplan")
    return state or ending in _BINARY or name in _LOCKS or ending == ".lock"


@read_once
@recorded("secrets", codec)
def _told(source: Source) -> tuple[Secret, ...]:
    """The secrets of one file by place, each line and kind once."""
    told = dict.fromkeys(secrets_in(source.text, assignments=_assigns(source.path), strict=_is_settings(source.path)))
    counts: Counter[str] = Counter()
    kept = []
    for kind, line in sorted(told, key=lambda found: (found[1], found[0])):
        counts[kind] += 1
        if counts[kind] <= MAX_OF_A_KIND:
            kept.append(Secret(kind, source.at(line)))
    return tuple(kept)


def _assigns(path: str) -> bool:
    name = _name_of(path)
    return posixpath.splitext(name)[1] in _ASSIGNING or name == "dockerfile"


def _is_settings(path: str) -> bool:
    return path.endswith((".tf", ".tfvars", ".tfvars.json", ".tf.json"))


def secrets_in(text: str, *, assignments: bool, strict: bool = False) -> Iterator[tuple[str, int]]:
    """Kind and line of every secret. `assignments` looks at values of names such as `db_password`, too.

    With `strict` a password counts whatever it is; else a mere word is one of the many that tests and containers use.
    """
    for position, key in private_keys(text):
        if _is_whole(key):
            yield "private key", text.count("\n", 0, position) + 1
    folded = text.casefold() if assignments else ""
    marked, spoken = _lines_with(_MARKS, text), _lines_with(_SPOKEN, folded)
    addressed = _lines_with(("://",), text)
    if not (marked or spoken or addressed):
        return
    lines, lowered = text.split("\n"), folded.split("\n")
    for number in sorted(marked | addressed | spoken):
        line = lines[number]
        found: list[str] = []
        if number in marked:
            found += _tokens_of(line)
        if number in addressed and "@" in line:
            found += _of_addresses(line)
        if number in spoken:
            found += _assigned(line, lowered[number], strict=strict)
        for kind in found:
            yield kind, number + 1


def _lines_with(words: Iterable[str], text: str) -> set[int]:
    """The lines, from 0, in which one of the words stands: few of all, so that each word is looked for in the text."""
    found: set[int] = set()
    for word in words:
        number, counted = 0, 0
        place = text.find(word)
        while place >= 0:
            number += text.count("\n", counted, place)
            found.add(number)
            counted = text.find("\n", place)
            place = text.find(word, counted) if counted >= 0 else -1
    return found


def _tokens_of(line: str) -> Iterator[str]:
    for position, token in tokens(line):
        if kind := _kind_of(token, line[position + len(token) : position + len(token) + 1]):
            yield kind


def _of_addresses(line: str) -> Iterator[str]:
    for position, user in user_infos(line):
        if _is_password_of(user, line[position + len(user) + 1 : position + len(user) + 30]):
            yield "password in an address"
        elif ":" not in user and is_random(user):
            yield "token in an address"


def _kind_of(token: str, following: str) -> str:
    """What the token is, or empty when it only has the shape of one."""
    kind = next(kind for starts, kind in _KINDS if token.startswith(starts))
    if _SAID_TO_BE_NONE.search(token) or len(set(token[4:])) < 6:
        return ""
    match kind:
        case "AWS access key id":
            # Names in capitals begin with ASIA as well.
            whole = token.startswith("AKIA") or any(sign.isdigit() for sign in token)
            return kind if whole and not (following.isalnum() or following == "_") else ""
        case "JSON Web Token":
            return kind if _is_web_token(token) else ""
        case "Stripe key":
            # The publishable one stands in every page, and the one for tests moves no money.
            return kind if token.startswith(("sk_live_", "rk_live_")) else ""
        case "API key" | "Slack token" | "GitLab token" | "PyPI token":
            return kind if any(sign.isdigit() for sign in token) and not _WORDS.fullmatch(token) else ""
    return kind


def _is_web_token(token: str) -> bool:
    parts = token.split(".")
    if len(parts) < 3 or len(parts[2]) < 16:
        return False
    try:
        header = json.loads(base64.urlsafe_b64decode(parts[0] + "=" * (-len(parts[0]) % 4)))
        claims = base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4))
    except (ValueError, binascii.Error, RecursionError):
        return False
    # The token of every tutorial is signed for this one.
    return isinstance(header, dict) and "alg" in header and b"1234567890" not in claims


def _is_whole(key: str) -> bool:
    """Whether the armour holds a key: lines of base64, however the lines are ended."""
    runs = re.findall(r"[A-Za-z0-9+/=]{40,}", key[:4000])
    return bool(runs) and not _SAID_TO_BE_NONE.search(runs[0]) and len(set(runs[0])) > 10


def _is_password_of(user: str, host: str) -> bool:
    name, colon, password = user.partition(":")
    if not colon or _SAID_TO_BE_NONE.search(user) or _REFERENCE.match(password) or len(password) < 4:
        return False
    if re.match(r"(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\]|host\b|(?:[\w-]+\.)*example\.)", host):
        return False
    common = {name.casefold(), "pass", "passwd", "password", "secret", "pwd", "token"}
    return password.casefold() not in common and not (_WORDS.fullmatch(password) and password.islower())


def _assigned(line: str, lowered: str, *, strict: bool) -> Iterator[str]:
    if len(line) <= MAX_LINE and not lowered.lstrip().startswith(("#", "//")):
        for found in _PAIR.finditer(line):
            if kind := _kind_of_value(found["name"], found["value"], strict=strict):
                yield kind


def _kind_of_value(name: str, written: str, *, strict: bool) -> str:
    """What kind of secret the name is given, or empty."""
    value = _SCHEME.sub("", written.strip("\"'").strip())
    if len(value) < 4 or _REFERENCE.match(value) or not names_secret(name) or _SAID_TO_BE_NONE.search(value):
        return ""
    if " " in value or _FILE.search(value) or _UUID.fullmatch(value):
        return ""
    words = name.casefold().replace("-", "_")
    if _AWS_SECRET.fullmatch(value) and "secret" in words and is_random(value):
        return "AWS secret access key"
    if _PASSWORD.search(name):
        if strict and written[0] in "\"'":
            return "" if value.casefold() in ("password", "string", "none") else "password"
        plain = _WORDS.fullmatch(value) and (value.islower() or value.isupper())
        return "" if plain or len(value) < 6 or "." in value or "(" in value else "password"
    mixed = any(sign.isdigit() for sign in value) and any(sign.isalpha() for sign in value)
    random = len(value) >= 10 and mixed and not re.search(r"[/.:(){}\[\]]", value) and not _versioned(value)
    return "secret value" if is_random(value) or random else ""


def _versioned(value: str) -> bool:
    """Whether words with a number behind them, as names have: `app-credentials-v2`, `table1-keys`."""
    return re.fullmatch(r"(?i)(?:v?\d{1,4}|[a-z]+\d{0,4})(?:[-_](?:v?\d{1,4}|[a-z]+\d{0,4})){0,20}", value) is not None
