"""The store that this process uses; none until the command line opens one."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from bbws_readiness.cache.bundle import Bundle
from bbws_readiness.cache.keys import key_of
from bbws_readiness.cache.noted import Noted
from bbws_readiness.cache.store import Store
from bbws_readiness.cache.whereabouts import cache_folder

_NOTHING = Bundle(Store(None), "")
_in_use: list[Bundle | Noted] = [_NOTHING]


def store() -> Bundle | Noted:
    """Where results are kept: `store().get(kind, key)` and `store().put(kind, key, data)` never raise.

    The key is `keys.key_of(...)` over everything that the result depends on; our code and the libraries are part of it.
    What is kept must be no secret, and what is got must be data: never code that was not made from our own files.
    """
    return _in_use[-1]


def is_first_run() -> bool:
    """Whether results are kept, as far as is known, and no earlier run has left any of this project."""
    kept = store()
    # Only who looks into the folder finds out that it is not to be used.
    return isinstance(kept, Bundle) and kept.is_new and kept.is_open


def note_results() -> Noted:
    """In a process that hands its results over: they are noted from now on, and nothing is looked up or written."""
    noted = _in_use[-1] = Noted()
    return noted


def open_store(environment: Mapping[str, str], projects: Iterable[Path]) -> None:
    """Keeps results from now on, where that is safe for these projects; what was kept until now is written."""
    close_store()
    projects = tuple(projects)
    folder = cache_folder(environment, projects)
    if folder is not None:
        key = key_of(*(os.path.realpath(project) for project in projects))
        _in_use[-1] = Bundle(Store(folder), key)


def drop_store() -> None:
    """As `close_store`, after a fault of ours: what this run was given may have led to it, and is given to no other."""
    _in_use[-1].drop()
    _in_use[-1] = _NOTHING


def close_store() -> None:
    """Writes what is new, and keeps nothing from now on."""
    _in_use[-1].close()
    _in_use[-1] = _NOTHING
