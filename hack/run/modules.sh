#!/usr/bin/env bash
# Node modules from the lockfile, and a Node that is new enough. Takes a tenth of a second when there is nothing to do.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# npm writes this file last, so that it stands for an installation that ended well.
installed=node_modules/.package-lock.json
fresh=false

if [[ ! -e $installed || package-lock.json -nt $installed ]]; then
  if ! command -v npm >/dev/null; then
    echo "npm was not found on the PATH. Install Node 24 LTS (which brings npm), then run this again." >&2
    exit 1
  fi
  # npm itself may run on an older Node and would then warn about engines that don't concern it:
  # the Node that runs the project comes with this very installation and is judged below, by npm's own rule.
  hack/run/step.sh "Installing node modules from the lockfile" npm ci --loglevel=error
  touch "$installed"
  fresh=true
fi

export PATH="$PWD/node_modules/.bin:$PATH"
if ! command -v node >/dev/null || ! node -e '
  const [major, minor] = process.versions.node.split(".").map(Number);
  process.exit(major > 22 || (major === 22 && minor >= 19) ? 0 : 1);'; then
  echo "Node 22.19 or newer is needed, found $(node --version 2>/dev/null || echo none)." >&2
  echo "On Linux (x64, arm64) the lockfile brings Node 24: remove node_modules and run this again." >&2
  echo "Elsewhere install Node 24 LTS and put it first on the PATH." >&2
  exit 1
fi

if [[ $fresh == true ]]; then
  if ! refusal=$(npm install --dry-run --engine-strict --offline --loglevel=error 2>&1); then
    echo "An installed package does not accept Node $(node --version):" >&2
    echo "$refusal" >&2
    rm -f "$installed"
    exit 1
  fi
  echo "    Node $(node --version) meets the engines of every package"
fi
