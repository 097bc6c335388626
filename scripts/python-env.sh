#!/usr/bin/env bash
# Makes .venv: a Python that has what the compiler image has (locked by hash), and pytest. Nothing is done where it is
# up to date. PYTHON names another Python than python3; it is to be 3.11, as in the image.
set -euo pipefail
cd "$(dirname "$0")/.."
locks=(pipeline/compiler/requirements.txt pipeline/compiler/requirements-test.txt)
made_of=$(cat "${locks[@]}" | sha256sum)
stamp=.venv/made-of
if [ -x .venv/bin/python ] && [ "$(cat $stamp 2>/dev/null)" = "$made_of" ]; then exit 0; fi

"${PYTHON:-python3}" -m venv --clear .venv
for lock in "${locks[@]}"; do
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
done
echo "$made_of" >$stamp
