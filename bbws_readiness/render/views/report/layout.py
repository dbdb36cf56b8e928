"""Tells which Terraform root was assessed and why, which were not, its var files in order and its workspace."""

from __future__ import annotations

from bbws_readiness.fact import Fact, Unknown
from bbws_readiness.model.layouts import Layout
from bbws_readiness.render.encode.markdown import Markdown, bullets, code, joined, say
from bbws_readiness.render.frame import Frame

HOW = "to assess one, name it as sources.terraform in readiness.yaml"


def layout_view(frame: Frame, layout: Layout | None) -> Markdown:
    """One bullet each; empty without Terraform."""
    if layout is None:
        return Markdown("")
    lines = [_root(frame, layout)]
    if layout.others:
        folders = joined([frame.path(_folder(other)) for other in layout.others])
        lines.append(say("**Not assessed:** {} ({})", folders, HOW))
    if layout.root is not None:
        lines += [_values(frame, layout), _workspace(frame, layout.workspace)]
    return bullets(lines)


def _folder(shown: str) -> str:
    return "" if shown == "." else shown


def _root(frame: Frame, layout: Layout) -> Markdown:
    if layout.root is None:
        why = layout.problem.summary if layout.problem else "no folder was chosen"
        return say("**Root:** none; {}", why)
    place = say(" ({})", frame.place(layout.at)) if layout.at else Markdown("")
    return say("**Root:** {}: {}{}", frame.path(_folder(layout.root)), layout.why, place)


def _values(frame: Frame, layout: Layout) -> Markdown:
    """The var files, then what is passed beside them."""
    said = [
        say("{} ({}{})", frame.path(file.path), file.why, say(", {}", frame.place(file.at)) if file.at else "")
        for file in layout.var_files
    ]
    if layout.passed:
        names = joined([say("{} ({})", code(name), frame.place(at)) for name, at in layout.passed])
        said.append(say("passed beside the files: {}", names))
    return say("**Values, later ones win:** {}", joined(said, "; ") if said else "defaults of the root alone")


def _workspace(frame: Frame, workspace: Fact[str] | None) -> Markdown:
    if workspace is None:
        return Markdown("**Workspace:** not known")
    if isinstance(workspace.value, Unknown):
        return say("**Workspace:** not known: {} ({})", workspace.value.reason, frame.place(workspace.at))
    return say("**Workspace:** {} ({})", code(workspace.value), frame.place(workspace.at))
