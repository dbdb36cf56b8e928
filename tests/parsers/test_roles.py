"""Lists of roles, as plans and approval matrices write them."""

from bbws_readiness.parsers.promotion_plan.roles import split_roles
from tests.cases import each


@each(
    ("text", "roles"),
    [
        ("Tech Lead, DBA, and FinOps Lead", ["Tech Lead", "DBA", "FinOps Lead"]),
        ("Tech Lead + DBA", ["Tech Lead", "DBA"]),
        ("Tech Lead+DBA", ["Tech Lead", "DBA"]),
        ("Tech Lead / DBA", ["Tech Lead", "DBA"]),
        ("DBA/Tech Lead/QA", ["DBA", "Tech Lead", "QA"]),
        ("Tech Lead & DBA", ["Tech Lead", "DBA"]),
        ("the Product Owner and the DevOps Engineer", ["Product Owner", "DevOps Engineer"]),
        ("QA & Release, DBA", ["QA & Release", "DBA"]),
        ("Security & Compliance Lead", ["Security & Compliance Lead"]),
        ("CI/CD Lead", ["CI/CD Lead"]),
        ("R&D Lead", ["R&D Lead"]),
        ("all stakeholders, Business", []),
        ("", []),
    ],
)
def test_split_roles(text: str, roles: list[str]) -> None:
    assert split_roles(text) == roles
