"""The logic that rules name: one function per check, listed here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping

from bbws_readiness.checks import (
    account_and_region,
    backup,
    changes,
    configuration,
    counts,
    dates,
    durability,
    encryption,
    gates,
    general,
    indexes,
    naming,
    plans,
    references,
    release,
    script_expectations,
    settings,
    state,
    tables,
    tags,
    validation,
    workflows,
)
from bbws_readiness.engine.check import Check

CHECKS: Mapping[str, Check] = {
    # Any field of the declared tables, as the rule's parameters say.
    "same-names": general.same_names,
    "same-value": general.same_value,
    "present": general.present,
    "equals": general.equals,
    "one-of": general.one_of,
    "matches": general.matches,
    "at-least": general.at_least,
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
    "broken-configuration": configuration.broken_configuration,
    "incomplete-backend": state.incomplete_backend,
    # Workflows.
    "missing-workflow": workflows.missing_workflow,
    "missing-gate": gates.missing_gate,
    "unreviewed-plan": gates.unreviewed_plan,
    "missing-reference": references.missing_reference,
    "long-lived-credentials": workflows.long_lived_credentials,
    # Validation.
    "missing-validation-script": validation.missing_validation_script,
    "unvalidated-deployment": validation.unvalidated_deployment,
    "stale-script": script_expectations.stale_script,
    # Release.
    "release-mark": release.release_mark,
    "clean-checkout": release.clean_checkout,
    # The plan itself and its dates.
    "counts-and-lists": plans.counts_and_lists,
    "plan-status": plans.plan_status,
    "named-contacts": plans.named_contacts,
    "working-days": dates.working_days,
}
"""Every check by the name that rules use, area by area in the order of the catalogue."""
