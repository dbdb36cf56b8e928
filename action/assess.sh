#!/usr/bin/env bash
# Assesses, without a token, and keeps the exit code for the end: a comment is owed to those who are not ready, too.
#
# Takes PROGRAM, ENVIRONMENT, PROJECT, OUTPUT_DIR, variables that readiness reads itself (READINESS_*), and the runner's
# own RUNNER_TEMP, GITHUB_WORKSPACE and GITHUB_OUTPUT. Sets the output `exit-code`; readiness sets the others.
set -euo pipefail

# A path of the caller begins in the workspace, as everywhere in a workflow; this script runs outside of it.
in_workspace() {
  case $1 in
    '' | /*) printf '%s' "$1" ;;
    *) printf '%s/%s' "$GITHUB_WORKSPACE" "$1" ;;
  esac
}

for name in READINESS_CONFIG READINESS_BASELINE READINESS_PROMOTION_PLAN READINESS_PLAN_JSON; do
  export "$name=$(in_workspace "${!name-}")"
done
project=$(in_workspace "${PROJECT:-.}")
report=$(in_workspace "${OUTPUT_DIR-}")
if [[ -z $report ]]; then
  report=$(mktemp -d "$RUNNER_TEMP/readiness-report.XXXXXX")
fi

code=0
"$PROGRAM" assess \
  --output-dir "$report" \
  --format github \
  --format "json=$report/readiness.json" \
  --format "sarif=$report/readiness.sarif" \
  --format "junit=$report/readiness.junit.xml" \
  -- "$ENVIRONMENT" "$project" || code=$?
printf 'exit-code=%s\n' "$code" >>"$GITHUB_OUTPUT"

# What the project was at its base, for the comment. Where it cannot be told, the comment says no more than how it is.
if [[ -n ${READINESS_BASE-} && -f $report/readiness.json ]]; then
  READINESS_FAIL_ON=never "$PROGRAM" comment --keep "$report/comment" --output "$report/readiness.comment.md" \
    -- "$ENVIRONMENT" "$project" || true
fi
