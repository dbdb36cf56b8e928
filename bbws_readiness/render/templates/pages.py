"""Sets Jinja up for the templates of the web page, and spares it to compile those whose code was made beforehand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, compiler

from bbws_readiness.render.templates.keys import made_table, makers_digest
from bbws_readiness.render.templates.making import at_run_time, module_text

FILE = "pages.py"


def environment_of(folder: Path, finalize: Callable[[object], str], *, prepared: Path) -> Environment:
    """Jinja for the templates in `folder`; `finalize` encodes each value that is printed.

    Code that lies in `prepared` is used where it is what Jinja would make today.
    """
    return _environment(_Loader(folder, prepared), finalize)


def module_of_pages(folder: Path) -> str:
    """The module of all templates in `folder`; the same files, the same text. Raises Jinja's errors for a wrong one."""
    environment = _environment(None, at_run_time, optimized=False)
    made = {}
    for name in sorted(path.name for path in folder.glob("*.html")):
        data = (folder / name).read_bytes()
        code = environment.compile(data.decode(), name=name, filename=name, raw=True)
        made[name] = (_digest(data), (), f"{code}\nreturn {{**locals(), '__file__': {name!r}}}")
    return module_text(made, makers=_makers())


def _environment(
    loader: FileSystemLoader | None, finalize: Callable[[object], str], *, optimized: bool = True
) -> Environment:
    return Environment(
        loader=loader,
        undefined=StrictUndefined,
        finalize=finalize,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        optimized=optimized,
    )


class _Loader(FileSystemLoader):
    def __init__(self, folder: Path, prepared: Path) -> None:
        super().__init__(folder)
        self._folder = folder
        self._table: Mapping[str, Any] = made_table(prepared / FILE, makers=_makers())

    def load(self, environment: Environment, name: str, globals: MutableMapping[str, Any] | None = None) -> Template:
        digest, _, make = self._table.get(name, ("", (), None))
        if make is None or digest != _digest((self._folder / name).read_bytes()):
            return super().load(environment, name, globals)
        return environment.template_class.from_module_dict(environment, make(environment), globals or {})


def _digest(data: bytes) -> str:
    return sha256(data).hexdigest()


@cache
def _makers() -> str:
    """Jinja's compiler is among them: its code fits no other version."""
    return sha256(makers_digest().encode() + Path(compiler.__file__).read_bytes()).hexdigest()
