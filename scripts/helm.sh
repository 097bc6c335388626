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
  # As in Helm's Makefile: without these, `helm template` and `helm lint` assume Kubernetes 1.20.
  minor=$(sed -n 's/^\tk8s\.io\/client-go v0\.\([0-9]*\)\..*/\1/p' "$module/go.mod")
  flags="-s -w"
  for package in chartutil lint/rules; do
    flags+=" -X helm.sh/helm/v3/pkg/$package.k8sVersionMajor=1 -X helm.sh/helm/v3/pkg/$package.k8sVersionMinor=$minor"
  done
  (cd "$module" && go build -ldflags="$flags" -o "$CACHE/helm.partial" ./cmd/helm 2> >(sed '/^go: downloading/d' >&2))
  mv "$CACHE/helm.partial" "$CACHE/helm"
fi
echo "$CACHE/helm"
