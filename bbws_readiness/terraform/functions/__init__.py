"""The functions of the Terraform language, in one explicit table."""

from __future__ import annotations

from bbws_readiness.terraform.functions.arithmetic import ARITHMETIC_FUNCTIONS
from bbws_readiness.terraform.functions.charsets import CHARSET_FUNCTIONS
from bbws_readiness.terraform.functions.collections import COLLECTION_FUNCTIONS
from bbws_readiness.terraform.functions.conversion import CONVERSION_FUNCTIONS
from bbws_readiness.terraform.functions.dates import DATE_FUNCTIONS
from bbws_readiness.terraform.functions.encoding import ENCODING_FUNCTIONS
from bbws_readiness.terraform.functions.files import FILE_FUNCTIONS
from bbws_readiness.terraform.functions.formatting import FORMATTING_FUNCTIONS
from bbws_readiness.terraform.functions.hashing import HASHING_FUNCTIONS
from bbws_readiness.terraform.functions.mappings import MAPPING_FUNCTIONS
from bbws_readiness.terraform.functions.network import NETWORK_FUNCTIONS
from bbws_readiness.terraform.functions.never import NEVER_EVALUATED
from bbws_readiness.terraform.functions.patterns import PATTERN_FUNCTIONS
from bbws_readiness.terraform.functions.sets import SET_FUNCTIONS
from bbws_readiness.terraform.functions.spec import Function
from bbws_readiness.terraform.functions.text import TEXT_FUNCTIONS

FUNCTIONS: dict[str, Function] = {
    function.name: function
    for function in (
        *ARITHMETIC_FUNCTIONS,
        *CHARSET_FUNCTIONS,
        *COLLECTION_FUNCTIONS,
        *CONVERSION_FUNCTIONS,
        *DATE_FUNCTIONS,
        *ENCODING_FUNCTIONS,
        *FILE_FUNCTIONS,
        *FORMATTING_FUNCTIONS,
        *HASHING_FUNCTIONS,
        *MAPPING_FUNCTIONS,
        *NETWORK_FUNCTIONS,
        *PATTERN_FUNCTIONS,
        *SET_FUNCTIONS,
        *TEXT_FUNCTIONS,
        *NEVER_EVALUATED,
    )
}
"""Every function under its name; `try` and `can` are not among them, because they do not evaluate all arguments."""
