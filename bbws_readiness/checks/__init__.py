"""The logic that rules name: one function per check, listed here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping

from bbws_readiness.checks import fields
from bbws_readiness.checks.conditions import CONDITIONS
from bbws_readiness.checks.later import Later
from bbws_readiness.checks.resources.deployed import buckets_in_question, functions_in_question
from bbws_readiness.checks.tables import general
from bbws_readiness.checks.unknown import neighbours_in_question, no_policies, others_in_question
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
    "missing-tables": Later("tables.presence.missing_tables"),
    "unplanned-tables": Later("tables.presence.unplanned_tables"),
    "replacing-change": Later("terraform.changes.replacing_change"),
    "stated-counts": Later("tables.counts.stated_counts"),
    "index-sets": Later("tables.indexes.index_sets"),
    "index-keys": Later("tables.indexes.index_keys_agree"),
    "key-types-agree": Later("tables.keys.key_types_agree"),
    "legal-key-types": Later("tables.keys.legal_key_types"),
    "written-keys": Later("tables.index_keys.written_keys"),
    "varying-sort-keys": Later("tables.index_keys.varying_sort_keys"),
    "duplicate-indexes": Later("tables.index_keys.duplicate_indexes"),
    # Names, tags, encryption.
    "full-names": Later("tables.naming.full_names"),
    "even-suffix": Later("tables.naming.even_suffix"),
    "required-tags": Later("tables.tags.required_tags"),
    "key-as-asked": Later("tables.encryption.key_as_asked"),
    # Durability and backup.
    "even-streams": Later("tables.durability.even_streams"),
    "stream-settings": Later("tables.durability.stream_settings"),
    "replicas-as-claimed": Later("tables.replicas.replicas_as_claimed"),
    "backups-declared": Later("tables.backup.backups_declared"),
    "backup-terms": Later("tables.backup.backup_terms"),
    # Settings, Terraform configuration, state.
    "missing-settings": Later("terraform.settings.missing_settings"),
    "unset-variable": Later("terraform.settings.unset_variable"),
    "undeclared-variable": Later("terraform.settings.undeclared_variable"),
    "uneven-variable": Later("terraform.uneven_settings.uneven_variable"),
    "account-or-region": Later("terraform.account_and_region.account_or_region"),
    "incomplete-flag": Later("terraform.flags.incomplete_flag"),
    "placeholder-value": Later("terraform.placeholders.placeholder_value"),
    "broken-configuration": Later("terraform.configuration.broken_configuration"),
    "unpinned-version": Later("terraform.pins.unpinned_version"),
    "unformatted-code": Later("terraform.formatting.unformatted_code"),
    "incomplete-backend": Later("terraform.state.incomplete_backend"),
    "tracked-state": Later("terraform.state.tracked_state"),
    "second-state": Later("commands.second_state.second_state"),
    "ignored-lock-file": Later("workflows.lock_file.ignored_lock_file"),
    # Workflows.
    "missing-workflow": Later("workflows.deploying.missing_workflow"),
    "missing-gate": Later("workflows.gates.missing_gate"),
    "unreviewed-plan": Later("workflows.gates.unreviewed_plan"),
    "unasserted-account": Later("workflows.account_guard.unasserted_account"),
    "diverging-state-key": Later("workflows.state_keys.diverging_state_key"),
    "bypassed-gate": Later("workflows.ways_in.bypassed_gate"),
    "gate-on-wrong-job": Later("workflows.doors.gate_on_wrong_job"),
    "duplicate-workflow": Later("workflows.doors.duplicate_workflow"),
    "unguarded-branch": Later("workflows.doors.unguarded_branch"),
    "masked-failure": Later("workflows.masking.masked_failure"),
    "misleading-summary": Later("workflows.reports.misleading_summary"),
    "fragile-run": Later("workflows.run_terms.fragile_run"),
    "dead-condition": Later("workflows.inputs.dead_condition"),
    "unused-input": Later("workflows.inputs.unused_input"),
    "missing-reference": Later("workflows.references.missing_reference"),
    "long-lived-credentials": Later("workflows.deploying.long_lived_credentials"),
    "missing-confirmation": Later("workflows.deploying.missing_confirmation"),
    # Validation.
    "missing-validation-script": Later("scripts.validation.missing_validation_script"),
    "unvalidated-deployment": Later("scripts.validation.unvalidated_deployment"),
    "stale-script": Later("scripts.expectations.stale_script"),
    "shallow-script": Later("scripts.depth.shallow_script"),
    # Access, secrets.
    "self-escalation": Later("access.escalation.self_escalation", no_policies),
    "wide-trust": Later("access.trust.wide_trust", no_policies),
    "untrusted-repository": Later("access.own_repository.untrusted_repository", no_policies),
    "missing-permission": Later("access.permissions.missing_permission", no_policies),
    "destructive-wildcard": Later("access.destruction.destructive_wildcard", no_policies),
    "committed-secret": Later("repository.secrets.committed_secret"),
    # Release.
    "release-mark": Later("repository.release.release_mark"),
    "clean-checkout": Later("repository.release.clean_checkout"),
    # Documents of the repository.
    "stale-file-list": Later("documents.file_lists.stale_file_list"),
    # The plan itself and its dates.
    "counts-and-lists": Later("documents.plans.counts_and_lists"),
    "plan-status": Later("documents.plans.plan_status"),
    "named-contacts": Later("documents.plans.named_contacts"),
    "unknown-workflow": Later("documents.plan_workflows.unknown_workflow"),
    "disagreeing-approvers": Later("documents.plan_parts.disagreeing_approvers"),
    "incomplete-plan": Later("documents.plan_parts.incomplete_plan"),
    "working-days": Later("documents.dates.working_days"),
    "inconsistent-period": Later("documents.periods.inconsistent_period"),
    # Commands in documents.
    "unrunnable-command": Later("commands.unrunnable.unrunnable_command"),
    "wrong-command-variables": Later("commands.variables.wrong_command_variables"),
    "missing-command-file": Later("commands.files.missing_command_file"),
    "wrong-test-data": Later("commands.test_data.wrong_test_data"),
    "platform-bound-command": Later("commands.forms.platform_bound_command"),
    "change-outside-terraform": Later("commands.changing.change_outside_terraform"),
    # Several projects.
    "late-dependency": Later("portfolio.deployment_order.late_dependency", others_in_question),
    "shared-claim": Later("portfolio.shared_claims.shared_claim", neighbours_in_question),
    "unproduced-name": Later("portfolio.produced_names.unproduced_name", neighbours_in_question),
    "owned-elsewhere": Later("tables.owned_elsewhere.owned_elsewhere", neighbours_in_question),
    # Other resources.
    "missing-resources": Later("resources.missing.missing_resources"),
    "public-buckets": Later("resources.buckets.public_buckets", buckets_in_question),
    "weak-buckets": Later("resources.buckets.weak_buckets", buckets_in_question),
    "open-endpoints": Later("resources.endpoints.open_endpoints"),
    "weak-functions": Later("resources.functions.weak_functions", functions_in_question),
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
