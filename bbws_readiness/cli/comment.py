"""`readiness comment ENVIRONMENT [PATH]`: the comment for a pull request, printed or posted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec import Struct

from bbws_readiness.cli.completing import environments
from bbws_readiness.cli.gates import THRESHOLDS
from bbws_readiness.cli.options import (
    SomePath,
    Variable,
    as_of_option,
    cache_option,
    config_option,
    existing,
    moment_of,
    plan_json_option,
    promotion_plan_option,
    setting_options,
)
from bbws_readiness.cli.output import complain, say
from bbws_readiness.cli.posting import Wanted, around_of, now, post_comment
from bbws_readiness.cli.publishing import Losses
from bbws_readiness.codes import Code
from bbws_readiness.errors import UsageError

if TYPE_CHECKING:
    from bbws_readiness.cli.compared import Checkout, Compared
    from bbws_readiness.cli.posting import Around
    from bbws_readiness.render.formats.comment import Surroundings
    from bbws_readiness.settings import Settings

MODES = ("update", "new", "hide-and-new", "delete-and-new")
KEPT = ("assessment.json", "base.json")
"""What --keep writes: this assessment, and the one that it is compared with."""
STANDARD_OUTPUT = Path("-")


def _is_base(value: str, variable: str) -> None:
    from bbws_readiness.git.revision import checked_name

    (existing if _is_file(value) else checked_name)(value, variable)


def _is_file(base: str) -> bool:
    return base.endswith(".json")


@click.command("comment")
@click.argument("environment", shell_complete=environments)
@click.argument("path", type=SomePath(path_type=Path), default=Path())
@click.option(
    "--base",
    cls=Variable,
    check=_is_base,
    metavar="REF|FILE",
    help="Compare with this branch, tag or full hash, whose readiness.yaml holds; or with the JSON of an assessment.",
)
@click.option(
    "--base-name", cls=Variable, metavar="TEXT", help="How the base is called.  [default: REF, or the name of FILE]"
)
@click.option(
    "--assessment",
    cls=Variable,
    check=existing,
    type=SomePath(path_type=Path),
    metavar="FILE",
    help="Take this JSON instead of assessing: nothing of the project is read then.",
)
@click.option("-o", "--output", type=SomePath(path_type=Path), metavar="FILE", help="Write the comment to this file.")
@click.option(
    "--keep",
    type=SomePath(path_type=Path),
    metavar="FOLDER",
    help="Also write assessment.json and base.json there, for --assessment and --base of a later step.",
)
@click.option("--post", "posts", is_flag=True, help="Post it to the pull request, with GITHUB_TOKEN or GH_TOKEN.")
@click.option(
    "--mode",
    cls=Variable,
    type=click.Choice(MODES),
    default="update",
    show_default=True,
    help="What becomes of the earlier comment: it is edited; stays; is hidden; is deleted. The last three add one.",
)
@click.option(
    "--pull-request",
    cls=Variable,
    type=click.IntRange(min=1),
    metavar="NUMBER",
    help="Its number.  [default: as the event of the workflow run says]",
)
@click.option("--repository", metavar="OWNER/NAME", help="Where it is.  [default: GITHUB_REPOSITORY]")
@click.option(
    "--head",
    metavar="HASH",
    help="The assessed commit; nothing is posted when it is not the tip any more.  [default: as the event says]",
)
@click.option(
    "--author", metavar="LOGIN", default="", help="Whose comments are ours.  [default: the account of the token]"
)
@promotion_plan_option
@plan_json_option
@config_option
@cache_option
@setting_options
@as_of_option("Assess as of this day or moment.  [default: today]")
@click.option(
    "--fail-on",
    cls=Variable,
    type=click.Choice(THRESHOLDS),
    help="Exit 1 from here on, as for `assess`.  [default: decision]",
)
def command(
    environment: str,
    path: Path,
    *,
    base: str | None,
    base_name: str | None,
    assessment: Path | None,
    output: Path | None,
    keep: Path | None,
    posts: bool,
    mode: str,
    pull_request: int | None,
    repository: str | None,
    head: str | None,
    author: str,
    promotion_plan: Path | None,
    plan_json: Path | None,
    config_path: Path | None,
    settings: Settings,
    as_of: str | None,
    fail_on: str | None,
) -> int:
    """Write the comment for a pull request: verdict and what changed against the base first, all else folded.

    It is printed, or with --post posted, where it replaces the earlier one for the same project and environment. With
    --assessment PATH is not read; it only says where the project lies in the repository. The exit code is that of the
    verdict, as for `assess`; 5 when posting failed and may succeed later.

    \b
    Examples:
      readiness comment sit --base origin/main
      readiness comment sit --base origin/main --post
      readiness comment sit --base origin/main --keep out
      readiness comment sit --assessment out/assessment.json --base out/base.json --post
    """
    from bbws_readiness.cli.compared import Checkout

    wanted = Wanted(repository, pull_request, head, mode, author)
    around = around_of(wanted, posts=posts)
    # Below what is read, no link is followed on the way to an output; what is not read is not asked.
    places = Places(output, keep, None if assessment else path)
    _probe(places)
    checkout = Checkout(path, environment, moment_of(as_of), config_path, promotion_plan, plan_json, settings)
    compared = _compared(checkout, base, assessment)
    losses = Losses()
    if keep is not None:
        with losses.one():
            _keep(compared, keep, places.project)
    code = _exit_code(compared, fail_on)
    if base and not base_name:
        base_name = Path(base).name if _is_file(base) else base
    told = _surroundings(around, path, base_name or "", compared, whole=assessment is None)
    lost = _deliver(compared, told, places, losses, around=around, wanted=wanted if posts else None)
    return code or lost or losses.exit_code


class Places(Struct, frozen=True):
    """Where outputs go; None for those that are not wanted."""

    output: Path | None
    keep: Path | None
    project: Path | None
    """Whose links are not followed on the way there."""


def _probe(places: Places) -> None:
    from bbws_readiness.render.write import probe, probe_file

    if places.output is not None and places.output != STANDARD_OUTPUT:
        probe_file(places.output, project=places.project)
    if places.keep is not None:
        probe(places.keep, project=places.project, names=lambda name: name in KEPT)


def _compared(checkout: Checkout, base: str | None, assessment: Path | None) -> Compared:
    from bbws_readiness.cli.compared import of_file, of_files, of_revision
    from bbws_readiness.cli.confinement import confine

    if assessment is not None:
        if base is not None and not _is_file(base):
            raise UsageError(
                "with --assessment nothing of the project is read, so no revision can be compared with",
                hint="name the JSON of the earlier assessment as --base",
                code=Code.OPTION_VALUE,
            )
        return of_files(assessment, Path(base) if base else None, checkout.environment)
    confine(checkout.path)
    if base is not None and _is_file(base):
        return of_file(checkout, Path(base))
    compared = of_revision(checkout, base)
    if compared.problem:
        complain(compared.problem.line)
    return compared


def _exit_code(compared: Compared, fail_on: str | None) -> int:
    """That of the verdict; where the base should have been there as a whole and is not, what that means."""
    from bbws_readiness.assess.assessment import Verdict
    from bbws_readiness.assess.gate import Threshold, threshold_code
    from bbws_readiness.engine.rule import Severity
    from bbws_readiness.git.revision import BaseUnavailable

    configured = compared.config.gate.fail_on if compared.config else ""
    threshold = Threshold(fail_on or configured or Threshold.DECISION)
    severities = [Severity(issue["severity"]) for issue in compared.data["issues"]]
    told = not any(fact["gating"] and not fact["needs"] for fact in compared.data["not_verified"])
    code = threshold_code(Verdict(compared.data["verdict"]), severities, threshold, told=told)
    unavailable = isinstance(compared.problem, BaseUnavailable)
    return code or (BaseUnavailable.exit_code if unavailable else 0)


def _surroundings(around: Around, path: Path, base: str, compared: Compared, *, whole: bool) -> Surroundings:
    from bbws_readiness.cli.whereabouts import prefix_of, stated_prefix
    from bbws_readiness.render.formats.comment import Surroundings

    return Surroundings(
        base=base,
        blob=around.blob,
        run=around.run_page,
        prefix=prefix_of(path) if whole else stated_prefix(path),
        uncompared=compared.problem.message if compared.problem else "",
    )


def _deliver(
    compared: Compared,
    told: Surroundings,
    places: Places,
    losses: Losses,
    *,
    around: Around,
    wanted: Wanted | None,
) -> int:
    """Prints or writes the comment, and posts it where that is `wanted`; gives what a lost post means."""
    from bbws_readiness.render.formats.comment import comment, content, shortest
    from bbws_readiness.render.write import write_text

    data, changes = compared.data, compared.changes
    text = comment(data, changes, told)
    with losses.one():
        if places.output is not None and places.output != STANDARD_OUTPUT:
            write_text(places.output, text, project=places.project)
        elif places.output is not None or wanted is None:
            say(text)
    if wanted is None:
        return 0
    from bbws_readiness.github.publish import Comment
    from bbws_readiness.process.environment import scrub

    # What is posted passes no stream, so credentials are taken out here.
    texts = tuple(map(scrub, (text, comment(data, changes, told, share=2), shortest(data, told))))
    slug, environment = data["project"]["slug"], data["environment"]["name"]
    said = Comment(slug, environment, texts, content(data, changes, told), now(), around.run, told.prefix)
    return post_comment(said, wanted, around)


def _keep(compared: Compared, folder: Path, project: Path | None) -> None:
    from bbws_readiness.render.encode.json import to_json
    from bbws_readiness.render.frame import Document
    from bbws_readiness.render.write import write_documents

    kept = zip(KEPT, (compared.data, compared.before), strict=True)
    documents = [Document(name, f"{to_json(data, indent=True)}\n") for name, data in kept if data is not None]
    write_documents(folder, documents, project=project)
