"""All nodes of a script, walked once for everybody who asks about them."""

from __future__ import annotations

import ast
from functools import lru_cache


@lru_cache(maxsize=1)
def nodes_of(module: ast.Module) -> tuple[ast.AST, ...]:
    """Every node below `module`, itself included, in the order of `ast.walk`; of the script that is being read."""
    return tuple(ast.walk(module))
