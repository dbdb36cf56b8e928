"""Credentials leave the environment before anything is read, and their values every text."""

import base64
import json
import os
from collections.abc import Iterator
from urllib.parse import quote

import pytest

from bbws_readiness.process import environment
from bbws_readiness.process.environment import scrub, secrets, take_posting_token, withhold_credentials

SECRET = "p4ss/w+rd é=\"x\" 'y' end"


@pytest.fixture(autouse=True)
def clean() -> Iterator[None]:
    yield
    environment.remember(set())


NAMES = [
    ("GITHUB_TOKEN", True, True),
    ("GH_TOKEN", True, True),
    ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", True, True),
    ("ACTIONS_RUNTIME_TOKEN", True, True),
    ("AWS_SECRET_ACCESS_KEY", True, True),
    ("AWS_ACCESS_KEY_ID", True, True),
    ("AWS_SESSION_TOKEN", True, True),
    ("AWS_REGION", True, False),
    ("ACTIONS_RUNTIME_URL", True, False),
    ("NPM_TOKEN", True, True),
    ("github_token", True, True),
    ("DB_PASSWORD", True, True),
    ("CLIENT_SECRET_2", True, True),
    ("STRIPE_KEY", True, True),
    ("TF_VAR_db_password", False, True),
    ("TF_VAR_api_key", False, True),
    ("TF_VAR_hash_key", False, False),
    ("TF_VAR_environment", False, False),
    ("GITHUB_SHA", False, False),
    ("SOURCE_DATE_EPOCH", False, False),
    ("PATH", False, False),
    ("TERM", False, False),
]


@pytest.mark.parametrize(("name", "removed", "withheld"), NAMES, ids=[row[0] for row in NAMES])
def test_which_variables_are_credentials(
    monkeypatch: pytest.MonkeyPatch, name: str, removed: bool, withheld: bool
) -> None:
    monkeypatch.setattr(os, "environ", {name: "a value that is long"})
    withhold_credentials()
    assert (name not in os.environ) is removed
    assert ("a value that is long" in secrets()) is withheld


def test_short_values_are_not_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "environ", {"A_TOKEN": "1234567", "B_TOKEN": "12345678"})
    withhold_credentials()
    assert secrets() == ("12345678",)
    assert "A_TOKEN" not in os.environ


DATA = SECRET.encode()
FORMS = {
    "plain": SECRET,
    "base64": base64.b64encode(DATA).decode(),
    "base64 for addresses": base64.urlsafe_b64encode(DATA).decode().rstrip("="),
    "base64 after a user": base64.b64encode(b"user:" + DATA).decode(),
    "base64 among others": base64.b64encode(b"x" * 7 + DATA + b"yy").decode(),
    "hexadecimal": DATA.hex(),
    "hexadecimal capitals": DATA.hex().upper(),
    "quoted": quote(SECRET),
    "quoted wholly": quote(SECRET, safe=""),
    "JSON": json.dumps(SECRET),
    "JSON with its own letters": json.dumps(SECRET, ensure_ascii=False),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_withheld(form: str) -> None:
    environment.remember({SECRET})
    text = scrub(f"before {FORMS[form]} after")
    assert "(withheld)" in text
    assert (text[:7], text[-6:]) == ("before ", " after")
    decoded = {SECRET, SECRET[2:-2], FORMS[form][8:-8]}
    assert not any(part in text for part in decoded)


def test_the_lines_of_a_private_key_are_withheld() -> None:
    environment.remember({"-----BEGIN KEY-----\nMIIEpAIBAAKCAQEA1234\nabc\n-----END KEY-----"})
    assert scrub("x MIIEpAIBAAKCAQEA1234 y abc") == "x (withheld) y abc"


def test_without_credentials_a_text_stays() -> None:
    assert scrub("anything") == "anything"


def test_one_token_can_be_taken_once_and_is_withheld_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"GITHUB_TOKEN": "first-of-two", "GH_TOKEN": "second-of-two", "MY_TOKEN": "another-one"}.items():
        monkeypatch.setenv(name, value)
    withhold_credentials()
    assert not {"GITHUB_TOKEN", "GH_TOKEN", "MY_TOKEN"} & set(os.environ)
    assert [take_posting_token(), take_posting_token()] == ["first-of-two", ""]
    assert "first" not in scrub("it is first-of-two")
    monkeypatch.setenv("MY_TOKEN", "another-one")
    withhold_credentials()
    assert take_posting_token() == ""
