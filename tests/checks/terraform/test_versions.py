"""Version constraints admit what Terraform's do."""

from bbws_readiness.checks.terraform.versions import is_exact, parse_constraint, parse_version
from tests.cases import each


@each(
    ("constraint", "admitted", "refused"),
    [
        ("1.6.0", ["1.6.0", "v1.6.0"], ["1.6.1"]),
        ("= 1.6", ["1.6.0"], ["1.6.1"]),
        ("!= 1.6.0", ["1.6.1"], ["1.6.0"]),
        (">= 1.6.0, < 2.0.0", ["1.6.0", "1.99.1"], ["2.0.0", "1.5.9", "1.7.0-beta1"]),
        ("~> 1.6", ["1.6.0", "1.9.3"], ["2.0.0", "1.5.0"]),
        ("~> 1.6.2", ["1.6.2", "1.6.9"], ["1.7.0", "1.6.1"]),
        ("~> 1", ["1.0.0", "1.9.0"], ["2.0.0"]),
        (">1.6", ["1.6.1"], ["1.6.0"]),
        ("<= 1.6.0", ["1.6.0"], ["1.6.1"]),
        ("1.7.0-beta1", ["1.7.0-beta1"], ["1.7.0", "1.7.0-beta2"]),
        (">= 1.7.0-beta1", ["1.7.0", "1.7.0-beta1"], ["1.7.0-beta2", "1.7.0-alpha1"]),
    ],
)
def test_constraint(constraint: str, admitted: list[str], refused: list[str]) -> None:
    conditions = parse_constraint(constraint)
    assert conditions is not None
    for text, expected in [*((text, True) for text in admitted), *((text, False) for text in refused)]:
        version = parse_version(text)
        assert version is not None
        assert all(condition.admits(version) for condition in conditions) is expected, text


@each("text", ["", "latest", "1.x", "^1.6", ">= ", "1.6 2.0", ">= 1.6,", "1.6.0.0.0", "=> 1.6"])
def test_what_terraform_refuses(text: str) -> None:
    assert parse_constraint(text) is None


@each(("text", "exact"), [("1.6.0", True), ("v1.6.0", True), ("1.6", False), ("~1.6.0", False)])
def test_exact(text: str, exact: bool) -> None:
    assert is_exact(text) is exact
