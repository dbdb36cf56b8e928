"""The budgets of an evaluation: what a configuration may cost, checked before it is spent."""

from __future__ import annotations

from bbws_readiness.codes import Code

MAX_NESTING = 48
"""Brackets and templates inside one another, before a file is parsed."""
MAX_JSON_DEPTH = 64
"""Objects and arrays inside one another in a JSON file."""
MAX_EXPRESSION_DEPTH = 150
"""Conditionals, accessors or signs of one expression that follow one another."""
MAX_CHAIN = 1_000
"""Operators of one expression that follow one another outside brackets."""
MAX_STRING = 1024 * 1024
"""Bytes of one string."""
MAX_ELEMENTS = 10_000
"""Elements of one collection."""
MAX_PARTS = 100_000
"""Elements of one value on all levels, counted wherever they appear."""
MAX_LIVE_BYTES = 64 * 1024 * 1024
"""Bytes of everything an evaluation builds."""
MAX_LOOPS = 6
"""`for` expressions and loops of templates inside one another."""
MAX_RANGE = 1024
"""Values that `range` may give."""
MAX_STEPS = 1_000_000
"""Expression nodes evaluated, over a whole configuration."""
MAX_INSTANCES = 10_000
"""Instances of resources and modules together."""
MAX_MODULE_DEPTH = 16
"""Modules inside one another."""
MAX_DIAGNOSTICS = 100
"""Diagnostics kept; the rest are counted."""
MAX_FORMAT_WIDTH = 1_000
"""Width and precision of a `format` verb, and spaces of `indent`."""
MAX_EXPONENT = 10_000
"""Exponent of `pow`."""
MAX_YAML = 128 * 1024
"""Characters that `yamldecode` reads."""
MAX_YAML_EVENTS = 100_000
"""Parts of a YAML document, aliases counted with all they stand for."""
MAX_PATTERN = 1_000
"""Characters of a regular expression."""
MAX_SUBJECT = 64 * 1024
"""Bytes a regular expression is applied to."""


MAX_PATTERN_MEMORY = 8 * 1024 * 1024
"""Bytes RE2 may take for one regular expression."""


class BudgetExceeded(Exception):
    """A value or a computation is larger than its budget; the message says which."""

    def __init__(self, message: str, code: Code) -> None:
        self.code = code
        super().__init__(message)


def check_string(text: str) -> str:
    """`text` itself, unless it is longer than `MAX_STRING` bytes."""
    check_length(len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass")))
    return text


def check_length(size: int) -> None:
    """Refuse a string of `size` bytes before it is built."""
    if size > MAX_STRING:
        raise BudgetExceeded(f"string longer than {MAX_STRING} bytes", Code.STRING_BYTES)


def check_elements(count: int) -> None:
    """Refuse a collection of `count` elements before it is built."""
    if count > MAX_ELEMENTS:
        raise BudgetExceeded(f"collection larger than {MAX_ELEMENTS} elements", Code.ELEMENTS)
