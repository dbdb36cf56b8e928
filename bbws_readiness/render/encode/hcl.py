"""The encoder for Terraform: a text becomes a quoted string in which nothing is a template."""

from __future__ import annotations

import json

from bbws_readiness.render.encode.characters import legible


def hcl_string(text: str) -> str:
    """`text` as a quoted string on one line."""
    return json.dumps(text).replace("${", "$${").replace("%{", "%%{")


def hcl_comment(text: str) -> str:
    """`text` as one comment on a line of its own."""
    return f"# {legible(' '.join(text.split()))}"
