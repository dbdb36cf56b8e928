"""What the provider computes of data sources: of policy documents, which are a function of their arguments alone."""

from __future__ import annotations

from collections.abc import Mapping

from bbws_readiness.terraform.diagnostics import Collector
from bbws_readiness.terraform.nodes import BlockNode
from bbws_readiness.terraform.results import Body
from bbws_readiness.terraform.values import Value

POLICY_DOCUMENT = "aws_iam_policy_document"
MAX_CHARACTERS = 16 * 1024 * 1024
"""Of all documents of an evaluation, with what is mixed into each; the next ones are not told."""


class DataSources:
    """The data sources of one evaluation, until the texts of its documents together exceed the budget."""

    def __init__(self, collector: Collector) -> None:
        self._collector = collector
        self._characters = 0

    def computed(self, block: BlockNode, body: Body, address: str) -> Mapping[str, Value]:
        """What is computed of the data source at `address`; nothing for what is no policy document."""
        if block.type != "data" or block.labels[0] != POLICY_DOCUMENT or self._characters > MAX_CHARACTERS:
            return {}
        # Few projects have one, and to load what renders it takes a while.
        from bbws_readiness.terraform.policy_document import OVERRIDES, SOURCES, render_policy_document

        rendered = render_policy_document(body, address)
        self._collector.add(*rendered.problems)
        mixed = [body.attribute(name) for name in (SOURCES, OVERRIDES)]
        texts = [part for one in mixed if one for _, part in one.value.elements()] + [*rendered.members.values()]
        self._characters += sum(len(text.raw) for text in texts if isinstance(text.raw, str))
        return rendered.members
