#!/usr/bin/env bash
# Makes .venv: a Python that has what the compiler image has (locked by hash), and pytest. Makes .venv-mlmd: one with the
# engine of Kubeflow's metadata store, which needs an older protobuf than kfp. Nothing is done where they are up to date.
# PYTHON names another Python than python3; it is to be 3.11, as in the image.
set -euo pipefail
cd "$(dirname "$0")/.."

# environment FOLDER LOCK…
environment() {
  local folder=$1 made_of lock
  shift
  made_of=$(cat "$@" | sha256sum)
  if [ -x "$folder/bin/python" ] && [ "$(cat "$folder/made-of" 2>/dev/null)" = "$made_of" ]; then return; fi
  "${PYTHON:-python3}" -m venv --clear "$folder"
  for lock in "$@"; do
    "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
  done
  echo "$made_of" >"$folder/made-of"
}

environment .venv pipeline/compiler/requirements.txt pipeline/compiler/requirements-test.txt
if [ "$(uname -sm)" = 'Linux x86_64' ]; then
  environment .venv-mlmd test/fixtures/metadata-store/requirements.txt
else
  echo "No .venv-mlmd: PyPI has the metadata store's engine for Linux on x86-64 only." >&2
fi
