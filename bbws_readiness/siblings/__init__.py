"""The projects that stand beside the assessed one: read, reduced to their footprints, never judged."""

from bbws_readiness.siblings.read import Sibling, among_siblings, read_siblings, with_neighbours

__all__ = ["Sibling", "among_siblings", "read_siblings", "with_neighbours"]
