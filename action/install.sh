#!/usr/bin/env bash
# Installs the commit of this action into a folder of its own, with packages of the versions and digests that are listed.
#
# Takes PYTHON (an interpreter; python3 when empty), RUNNER_TEMP and GITHUB_OUTPUT. Sets the output `program`, the path of
# readiness. Neither the checkout nor the variables of Python have a say: -I leaves both out of the import path.
set -euo pipefail
: "${RUNNER_TEMP:?is not set}" "${GITHUB_OUTPUT:?is not set}"

python=${PYTHON:-python3}
if ! "$python" -I -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
  echo '::error title=readiness::Python 3.11 or newer is needed; run actions/setup-python before, or name one by the input python'
  exit 2
fi

source=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
home=$(mktemp -d "$RUNNER_TEMP/readiness.XXXXXX")
"$python" -I -m venv "$home/venv"
python=$home/venv/bin/python

install() {
  "$python" -I -m pip --quiet --disable-pip-version-check install --no-deps "$@"
}
install --require-hashes --only-binary :all: --requirement "$source/action/requirements.txt"
install --no-index --no-build-isolation "$source"

program=$home/readiness
printf '#!/usr/bin/env bash\nexec %q -I -m bbws_readiness "$@"\n' "$python" >"$program"
chmod +x "$program"
printf 'program=%s\n' "$program" >>"$GITHUB_OUTPUT"
