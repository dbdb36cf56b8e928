"""The logic that rules name: one function per check, listed here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping

from bbws_readiness.checks import (
    account_and_region,
    backup,
    buckets,
    changes,
    configuration,
    counts,
    dates,
    durability,
    encryption,
    endpoints,
    fields,
    flags,
    functions,
    gates,
    general,
    indexes,
    naming,
    pins,
    placeholders,
    plan_parts,
    plan_workflows,
    plans,
    references,
    release,
    resources,
    script_expectations,
    secrets,
    settings,
    state,
    tables,
    tags,
    validation,
    workflows,
)
from bbws_readiness.checks.conditions import CONDITIONS
from bbws_readiness.engine.check import Check
from bbws_readiness.engine.signature import Signature

CHECKS: Mapping[str, Check] = {
    # Any field of any noun, as the rule's parameters say.
    "same-names": general.same_names,
    "same-value": general.same_value,
    **{name: fields.holding(name) for name in CONDITIONS},
    "unique": fields.unique,
    "count": fields.count,
    # Tables, counts, indexes.
    "missing-tables": tables.missing_tables,
    "unplanned-tables": tables.unplanned_tables,
    "replacing-change": changes.replacing_change,
    "stated-counts": counts.stated_counts,
    "index-sets": indexes.index_sets,
    "index-keys": indexes.index_keys_agree,
    # Names, tags, encryption.
    "full-names": naming.full_names,
    "even-suffix": naming.even_suffix,
    "required-tags": tags.required_tags,
    "key-as-asked": encryption.key_as_asked,
    # Durability and backup.
    "even-streams": durability.even_streams,
    "stream-settings": durability.stream_settings,
    "backups-declared": backup.backups_declared,
    "backup-terms": backup.backup_terms,
    # Settings, Terraform configuration, state.
    "missing-settings": settings.missing_settings,
    "unset-variable": settings.unset_variable,
    "undeclared-variable": settings.undeclared_variable,
    "account-or-region": account_and_region.account_or_region,
    "incomplete-flag": flags.incomplete_flag,
    "placeholder-value": placeholders.placeholder_value,
    "broken-configuration": configuration.broken_configuration,
    "unpinned-version": pins.unpinned_version,
    "incomplete-backend": state.incomplete_backend,
    "tracked-state": state.tracked_state,
    # Workflows.
    "missing-workflow": workflows.missing_workflow,
    "missing-gate": gates.missing_gate,
    "unreviewed-plan": gates.unreviewed_plan,
    "missing-reference": references.missing_reference,
    "long-lived-credentials": workflows.long_lived_credentials,
    "missing-confirmation": workflows.missing_confirmation,
    # Validation.
    "missing-validation-script": validation.missing_validation_script,
    "unvalidated-deployment": validation.unvalidated_deployment,
    "stale-script": script_expectations.stale_script,
    # Secrets.
    "committed-secret": secrets.committed_secret,
    # Release.
    "release-mark": release.release_mark,
    "clean-checkout": release.clean_checkout,
    # The plan itself and its dates.
    "counts-and-lists": plans.counts_and_lists,
    "plan-status": plans.plan_status,
    "named-contacts": plans.named_contacts,
    "unknown-workflow": plan_workflows.unknown_workflow,
    "disagreeing-approvers": plan_parts.disagreeing_approvers,
    "incomplete-plan": plan_parts.incomplete_plan,
    "working-days": dates.working_days,
    # Other resources.
    "missing-resources": resources.missing_resources,
    "public-buckets": buckets.public_buckets,
    "weak-buckets": buckets.weak_buckets,
    "open-endpoints": endpoints.open_endpoints,
    "weak-functions": functions.weak_functions,
}
"""Every check by the name that rules use, area by area in the order of the catalogue."""

SIGNATURES: Mapping[str, Signature] = {
    "same-names": general.SAME_NAMES,
    "same-value": general.SAME_VALUE,
    **{name: fields.signature_of(name) for name in CONDITIONS},
    "unique": fields.UNIQUE,
    "count": fields.COUNT,
}
"""The checks that rules of a project may name, with what each takes and tells."""
