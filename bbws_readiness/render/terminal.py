"""The assessment for a person at a terminal: verdict, score, issues by priority, decisions, time, next step."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from bbws_readiness.assess.assessment import Action, Assessment, Issue, Verdict
from bbws_readiness.codes import Code
from bbws_readiness.decisions.entry import State as EntryState
from bbws_readiness.engine.finding import Finding
from bbws_readiness.engine.rule import Rule, Severity
from bbws_readiness.errors import exact_place
from bbws_readiness.fact import Unknown
from bbws_readiness.patterns import regex
from bbws_readiness.render import wording
from bbws_readiness.render.encode.terminal import safe
from bbws_readiness.render.terminal_decisions import entry_lines
from bbws_readiness.render.terminal_line import ROLES, Paint, score
from bbws_readiness.waivers.waiver import State

WIDTH = 100
"""Columns of running text."""

MOST = 5
"""More entries than this of one list are counted, unless everything is asked for."""


def terminal_text(assessment: Assessment, paint: Paint, *, documents: Sequence[str] = (), verbose: bool = False) -> str:
    """The whole text, ending in a newline. `documents` are the paths written, as the user can open them."""
    lines = [
        *_policy(assessment, paint, verbose=verbose),
        *_head(assessment, paint),
        *_switched_off(assessment, paint),
        *_layout(assessment, paint, verbose=verbose),
        *_unread(assessment, paint),
        *_issues(assessment, paint, verbose=verbose),
        *_decisions(assessment, paint),
        *_decided(assessment, paint, verbose=verbose),
        *_waivers(assessment, paint, verbose=verbose),
        *_unknowns(assessment, paint, verbose=verbose),
        *_verified(assessment, paint, verbose=verbose),
        *_time(assessment, paint),
        *_next(assessment, paint),
        *_documents(assessment, documents, paint),
    ]
    return "\n".join(lines) + "\n"


def _policy(assessment: Assessment, paint: Paint, *, verbose: bool) -> Iterator[str]:
    """What the checkout changes in the policy by which it is judged, before everything else."""
    policy = assessment.config.policy
    touched = wording.policy_touched(policy) if policy else ""
    if policy is None or not touched:
        return
    yield paint(safe(f"⚠️ {touched.upper()}; not applied ({Code.POLICY_CHANGED})"), "decision")
    for change in policy.changes if verbose else policy.changes[:MOST]:
        yield f"  {paint(safe(str(change.at)), 'place')}  {safe(f'{change.name} {change.change}')}"
    if len(policy.changes) > MOST and not verbose:
        yield paint(f"  and {len(policy.changes) - MOST} more (-v lists them)", "quiet")
    yield ""


def _head(assessment: Assessment, paint: Paint) -> Iterator[str]:
    account = assessment.account.or_none() if assessment.account else None
    region = assessment.region.or_none() if assessment.region else None
    where = ", ".join(text for text in (account, region) if text)
    target = f"{assessment.environment.upper()} ({where})" if where else assessment.environment.upper()
    yield paint(wording.VERDICTS[assessment.verdict], ROLES[assessment.verdict])
    yield safe(f"{assessment.title} to {target}, as of {wording.as_of(assessment.as_of)}")
    yield safe(f"{assessment.reason} Score {score(assessment)}.")
    if policy := assessment.config.policy:
        yield safe(f"Policy of {policy.ref} ({policy.short}).")
    if baseline := assessment.baseline:
        yield safe(f"{wording.since_baseline(baseline)}.")


def _mark(assessment: Assessment, key: str, paint: Paint) -> str:
    """`NEW  ` or `GROWN  ` before what the baseline does not have, or not all of it; else nothing."""
    if assessment.baseline is None:
        return ""
    from bbws_readiness.compare.baseline import Since

    since = assessment.baseline.told[key].since
    return "" if since is Since.KNOWN else f"{paint(since.value.upper(), 'high')}  "


def _is_new(assessment: Assessment, finding: Finding) -> bool:
    return assessment.baseline is not None and finding.fingerprint in assessment.baseline.new_findings


def _layout(assessment: Assessment, paint: Paint, *, verbose: bool) -> Iterator[str]:
    """Which Terraform was assessed: all of it when asked for, else only what was left out."""
    layout = assessment.model.layout
    if layout is None:
        return
    if verbose and layout.root is not None:
        place = f" ({paint(safe(str(layout.at)), 'place')})" if layout.at else ""
        yield f"{safe(f'Terraform root {layout.root}: {layout.why}')}{place}"
        for file in layout.var_files:
            place = f" ({paint(safe(str(file.at)), 'place')})" if file.at else ""
            yield f"  {safe(f'{file.path}: {file.why}')}{place}"
        for name, at in layout.passed:
            yield f"  {safe(f'variable {name} is passed')} ({paint(safe(str(at)), 'place')})"
        if layout.workspace:
            found = layout.workspace
            told = found.value.reason if isinstance(found.value, Unknown) else found.value
            yield f"  {safe(f'workspace: {told}')} ({paint(safe(str(found.at)), 'place')})"
    if layout.others:
        shown = layout.others if verbose else layout.others[:MOST]
        more = f" and {len(layout.others) - len(shown)} more" if len(layout.others) > len(shown) else ""
        named = f"Terraform not assessed: {', '.join(shown)}{more}"
        yield safe(f"{named}; to assess one, name it as sources.terraform in readiness.yaml")


def _switched_off(assessment: Assessment, paint: Paint) -> Iterator[str]:
    for name, at in assessment.config.switched_off:
        yield f"The rule {safe(name)} is switched off ({paint(safe(str(at)), 'place')})."


def _unread(assessment: Assessment, paint: Paint) -> Iterator[str]:
    if assessment.unread:
        yield ""
        yield paint(f"❓ COULD NOT BE READ ({len(assessment.unread)})", "decision")
    for fault in assessment.unread[:MOST]:
        yield f"  {paint(safe(exact_place(fault.at)), 'place')}  {fault.code} {safe(fault.summary)}"
        if fault.detail:
            yield f"          {safe(fault.detail)}"
    if len(assessment.unread) > MOST:
        yield f"  and {len(assessment.unread) - MOST} more"


def _issues(assessment: Assessment, paint: Paint, *, verbose: bool) -> Iterator[str]:
    for severity in Severity:
        issues = assessment.issues_of(severity)
        if issues:
            yield ""
            yield paint(f"{wording.PRIORITIES[severity]} ({len(issues)})", severity.value)
            for issue in issues:
                yield from _issue(assessment, issue, paint, verbose=verbose)


def _issue(assessment: Assessment, issue: Issue, paint: Paint, *, verbose: bool) -> Iterator[str]:
    action = assessment.action(issue.action)
    yield f"  {issue.rule.code}  {_mark(assessment, issue.rule.code, paint)}{paint(safe(issue.title), 'heading')}"
    who = f"action {action.number}: {wording.owners(action.owners)}, {wording.hours(action.minutes)}"
    yield f"          {paint(safe(str(issue.at)), 'place')}  {safe(who)}"
    if verbose:
        for finding in (*issue.findings, *issue.evidence):
            new = "NEW  " if _is_new(assessment, finding) else ""
            yield f"          - {new}{safe(finding.message)} ({paint(safe(str(finding.at)), 'place')})"


def _decisions(assessment: Assessment, paint: Paint) -> Iterator[str]:
    if not assessment.decisions:
        return
    yield ""
    yield paint(f"⚖️ DECISIONS ({len(assessment.decisions)})", "decision")
    for decision in assessment.decisions:
        codes = ", ".join(rule.code for rule in decision.rules)
        number = assessment.action(decision.key).number
        mark = _mark(assessment, f"decision:{decision.key}", paint)
        yield f"  {mark}{paint(safe(decision.question), 'heading')}  {codes}"
        who = f"action {number}: {wording.owners(decision.owners)}, {wording.hours(decision.minutes)}"
        yield f"          {safe(who)}"
        for vote in decision.votes:
            places = ", ".join(str(at) for at in vote.at)
            said = safe(f"{wording.sources(vote.sources)}: {vote.text}")
            yield f"          - {said} ({paint(safe(places), 'place')})"
        for option in decision.options:
            yield f"          {option.key}: {safe(option.title)}"


def _decided(assessment: Assessment, paint: Paint, *, verbose: bool) -> Iterator[str]:
    """One line for what the recorded decisions settle, and their notices; those in force when asked for."""
    decided = assessment.decided
    if told := wording.decided(decided):
        yield ""
        yield paint(f"⚖️ {safe(told)} ({safe(decided.path)})", "heading")
    for one in decided.of(EntryState.IN_FORCE) if verbose else ():
        yield from (f"  {line}" for line in entry_lines(one, paint))
    for fault in decided.notices if verbose else decided.notices[:MOST]:
        yield f"  {paint(safe(str(fault.at)), 'place')}  {safe(fault.summary)}"
    if len(decided.notices) > MOST and not verbose:
        yield paint(f"  and {len(decided.notices) - MOST} more (-v lists them)", "quiet")


def _waivers(assessment: Assessment, paint: Paint, *, verbose: bool) -> Iterator[str]:
    """How many findings are waived, and every waiver that has no effect; those in force when asked for."""
    waivers = assessment.waivers
    if not waivers.listed:
        return
    yield ""
    yield paint(f"🔕 WAIVERS ({safe(wording.waived(waivers))})", "heading")
    idle = [waiver for waiver in waivers.listed if waiver.state is not State.IN_FORCE]
    for waiver in waivers.of(State.IN_FORCE) if verbose else ():
        decided = f"{', '.join(waiver.subjects)}: until {wording.last_day(waiver)} by {waiver.by}: {waiver.reason}"
        yield f"  {waiver.rule}  {safe(decided)} ({paint(safe(str(waiver.at)), 'place')})"
    for waiver in idle if verbose else idle[:MOST]:
        told = f"{waiver.rule or 'waiver'} {waiver.state}: {waiver.note}"
        yield f"  {safe(told)} ({paint(safe(str(waiver.at)), 'place')})"
    if len(idle) > MOST and not verbose:
        yield paint(f"  and {len(idle) - MOST} more (-v lists them)", "quiet")
    if waivers.more:
        yield paint(f"  and {waivers.more} more, which have no effect", "quiet")


def _unknowns(assessment: Assessment, paint: Paint, *, verbose: bool) -> Iterator[str]:
    files = [fact for fact in assessment.not_verified if not fact.needs]
    beyond = [fact for fact in assessment.not_verified if fact.needs]
    if files or beyond:
        yield ""
        yield paint(f"⏸️ NOT VERIFIED ({len(files) + len(beyond)})", "heading")
    for fact in files if verbose else files[:MOST]:
        place = f" ({paint(safe(str(fact.at)), 'place')})" if fact.at else ""
        yield f"  {safe(fact.text)}: {safe(fact.reason)}{place}"
    if len(files) > MOST and not verbose:
        yield paint(f"  and {len(files) - MOST} more (-v lists them)", "quiet")
    for fact in beyond if verbose else ():
        yield f"  {safe(fact.text)}: needs {fact.needs}"
    if beyond and not verbose:
        yield paint(
            f"  {wording.counted(len(beyond), 'fact')} that only AWS or GitHub can tell (-v lists them)", "quiet"
        )


def _verified(assessment: Assessment, paint: Paint, *, verbose: bool) -> Iterator[str]:
    """What a plan that was handed in answers, or why it answers nothing."""
    if assessment.verified:
        yield ""
        yield paint(f"🔎 VERIFIED ({len(assessment.verified)})", "heading")
    for fact in assessment.verified:
        yield f"  {safe(fact.text)} ({paint(safe(str(fact.at)), 'place')})"
    plan = assessment.model.plan_output
    if plan is None or not plan.differences:
        return
    yield ""
    told = wording.counted(len(plan.differences), "difference")
    yield paint(f"🔎 THE PLAN JSON WAS MADE OF OTHER FILES ({told}); it answers nothing", "heading")
    for fault in plan.differences if verbose else plan.differences[:MOST]:
        yield f"  - {safe(fault.summary)} ({paint(safe(str(fault.at)), 'place')})"
    if len(plan.differences) > MOST and not verbose:
        yield paint(f"  and {len(plan.differences) - MOST} more (-v lists them)", "quiet")


def _time(assessment: Assessment, paint: Paint) -> Iterator[str]:
    schedule = assessment.schedule
    effort = f"{wording.counted(len(assessment.actions), 'action')}, {wording.hours(schedule.effort_minutes)} of work"
    yield ""
    if schedule.ready_at:
        numbers = [str(assessment.action(key).number) for key in schedule.ready_chain]
        chain = f"{'action' if len(numbers) == 1 else 'actions'} {' → '.join(numbers)}"
        ready = f"{wording.hours(schedule.ready_minutes)}: {wording.moment(schedule.ready_at)} ({chain})"
        yield f"{paint('Time to ready', 'heading')} {ready}; {effort}"
    else:
        now = wording.hours(0) if assessment.verdict is Verdict.READY else wording.NOT_COMPUTABLE
        yield f"{paint('Time to ready', 'heading')} {now}; {effort}"
    planned = schedule.planned
    if planned.moment is None:
        yield f"{paint('Planned', 'heading')} no date stated for {assessment.environment.upper()}"
        return
    held = (
        f"kept, slack {wording.working_days(planned.slack_days or 0)}"
        if planned.kept
        else f"not kept, earliest {wording.moment(planned.earliest)}"
    )
    place = paint(safe(str(planned.moment.at)), "place")
    begins = planned.moment.begins()
    shown = wording.moment(begins) if planned.moment.start_time else wording.day(begins)
    yield f"{paint('Planned', 'heading')} {shown} ({place}): {held}"


def _documents(assessment: Assessment, documents: Sequence[str], paint: Paint) -> Iterator[str]:
    """The verdict once more, because its first line has long scrolled away, with what to open."""
    if documents:
        yield ""
        verdict = paint(wording.VERDICTS[assessment.verdict], ROLES[assessment.verdict])
        yield f"{verdict} - the documents:"
        yield from (f"  {safe(path)}" for path in documents)


def _next(assessment: Assessment, paint: Paint) -> Iterator[str]:
    yield ""
    if not assessment.actions:
        yield f"{paint('Next', 'heading')} nothing is left to do"
        return
    action = assessment.actions[0]
    yield f"{paint('Next', 'heading')} {safe(_step(action))}"


def _step(action: Action) -> str:
    step = f"action {action.number}, {action.title} ({wording.owners(action.owners)})"
    first = next(iter(action.closes), "")
    if not first:
        return step
    own = any(finding.rule.own for finding in action.findings if finding.rule.code == first)
    return f"{step}; `readiness {'rules show' if own else 'explain'} {first}` says why"


def rule_text(rule: Rule, paint: Paint, *, remedy: str, options: Sequence[str]) -> str:
    """One rule for a person: what must hold, why, how to fix it, how to settle it."""
    severity = rule.severity.value
    if rule.severity_unasked:
        severity += f" when the declared authority asks, {rule.severity_unasked.value} when none is declared"
    parts = [
        ("What must hold", rule.holds),
        ("Why", rule.why),
        ("How to fix", rule.fix),
        ("How to settle", rule.settle),
    ]
    if rule.decidable:
        parts[-1] = ("How to settle", f"{rule.settle} `readiness decide {rule.code}` records it; see `--help`.")
    lines = [
        paint(f"{rule.code} {rule.slug}: {rule.name}", "heading"),
        f"{severity}; {rule.kind.value} rule of the facet {rule.facet}; reads {', '.join(rule.reads)}",
        f"{wording.owners(rule.owners)}, {wording.hours(rule.minutes)}; action: {_open(remedy)}",
    ]
    for heading, text in parts:
        lines += ["", paint(heading, "heading"), *_wrapped(text)]
    if options:
        lines += ["", paint("Options", "heading"), *(line for option in options for line in _wrapped(_open(option)))]
    return "\n".join(lines) + "\n"


_PLACEHOLDER = regex(r"\{\w+\}")


def _open(title: str) -> str:
    """A title without the names of what only an assessment fills in."""
    return _PLACEHOLDER.sub("…", title)


def code_text(code: Code, paint: Paint) -> str:
    """One kind of fault for a person: what it means and the way out."""
    lines = [paint(f"{code}: {code.meaning}", "heading"), "", paint("Way out", "heading"), *_wrapped(code.way_out)]
    return "\n".join(lines) + "\n"


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False)
