"""Secrets are told by kind and line; what projects are made of is none."""

from pathlib import Path

from bbws_readiness.parsers.secrets import secrets_in
from tests.cases import each
from tests.data import data

DATA = data(Path(__file__).parent.parent / "secrets" / "strings.yaml")


@each("text", DATA["harmless"])
def test_harmless(text: str) -> None:
    assert not list(secrets_in(text, assignments=True, strict=True))


@each(
    ("pieces", "kind"),
    [
        (["AKIA", "4QZ7RM2XK5TJ9WLP"], "AWS access key id"),
        (["ghs_", "16C7e42F292c6912E7710c838347Ae178B4a"], "GitHub token"),
        (["npm_", "16C7e42F292c6912E7710c838347Ae178B4a"], "npm token"),
        (["hvs.", "CAESIJ9Xk2LmQ7rT4vWz1Yb8"], "Vault token"),
        (["https://app:", "Zk9rT4vW2q", "@db.acme.test/"], "password in an address"),
        (["https://", "9fQ2xLr7Wz4Tn8Kp3Vb6YcD1", "@git.acme.test/"], "token in an address"),
        (["aws_secret_access_key = ", "q7Lz0vXb2Rt9KfYw4Nc6Hd8Mj1Ps3Gu5Ae/Bi+oT"], "AWS secret access key"),
        (["password: ", "Zk9rT4vW2q"], "password"),
        (['client_secret = "', "Zk9rT4vW2qLm", '"'], "secret value"),
        (['curl -H "Authorization: Bearer ', "Zk9rT4vW2qLm", '"'], "secret value"),
    ],
)
def test_kind_and_line(pieces: list[str], kind: str) -> None:
    assert list(secrets_in(f"\n\n{''.join(pieces)}\n", assignments=True)) == [(kind, 3)]


@each(
    "text",
    [
        'password = "password"',
        'db_password = "<password>"',
        'token = "ghp_EXAMPLE"',
        "AKIAIOSFODNN7EXAMPLE",
        "secret: ${{ secrets.DEPLOY_KEY }}",
        "api_key: your-api-key-here",
        'secret = "${var.prefix}/db1"',
        "password: ''",
        "token_count: 12345678",
        "NAMES_LIKE_ASIAPACIFICREGIONS2026TABLE",
        'password_hash = "argon2"',
        "-----BEGIN PRIVATE KEY-----",
    ],
)
def test_near_miss(text: str) -> None:
    assert not list(secrets_in(text, assignments=True, strict=True))
