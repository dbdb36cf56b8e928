"""Policies and trusts of AWS roles, from files and from Terraform."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bbws_readiness.parsers.access.files import read_access

if TYPE_CHECKING:
    from bbws_readiness.model.access import Document
    from bbws_readiness.model.resources import Configuration
    from bbws_readiness.terraform import Evaluation

__all__ = ["declared_access", "read_access"]


def declared_access(
    configuration: Configuration | None, evaluation: Evaluation | None, environment: str
) -> tuple[Document, ...]:
    """What `of_roles` finds; nothing where Terraform declares no role."""
    if configuration is None or "aws_iam_role" not in configuration.by_type:
        return ()
    from bbws_readiness.parsers.access.declared import of_roles

    return of_roles(configuration, evaluation, environment)
