"""Writes expressions that nobody would: every function with every kind of argument, nested, wide and odd."""

from __future__ import annotations

import random

from bbws_readiness.terraform.functions import FUNCTIONS

ATOMS = (
    *(
        "0",
        "1",
        "-1",
        "2.5",
        "1e30",
        "1e-30",
        "1e400",
        "99999999999999999999",
        "1024",
        "1025",
        "10001",
        "null",
        "true",
        "false",
    ),
    *(
        '""',
        '"a"',
        '"10"',
        '"é"',
        '"a,b"',
        '"%s"',
        '"%9999d"',
        '"%#v"',
        '"%[2]*.[1]*f"',
        '"\\u0000"',
        '"$${x}"',
        '"2026-02-30"',
    ),
    *(
        '"(a+)+$"',
        '"/a/"',
        '"["',
        '"(?P<n>a)(b)"',
        '"10.0.0.0/8"',
        '"::/0"',
        '"1.2.3.4/33"',
        '"../x"',
        '"t.tftpl"',
        '"d.yaml"',
    ),
    *(
        '"[1, {\\"a\\": null}]"',
        '"YWJj"',
        '"4sIAAAA"',
        '"&a [*a]"',
        '"a: *b"',
        '"!!binary x"',
        '"a\\nb,c\\n"',
        '"UTF-16"',
        '"1h"',
    ),
    *(
        "[]",
        "{}",
        "[null]",
        '[1, "a", true]',
        "{ a = 1, b = [2] }",
        "tolist([])",
        'toset(["a"])',
        "tomap({})",
        "[[1], [2, [3]]]",
    ),
    *(
        "local.list",
        "local.map",
        "local.object",
        "local.objects",
        "local.set",
        "local.unknown",
        "local.text",
        "local.number",
    ),
    *(
        "local.template",
        "local.recursive",
        "local.broken",
        'sensitive("s")',
        "sensitive([1])",
        "range(1024)",
        "local.nothing",
    ),
    *("path.module", "terraform.workspace", "each.key", "self", "var.x", "timestamp()", "uuid()", "plantimestamp()"),
)
OPERATORS = ("+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "&&", "||")
ACCESSORS = ("[0]", "[-1]", "[*]", ".a", "[*].id", ".*.a", "[local.text]", "[1.5]", ".0", "[null]")
NAMES = (*sorted(FUNCTIONS), "try", "can", "nosuch", "provider::aws::arn_parse", "core::upper")


def expression(chance: random.Random, depth: int = 4) -> str:
    """An expression of at most so many levels."""
    if depth <= 0 or chance.random() < 0.15:
        return chance.choice(ATOMS)

    def inner() -> str:
        return expression(chance, depth - 1)

    match chance.randrange(12):
        case 0 | 1 | 2 | 3 | 4:
            arguments = ", ".join(inner() for _ in range(chance.choice((0, 1, 1, 1, 2, 2, 2, 3, 3, 4, 6))))
            spread = "..." if arguments and chance.random() < 0.05 else ""
            return f"{chance.choice(NAMES)}({arguments}{spread})"
        case 5:
            return f"({inner()} {chance.choice(OPERATORS)} {inner()})"
        case 6:
            return f"({inner()} ? {inner()} : {inner()})"
        case 7:
            return f'"a${{{inner()}}}%{{ if {inner()} ~}} b %{{ else }}${{~ {inner()} }}%{{ endif }}"'
        case 8:
            condition = f" if {inner()}" if chance.random() < 0.4 else ""
            if chance.random() < 0.5:
                return f"[for k, v in {inner()} : {chance.choice((inner(), 'k', 'v'))}{condition}]"
            group = "..." if chance.random() < 0.4 else ""
            return f"{{for k, v in {inner()} : {chance.choice(('k', 'v', inner()))} => {inner()}{group}{condition}}}"
        case 9:
            return inner() + chance.choice(ACCESSORS)
        case 10:
            return f"[{', '.join(inner() for _ in range(chance.randrange(4)))}]"
        case _:
            return f'{{ a = {inner()}, (tostring({inner()})) = {inner()}, "b" = {chance.choice(("!", "-"))}{inner()} }}'
