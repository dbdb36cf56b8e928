"""Tells whether a Terraform project may be deployed to an environment now, and if not, who must do what."""

# Nothing is imported here that lies in a file: the import path is not in order yet (`process.imports`).
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from bbws_readiness.pipeline import assess_project
    from bbws_readiness.render.documents import render_documents
    from bbws_readiness.rulebooks import shipped_rulebook

__version__ = "0.1.0"

__all__ = ["__version__", "assess_project", "render_documents", "shipped_rulebook"]


def __getattr__(name: str) -> "Any":  # noqa: ANN401 - one of the names of __all__
    """Loads the public functions on first use, so that `readiness --version` does not load the whole package."""
    if name == "render_documents":
        from bbws_readiness.render.documents import render_documents

        return render_documents
    if name in __all__:
        from bbws_readiness import pipeline

        return getattr(pipeline, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
