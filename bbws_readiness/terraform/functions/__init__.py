"""The functions of the Terraform language, in one explicit table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module

from bbws_readiness.terraform.functions.spec import Function

FAMILIES: Mapping[str, tuple[str, str]] = {
    "ARITHMETIC_FUNCTIONS": ("arithmetic", "abs ceil floor log max min parseint pow signum sum"),
    "CHARSET_FUNCTIONS": ("charsets", "textdecodebase64 textencodebase64"),
    "COLLECTION_FUNCTIONS": (
        "collections",
        "alltrue anytrue chunklist coalesce coalescelist compact concat contains distinct element flatten index length "
        "matchkeys one range reverse slice sort",
    ),
    "CONVERSION_FUNCTIONS": (
        "conversion",
        "ephemeralasnull issensitive nonsensitive sensitive tobool tolist tomap tonumber toset tostring",
    ),
    "DATE_FUNCTIONS": ("dates", "formatdate timeadd timecmp"),
    "ENCODING_FUNCTIONS": (
        "encoding",
        "base64decode base64encode csvdecode jsondecode jsonencode urlencode yamldecode yamlencode",
    ),
    "FILE_FUNCTIONS": (
        "files",
        "abspath basename dirname file filebase64 filebase64sha256 filebase64sha512 fileexists filemd5 fileset "
        "filesha1 filesha256 filesha512 pathexpand templatefile templatestring",
    ),
    "FORMATTING_FUNCTIONS": ("formatting", "format formatlist"),
    "HASHING_FUNCTIONS": ("hashing", "base64sha256 base64sha512 md5 sha1 sha256 sha512 uuidv5"),
    "MAPPING_FUNCTIONS": ("mappings", "keys lookup merge transpose values zipmap"),
    "NETWORK_FUNCTIONS": ("network", "cidrhost cidrnetmask cidrsubnet cidrsubnets"),
    "PATTERN_FUNCTIONS": ("patterns", "regex regexall replace"),
    "SET_FUNCTIONS": ("sets", "setintersection setproduct setsubtract setunion"),
    "TEXT_FUNCTIONS": (
        "text",
        "chomp endswith indent join lower split startswith strcontains strrev substr title trim trimprefix trimspace "
        "trimsuffix upper",
    ),
    "NEVER_EVALUATED": ("never", "base64gzip bcrypt plantimestamp rsadecrypt timestamp uuid"),
}
"""Each table with the module that holds it and the names in it; a configuration uses few of them."""


class _Functions(Mapping[str, Function]):
    """Loads a family when one of its functions is looked up."""

    def __init__(self) -> None:
        self._tables = {name: table for table, (_, names) in FAMILIES.items() for name in names.split()}
        self._loaded: dict[str, Function] = {}

    def __getitem__(self, name: str) -> Function:
        if name not in self._loaded:
            table = self._tables[name]
            family = import_module(f"{__name__}.{FAMILIES[table][0]}")
            self._loaded.update({function.name: function for function in getattr(family, table)})
        return self._loaded[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)


FUNCTIONS: Mapping[str, Function] = _Functions()
"""Every function under its name; `try` and `can` are not among them, because they do not evaluate all arguments."""
