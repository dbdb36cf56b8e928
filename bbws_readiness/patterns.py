"""Makes regular expressions that are compiled when they are first asked, because a run needs few of all there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import re
    from typing import Any, AnyStr


class _AtFirstUse:
    """Stands for the `re.Pattern`: the first look at an attribute compiles it, the next ones are plain look-ups.

    It has the attributes of a pattern and is none: `re.sub` and its like want `NAME.sub`.
    """

    __slots__ = (
        *("pattern", "_flags", "_compiled"),
        *(
            "findall",
            "finditer",
            "flags",
            "fullmatch",
            "groupindex",
            "groups",
            "match",
            "search",
            "split",
            "sub",
            "subn",
        ),
    )

    def __init__(self, text: Any, flags: int = 0) -> None:  # noqa: ANN401 - text or bytes
        self.pattern = text
        self._flags = flags

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the pattern has
        """Called for what no slot holds yet."""
        if name == "_compiled":
            import re

            self._compiled = re.compile(self.pattern, self._flags)
            return self._compiled
        value = getattr(self._compiled, name)
        setattr(self, name, value)
        return value


if TYPE_CHECKING:

    def regex(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
        """The pattern of `re.compile`, which is compiled, and its faults raised, at the first use."""

else:
    regex = _AtFirstUse
