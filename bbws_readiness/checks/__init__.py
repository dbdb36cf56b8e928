"""The logic that rules name: one function per check, listed here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping

from bbws_readiness.checks import fields
from bbws_readiness.checks.access import destruction, escalation, own_repository, permissions, trust
from bbws_readiness.checks.commands import changing, files, forms, second_state, test_data, unrunnable, variables
from bbws_readiness.checks.conditions import CONDITIONS
from bbws_readiness.checks.documents import dates, file_lists, periods, plan_parts, plan_workflows, plans
from bbws_readiness.checks.portfolio import deployment_order, produced_names, shared_claims
from bbws_readiness.checks.repository import release, secrets
from bbws_readiness.checks.resources import buckets, endpoints, functions, missing
from bbws_readiness.checks.scripts import depth, expectations, validation
from bbws_readiness.checks.tables import (
    backup,
    counts,
    durability,
    encryption,
    general,
    index_keys,
    indexes,
    keys,
    naming,
    owned_elsewhere,
    presence,
    replicas,
    tags,
)
from bbws_readiness.checks.terraform import (
    account_and_region,
    changes,
    configuration,
    flags,
    formatting,
    pins,
    placeholders,
    settings,
    state,
    uneven_settings,
)
from bbws_readiness.checks.workflows import (
    account_guard,
    deploying,
    doors,
    gates,
    inputs,
    lock_file,
    masking,
    references,
    reports,
    run_terms,
    state_keys,
    ways_in,
)
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
    "missing-tables": presence.missing_tables,
    "unplanned-tables": presence.unplanned_tables,
    "replacing-change": changes.replacing_change,
    "stated-counts": counts.stated_counts,
    "index-sets": indexes.index_sets,
    "index-keys": indexes.index_keys_agree,
    "key-types-agree": keys.key_types_agree,
    "legal-key-types": keys.legal_key_types,
    "written-keys": index_keys.written_keys,
    "varying-sort-keys": index_keys.varying_sort_keys,
    "duplicate-indexes": index_keys.duplicate_indexes,
    # Names, tags, encryption.
    "full-names": naming.full_names,
    "even-suffix": naming.even_suffix,
    "required-tags": tags.required_tags,
    "key-as-asked": encryption.key_as_asked,
    # Durability and backup.
    "even-streams": durability.even_streams,
    "stream-settings": durability.stream_settings,
    "replicas-as-claimed": replicas.replicas_as_claimed,
    "backups-declared": backup.backups_declared,
    "backup-terms": backup.backup_terms,
    # Settings, Terraform configuration, state.
    "missing-settings": settings.missing_settings,
    "unset-variable": settings.unset_variable,
    "undeclared-variable": settings.undeclared_variable,
    "uneven-variable": uneven_settings.uneven_variable,
    "account-or-region": account_and_region.account_or_region,
    "incomplete-flag": flags.incomplete_flag,
    "placeholder-value": placeholders.placeholder_value,
    "broken-configuration": configuration.broken_configuration,
    "unpinned-version": pins.unpinned_version,
    "unformatted-code": formatting.unformatted_code,
    "incomplete-backend": state.incomplete_backend,
    "tracked-state": state.tracked_state,
    "second-state": second_state.second_state,
    "ignored-lock-file": lock_file.ignored_lock_file,
    # Workflows.
    "missing-workflow": deploying.missing_workflow,
    "missing-gate": gates.missing_gate,
    "unreviewed-plan": gates.unreviewed_plan,
    "unasserted-account": account_guard.unasserted_account,
    "diverging-state-key": state_keys.diverging_state_key,
    "bypassed-gate": ways_in.bypassed_gate,
    "gate-on-wrong-job": doors.gate_on_wrong_job,
    "duplicate-workflow": doors.duplicate_workflow,
    "unguarded-branch": doors.unguarded_branch,
    "masked-failure": masking.masked_failure,
    "misleading-summary": reports.misleading_summary,
    "fragile-run": run_terms.fragile_run,
    "dead-condition": inputs.dead_condition,
    "unused-input": inputs.unused_input,
    "missing-reference": references.missing_reference,
    "long-lived-credentials": deploying.long_lived_credentials,
    "missing-confirmation": deploying.missing_confirmation,
    # Validation.
    "missing-validation-script": validation.missing_validation_script,
    "unvalidated-deployment": validation.unvalidated_deployment,
    "stale-script": expectations.stale_script,
    "shallow-script": depth.shallow_script,
    # Access, secrets.
    "self-escalation": escalation.self_escalation,
    "wide-trust": trust.wide_trust,
    "untrusted-repository": own_repository.untrusted_repository,
    "missing-permission": permissions.missing_permission,
    "destructive-wildcard": destruction.destructive_wildcard,
    "committed-secret": secrets.committed_secret,
    # Release.
    "release-mark": release.release_mark,
    "clean-checkout": release.clean_checkout,
    # Documents of the repository.
    "stale-file-list": file_lists.stale_file_list,
    # The plan itself and its dates.
    "counts-and-lists": plans.counts_and_lists,
    "plan-status": plans.plan_status,
    "named-contacts": plans.named_contacts,
    "unknown-workflow": plan_workflows.unknown_workflow,
    "disagreeing-approvers": plan_parts.disagreeing_approvers,
    "incomplete-plan": plan_parts.incomplete_plan,
    "working-days": dates.working_days,
    "inconsistent-period": periods.inconsistent_period,
    # Commands in documents.
    "unrunnable-command": unrunnable.unrunnable_command,
    "wrong-command-variables": variables.wrong_command_variables,
    "missing-command-file": files.missing_command_file,
    "wrong-test-data": test_data.wrong_test_data,
    "platform-bound-command": forms.platform_bound_command,
    "change-outside-terraform": changing.change_outside_terraform,
    # Several projects.
    "late-dependency": deployment_order.late_dependency,
    "shared-claim": shared_claims.shared_claim,
    "unproduced-name": produced_names.unproduced_name,
    "owned-elsewhere": owned_elsewhere.owned_elsewhere,
    # Other resources.
    "missing-resources": missing.missing_resources,
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
