#!/usr/bin/env bash
# Prints the path of Helm, built from its published Go module where it is not there yet (two minutes, once).
#   scripts/helm.sh
set -euo pipefail

VERSION=v3.22.0
CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/kfops-tests/helm-$VERSION

if [ ! -x "$CACHE/helm" ]; then
  PATH=$PATH:/usr/local/go/bin
  command -v go >/dev/null || { echo "Go is missing: install it from https://go.dev/dl (1.21 or newer)" >&2; exit 1; }
  echo "building helm $VERSION, once; this takes two minutes or more" >&2
  export CGO_ENABLED=0 GOWORK=off GOFLAGS="-buildvcs=false -trimpath" GOTOOLCHAIN=auto
  module=$(go mod download -json "helm.sh/helm/v3@$VERSION" | sed -n 's/.*"Dir": "\(.*\)".*/\1/p')
  mkdir -p "$CACHE"
  (cd "$module" && go build -ldflags="-s -w" -o "$CACHE/helm.partial" ./cmd/helm 2> >(sed '/^go: downloading/d' >&2))
  mv "$CACHE/helm.partial" "$CACHE/helm"
fi
echo "$CACHE/helm"
