"""Asks git about a checkout, without letting the checkout run anything."""

from bbws_readiness.git.command import MAX_BYTES, Git, open_git
from bbws_readiness.git.revision import BaseUnavailable, Revision, resolve
from bbws_readiness.git.tree import TreeReader

__all__ = ["MAX_BYTES", "BaseUnavailable", "Git", "Revision", "TreeReader", "open_git", "resolve"]
