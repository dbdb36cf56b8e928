"""A hand-built assessment of a small project, in the states that documents must be able to tell apart."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal

from msgspec.structs import replace

from bbws_readiness.assess.assessment import (
    Action,
    Approver,
    AreaCoverage,
    Assessment,
    ContactEntry,
    Cost,
    CostLine,
    Coverage,
    Decision,
    Deduction,
    Downstream,
    Input,
    Issue,
    NotVerified,
    Phase,
    PlannedDeployment,
    Prerequisite,
    Schedule,
    Score,
    Slot,
    Verdict,
)
from bbws_readiness.config import Config
from bbws_readiness.engine.finding import Finding, Outcome, Standing, Vote
from bbws_readiness.engine.rule import Kind, Option, Risk, Rule, Severity, Task
from bbws_readiness.fact import Fact, Unknown
from bbws_readiness.model.backups import Backup
from bbws_readiness.model.environments import Environment
from bbws_readiness.model.model import Model, SchemaSet
from bbws_readiness.model.plans import BlockedProject, Criterion, EnvironmentDates, Moment, Plan
from bbws_readiness.model.readmes import Readme
from bbws_readiness.model.repository import NOT_THE_TOP, Repository
from bbws_readiness.model.resources import Backend, Configuration, Resource
from bbws_readiness.model.scripts import ValidationScript
from bbws_readiness.model.tables import BackupTerms, Count, Index, Streams, Table
from bbws_readiness.model.workflows import Input as WorkflowInput
from bbws_readiness.model.workflows import Job, TerraformCommand, Workflow
from bbws_readiness.model.workflows import Step as WorkflowStep
from bbws_readiness.source import Location, SourceKind

PLAN = "promotions/07_parcels_promotion.md"
MAIN = "terraform/parcels/main.tf"
SIT = ".github/workflows/deploy-sit.yml"
AS_OF = datetime(2026, 1, 7)


def at(path: str, line: int = 1) -> Location:
    return Location(path, line)


def table(name: str, indexes: tuple[str, ...], path: str, line: int, *, full: str = "", streams: bool = False) -> Table:
    place = at(path, line)
    return Table(
        name=name,
        full_name=Fact(full or name, place),
        at=place,
        address=f"aws_dynamodb_table.{name}" if path == MAIN else None,
        indexes=tuple(Index(Fact(index, at(path, line + 1)), at(path, line + 1)) for index in indexes),
        recovery=Fact(True, place),
        streams=Streams(Fact(streams, place)),
    )


def rule(code: str, slug: str, name: str, severity: Severity, remedy: str, **more: object) -> Rule:
    values: dict[str, object] = {
        "code": code,
        "slug": slug,
        "name": name,
        "title": name,
        "kind": Kind.COMPARE,
        "facet": "tables",
        "severity": severity,
        "check": "none",
        "remedy": remedy,
        "holds": f"{name} does not happen.",
        "why": "Consumers fail on their first call.",
        "messages": {},
        "at": at(f"rules/{code}.yaml"),
        "lesson": f"Check {slug} before every review.",
        "risk": Risk(f"{name} breaks consumers.", "HIGH", None),
        **more,
    }
    return Rule(**values)  # type: ignore[arg-type]


TBL001 = rule("TBL001", "missing-table", "Missing tables", Severity.CRITICAL, "missing-tables")
BKP001 = rule("BKP001", "no-backup", "No backup", Severity.CRITICAL, "backup", facet="backup", kind=Kind.DEMAND)
PLN001 = rule(
    "PLN001", "plan-counts", "Plan contradicts itself", Severity.MEDIUM, "documentation", facet="plan", kind=Kind.SELF
)
TFC001 = rule("TFC001", "unparsed", "Unreadable Terraform", Severity.CRITICAL, "fix", kind=Kind.ALONE, gating=True)
WFL001 = rule("WFL001", "no-gate", "No approval gate", Severity.HIGH, "gate", facet="workflow", kind=Kind.ALONE)
RULES = (TBL001, BKP001, TFC001, WFL001, PLN001)

MISSING = Finding(
    TBL001,
    Outcome.FAIL,
    "depots",
    at(PLAN, 20),
    "`depots`: named by plan; not declared (`carriers`, `routes` are)",
    "tables",
    expected="3: carriers, depots, routes (plan)",
    actual="2: carriers, routes",
    standing=Standing.DEFECT,
    severity=Severity.CRITICAL,
    authority=SourceKind.PLAN,
)
NO_BACKUP = Finding(
    BKP001,
    Outcome.FAIL,
    "backup",
    at(PLAN, 31),
    "plan asks for hourly backups, kept 7 days; no vault, plan or selection is declared",
    "backup",
    expected="hourly, 7 days (plan)",
    actual="no backup resources",
    standing=Standing.DEFECT,
    severity=Severity.CRITICAL,
)
PLAN_COUNTS = Finding(
    PLN001,
    Outcome.FAIL,
    "indexes",
    at(PLAN, 22),
    "plan states 4 indexes and lists 3",
    "plan",
    expected="4",
    actual="3",
    standing=Standing.DEFECT,
    severity=Severity.MEDIUM,
)
GATE = Finding(WFL001, Outcome.PASS, "approval", at(SIT, 20), "gate `sit-approval` covers apply", "workflow")
PARSED = Finding(TFC001, Outcome.PASS, "terraform", at(MAIN), "3 of 3 files parse", "configuration")
VOTES = (
    Vote((SourceKind.PLAN,), "3", (at(PLAN, 20),)),
    Vote((SourceKind.TERRAFORM, SourceKind.SCHEMAS), "2", (at(MAIN, 3), at("schemas", 0))),
)
OPTIONS = (
    Option(
        "A",
        "declare `depots`",
        f"{MAIN}:40, schemas/depots.schema.json",
        pro="consumers can start",
        con="needs a design",
        minutes=180,
        favours=(SourceKind.PLAN,),
    ),
    Option(
        "B",
        "take `depots` out of the plan",
        f"{PLAN}:20",
        pro="nothing to build",
        con="consumers must change",
        minutes=60,
        irreversible="none of the plan's consumers can be deployed",
        favours=(SourceKind.TERRAFORM, SourceKind.SCHEMAS, SourceKind.README, SourceKind.SCRIPT),
    ),
)
NOT_VERIFIED = (
    NotVerified("bucket", "AWS", "state bucket `parcels-state-sit` exists", "", at(SIT, 30), False),
    NotVerified("reviewers", "GitHub", "`sit-approval` has reviewers", "", at(SIT, 20), False),
)


def action(number: int, key: str, title: str, priority: Severity, phase: str, minutes: int, **more: object) -> Action:
    values: dict[str, object] = {
        "number": number,
        "key": key,
        "title": title,
        "priority": priority,
        "owners": ("DevOps Engineer",),
        "minutes": minutes,
        "phase": phase,
        "after": (),
        "issues": (),
        "decision": None,
        "findings": (),
        "options": (),
        "tasks": (Task("do", f"Do it: {title}"), Task("record", "Record it")),
        "edits": (),
        "not_verified": (),
        "group": "Terraform Implementation",
        "deliverable": f"Result of {key}",
        "summary": {},
        **more,
    }
    return Action(**values)  # type: ignore[arg-type]


def model() -> Model:
    carriers = table("carriers", ("ByCountry", "ActiveIndex"), MAIN, 3, full="carriers-sit", streams=True)
    routes = table("routes", ("ByDay",), MAIN, 23)
    schema_tables = (
        replace(
            table("carriers", ("ByCountry", "ActiveIndex"), "schemas/carriers.schema.json", 2),
            backups={
                "sit": BackupTerms(
                    at("schemas/carriers.schema.json", 40),
                    Fact("daily", at("schemas/carriers.schema.json", 40)),
                    Fact(14, at("schemas/carriers.schema.json", 40)),
                )
            },
        ),
        table("routes", ("ByDay",), "schemas/routes.schema.json", 2),
    )
    plan = Plan(
        path=PLAN,
        at=at(PLAN),
        plan_id=Fact("PROM-PAR-007", at(PLAN, 3)),
        project=Fact("parcels", at(PLAN, 4)),
        tables=(
            table("carriers", ("ByCountry",), PLAN, 18),
            table("depots", ("ByCity",), PLAN, 20),
            table("routes", ("ByDay",), PLAN, 21),
        ),
        counts=(Count("indexes", Fact(4, at(PLAN, 22))), Count("tables", Fact(3, at(PLAN, 17)))),
        backup={"sit": BackupTerms(at(PLAN, 31), Fact("hourly", at(PLAN, 31)), Fact(7, at(PLAN, 31)))},
        environments=(Environment("sit", at(PLAN, 10)),),
        dates={
            "sit": EnvironmentDates(
                deployment=planned_moment(), sign_off=replace(planned_moment(), at=at(PLAN, 52), text="Jan 16")
            )
        },
        blocks=(BlockedProject("depot_lambda", at(PLAN, 60), "Wave 1"),),
        success=(Criterion("All 3 tables exist", "sit", at(PLAN, 70)),),
    )
    workflow = Workflow(
        path=SIT,
        at=at(SIT),
        name="Deploy to SIT",
        triggers=(Fact("workflow_dispatch", at(SIT, 3)),),
        inputs=(WorkflowInput("component", at(SIT, 5), "choice", True, "parcels", ("parcels",)),),
        jobs=(
            Job("plan", at(SIT, 10), steps=(WorkflowStep("init", at(SIT, 12), terraform=(init(),)),)),
            Job(
                "approval",
                at(SIT, 20),
                needs=(Fact("plan", at(SIT, 21)),),
                environment=Fact("sit-approval", at(SIT, 22)),
            ),
            Job("apply", at(SIT, 30), needs=(Fact("approval", at(SIT, 31)),), environment=Fact("sit", at(SIT, 32))),
        ),
        environment=Fact("sit", at(SIT, 8)),
        branches=(Fact("main", at(SIT, 4)),),
        role_secret=Fact("AWS_ROLE_SIT", at(SIT, 14)),
    )
    unknown: Fact[tuple[str, ...]] = Fact((), at(".git", 0))
    return Model(
        environment="sit",
        environments=("dev", "sit"),
        configuration=Configuration(
            directory="terraform/parcels",
            files=(MAIN, "terraform/parcels/variables.tf"),
            complete=True,
            resources=(
                Resource(
                    "aws_dynamodb_table.carriers", "aws_dynamodb_table", Fact("carriers-sit", at(MAIN, 3)), at(MAIN, 3)
                ),
                Resource("aws_dynamodb_table.routes", "aws_dynamodb_table", Fact("routes", at(MAIN, 23)), at(MAIN, 23)),
            ),
            backend=Backend("s3", at("terraform/parcels/versions.tf", 3)),
        ),
        terraform_tables=(carriers, routes),
        backup=Backup(),
        schemas=SchemaSet("schemas", at("schemas", 0), schema_tables),
        workflows=(workflow,),
        scripts=(
            ValidationScript(
                "scripts/validate_dev.py", at("scripts/validate_dev.py"), Fact("dev", at("scripts/validate_dev.py", 4))
            ),
        ),
        plan=plan,
        readme=Readme(
            "README.md",
            at("README.md"),
            tables=(table("carriers", (), "README.md", 9), table("routes", (), "README.md", 10)),
        ),
        repository=Repository(
            commit=Fact("0123456789abcdef0123456789abcdef01234567", at(".git", 0)),
            branch=Fact("main", at(".git", 0)),
            changed_files=unknown,
            tags=unknown,
            all_tags=unknown,
            tracked=unknown,
            remote=Fact("https://github.com/example/parcels", at(".git", 0)),
        ),
    )


def init() -> TerraformCommand:
    backend = {
        "bucket": "parcels-state-sit",
        "key": "parcels/terraform.tfstate",
        "region": "eu-west-1",
        "encrypt": "true",
    }
    return TerraformCommand(
        "init",
        at(SIT, 13),
        Fact("terraform/parcels", at(SIT, 12)),
        backend={key: Fact(value, at(SIT, 13)) for key, value in backend.items()},
    )


def planned_moment() -> Moment:
    return Moment(date(2026, 1, 13), date(2026, 1, 13), time(9), None, at(PLAN, 50), "Jan 13, 9:00 AM")


def blocked() -> Assessment:
    """The plan is the authority: two critical issues."""
    missing = Issue(
        TBL001, "Missing tables: depots", Severity.CRITICAL, Standing.DEFECT, (MISSING,), (), VOTES, "missing-tables"
    )
    backup = Issue(
        BKP001, "No backup vault, plan or selection", Severity.CRITICAL, Standing.DEFECT, (NO_BACKUP,), (), (), "backup"
    )
    counts = Issue(
        PLN001,
        "Plan contradicts itself: 4 indexes stated, 3 listed",
        Severity.MEDIUM,
        Standing.DEFECT,
        (PLAN_COUNTS,),
        (),
        (),
        "documentation",
    )
    actions = (
        action(
            1,
            "missing-tables",
            "Resolve missing tables",
            Severity.CRITICAL,
            "decide",
            240,
            issues=(missing,),
            findings=(MISSING,),
            options=OPTIONS,
            owners=("Tech Lead", "Product Owner"),
        ),
        action(
            2,
            "backup",
            "Add backup vault, plan, selection",
            Severity.CRITICAL,
            "build",
            180,
            issues=(backup,),
            findings=(NO_BACKUP,),
            after=(Prerequisite("missing-tables"),),
        ),
        action(
            3,
            "documentation",
            "Update documentation",
            Severity.MEDIUM,
            "build",
            60,
            issues=(counts,),
            findings=(PLAN_COUNTS,),
            edits=(PLAN_COUNTS,),
        ),
        action(
            4,
            "verify-aws",
            "Verify AWS resources",
            Severity.MEDIUM,
            "verify",
            30,
            not_verified=NOT_VERIFIED,
            after=(Prerequisite("", "access to SIT"),),
        ),
    )
    return Assessment(
        project="2_1_parcels",
        slug="parcels",
        component="parcels",
        title="Parcels",
        environment="sit",
        account=Fact("815856636111", at("terraform/parcels/environments/sit.tfvars", 2)),
        region=Fact("eu-west-1", at("terraform/parcels/environments/sit.tfvars", 3)),
        as_of=AS_OF,
        tool_version="1.0.0",
        verdict=Verdict.BLOCKED,
        reason="2 critical issues stand in the way.",
        score=Score(
            Decimal(55),
            (
                Deduction("TBL001", "Missing tables", Severity.CRITICAL, Decimal(20)),
                Deduction("BKP001", "No backup", Severity.CRITICAL, Decimal(20)),
                Deduction("PLN001", "Plan", Severity.MEDIUM, Decimal(5)),
            ),
        ),
        coverage=Coverage(
            5,
            7,
            2,
            (
                AreaCoverage("TBL", 0, 1, 0, 0, 0),
                AreaCoverage("BKP", 0, 1, 0, 0, 0),
                AreaCoverage("TFC", 1, 0, 0, 0, 0),
                AreaCoverage("WFL", 1, 0, 0, 1, 0),
                AreaCoverage("PLN", 0, 1, 0, 0, 0),
            ),
        ),
        findings=(MISSING, NO_BACKUP, PLAN_COUNTS, PARSED, GATE),
        issues=(missing, backup, counts),
        decisions=(),
        not_verified=NOT_VERIFIED,
        actions=actions,
        schedule=schedule(actions),
        cost=cost(),
        approvers=(Approver("Tech Lead", at(PLAN, 80), "architecture"), Approver("DBA", at(PLAN, 81), "")),
        contacts=(
            ContactEntry("Tech Lead", Fact("tech-lead@example.org", at("readiness.yaml", 4)), "Architecture", (1,)),
            ContactEntry("Product Owner", None, "", (1,)),
            ContactEntry("DevOps Engineer", None, "Deployment", (2, 3, 4)),
        ),
        downstream=(Downstream("depot_lambda", "Wave 1", at(PLAN, 60), "depots", False),),
        inputs=(
            Input(MAIN, SourceKind.TERRAFORM, 1200, 44, "a" * 64),
            Input(PLAN, SourceKind.PLAN, 4000, 90, "b" * 64),
        ),
        unread=(),
        diagnostics=(),
        config=Config(
            distribution="Internal team only", authority={"default": (SourceKind.PLAN, SourceKind.TERRAFORM)}
        ),
        model=model(),
        rules=RULES,
    )


def schedule(actions: tuple[Action, ...]) -> Schedule:
    start, end = datetime(2026, 1, 8, 9), datetime(2026, 1, 8, 16)
    slots = {
        "missing-tables": Slot("missing-tables", start, datetime(2026, 1, 8, 13), 0),
        "backup": Slot("backup", datetime(2026, 1, 8, 13), end, 0),
        "documentation": Slot("documentation", start, datetime(2026, 1, 8, 10), 360),
        "verify-aws": Slot("verify-aws", start, datetime(2026, 1, 8, 9, 30), 390),
    }
    return Schedule(
        start=start,
        slots={key: slot for key, slot in slots.items() if any(one.key == key for one in actions)},
        ready_minutes=420,
        ready_chain=("missing-tables", "backup"),
        ready_at=end,
        all_minutes=420,
        all_chain=("missing-tables", "backup"),
        all_done_at=end,
        effort_minutes=sum(one.minutes for one in actions),
        phases=(
            Phase("decide", "Decide", ("missing-tables",), start, datetime(2026, 1, 8, 13)),
            Phase("build", "Build", ("backup", "documentation"), start, end),
            Phase("verify", "Verify", ("verify-aws",), start, datetime(2026, 1, 8, 9, 30)),
            Phase("release", "Release", (), None, None),
            Phase("deploy", "Deploy", (), None, None),
        ),
        planned=PlannedDeployment(planned_moment(), True, 2, 0, datetime(2026, 1, 13, 9)),
        default_calendar=True,
    )


def cost() -> Cost:
    lines = (
        CostLine("tables", 2, Decimal("5.00"), Decimal(10), True, at("readiness.yaml", 20)),
        CostLine("backups", 2, Decimal(10), Decimal(20), False, at("readiness.yaml", 21)),
    )
    return Cost(lines, Decimal("5.00"), Decimal(10), "USD", "2026-01-01")


def undecided() -> Assessment:
    """Nobody has said who is right: one decision, no critical issue."""
    base = blocked()
    finding = replace(MISSING, standing=Standing.DECISION, authority=None)
    decision = Decision(
        "missing-tables", "Which tables?", (TBL001,), (finding,), VOTES, OPTIONS, ("Tech Lead", "Product Owner"), 240
    )
    first = replace(base.actions[0], issues=(), decision=decision, findings=(finding,), priority=Severity.HIGH)
    actions = (first, *base.actions[2:])
    plan = replace(base.schedule, ready_chain=("missing-tables",), ready_minutes=240, ready_at=datetime(2026, 1, 8, 13))
    phases = tuple(
        replace(phase, actions=tuple(key for key in phase.actions if key != "backup")) for phase in plan.phases
    )
    return replace(
        base,
        verdict=Verdict.CONDITIONAL,
        reason="1 decision must be settled first.",
        findings=(finding, PLAN_COUNTS, PARSED, GATE),
        issues=base.issues[2:],
        decisions=(decision,),
        actions=actions,
        schedule=replace(
            plan, phases=phases, all_chain=("missing-tables",), effort_minutes=sum(one.minutes for one in actions)
        ),
        contacts=base.contacts[:2],
        config=replace(base.config, authority={}),
    )


def ready() -> Assessment:
    """Nothing stands in the way."""
    base = blocked()
    actions = (replace(base.actions[3], number=1),)
    plan = replace(
        base.schedule,
        slots={"verify-aws": base.schedule.slots["verify-aws"]},
        ready_minutes=0,
        ready_chain=(),
        ready_at=None,
        all_minutes=30,
        all_chain=("verify-aws",),
        effort_minutes=30,
        phases=tuple(
            replace(
                phase,
                actions=phase.actions if phase.name == "verify" else (),
                start=phase.start if phase.name == "verify" else None,
            )
            for phase in base.schedule.phases
        ),
    )
    return replace(
        base,
        verdict=Verdict.READY,
        reason="No blocking issue and no open decision.",
        score=Score(Decimal("97.5"), ()),
        findings=(PARSED, GATE),
        issues=(),
        actions=actions,
        schedule=plan,
        contacts=(replace(base.contacts[2], open_actions=(1,)),),
        config=replace(base.config, authority={"default": (SourceKind.TERRAFORM,)}),
    )


def undetermined() -> Assessment:
    """A gating fact cannot be told from the files."""
    base = ready()
    gating = NotVerified("terraform", "", "Terraform parses", "unclosed block", at(MAIN, 12), True)
    finding = Finding(TFC001, Outcome.UNDETERMINED, "terraform", at(MAIN, 12), "unclosed block", "configuration")
    return replace(
        base,
        verdict=Verdict.UNDETERMINED,
        reason="1 needed fact could not be determined from the files.",
        not_verified=(gating, *base.not_verified),
        findings=(finding, GATE),
    )


def bare() -> Assessment:
    """A project of which only Terraform is known: nothing is said by anybody else."""
    base = ready()
    lost: Fact[str] = Fact(Unknown(NOT_THE_TOP), at(".", 0))
    none: Fact[tuple[str, ...]] = Fact(Unknown(NOT_THE_TOP), at(".", 0))
    small = Model(
        environment="sit",
        environments=("sit",),
        configuration=base.model.configuration,
        terraform_tables=base.model.terraform_tables,
        repository=Repository(lost, lost, none, none, none, none, lost),
    )
    return replace(
        base,
        model=small,
        account=None,
        region=None,
        cost=Cost((), Decimal(0), Decimal(0), "USD", ""),
        approvers=(),
        contacts=(),
        downstream=(),
        actions=(),
        not_verified=(),
        schedule=replace(
            base.schedule,
            slots={},
            all_chain=(),
            all_minutes=0,
            all_done_at=None,
            effort_minutes=0,
            phases=(),
            planned=PlannedDeployment(None, None, None, None, datetime(2026, 1, 8, 9)),
        ),
        config=Config(),
    )


def unreadable() -> Assessment:
    """Nothing but a folder name is known."""
    base = bare()
    gating = NotVerified("unread-terraform", "", "terraform could not be read", "not UTF-8", at(MAIN, 0), True)
    return replace(
        base,
        verdict=Verdict.UNDETERMINED,
        reason="No Terraform configuration was found.",
        model=Model(environment="sit", environments=("sit",)),
        score=Score(Decimal(100), ()),
        coverage=Coverage(0, 1, 0, ()),
        findings=(),
        not_verified=(gating,),
        inputs=(),
        rules=(),
    )


STATES = {
    "blocked": blocked,
    "conditional": undecided,
    "ready": ready,
    "undetermined": undetermined,
    "bare": bare,
}
