#!/usr/bin/env bash
# Says what is being done, does it, says how long it took: step.sh "Building the bundle" command [argument ...]
set -uo pipefail

what=$1
shift
echo "==> $what"
SECONDS=0
"$@"
code=$?
if [[ $code -eq 0 ]]; then
  echo "    $what: done in $SECONDS s"
else
  echo "    $what: failed after $SECONDS s (exit code $code)" >&2
fi
exit "$code"
