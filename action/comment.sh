#!/usr/bin/env bash
# Posts the comment with the token, out of the files that assess.sh has left: the project is not read here.
#
# Takes PROGRAM, ENVIRONMENT, PROJECT, MODE, BASE (what is compared with, by its name), REPORT (the folder with those
# files) and GITHUB_TOKEN. Sets the output `exit-code`, which is not 0 only when the comment was lost, whatever the verdict
# is; readiness sets `comment-id`.
set -euo pipefail

# What a workflow sets for the assessment has no say here.
unset READINESS_ASSESSMENT READINESS_BASE READINESS_BASE_NAME READINESS_FAIL_ON READINESS_MODE
base=${BASE-}
base=${base#origin/}
set --
if [[ -f $REPORT/comment/base.json ]]; then
  set -- --base "$REPORT/comment/base.json" --base-name "${base:-base}"
fi
code=0
"$PROGRAM" comment --post --mode "$MODE" --fail-on never \
  --assessment "$REPORT/readiness.json" "$@" \
  -- "$ENVIRONMENT" "${PROJECT:-.}" || code=$?
# 4 is a verdict that no threshold lets pass: UNDETERMINED. It was posted like any other.
printf 'exit-code=%s\n' "$((code == 4 ? 0 : code))" >>"$GITHUB_OUTPUT"
