# Binaries that Debian lacks, built from their published Go modules. Sourced by node.sh.
# shellcheck shell=bash

KUBERNETES_COMMANDS=(kube-apiserver kube-controller-manager kube-proxy kube-scheduler kubelet kubectl)
ARGO_COMMANDS=(workflow-controller argoexec argo)

build_binaries() {
  have "$KUBERNETES_DIR" "${KUBERNETES_COMMANDS[@]}" etcd || (build_kubernetes)
  have "$ARGO_DIR" "${ARGO_COMMANDS[@]}" crds || (build_argo)
  have "$KANIKO_DIR" kaniko-executor || (build_kaniko)
  have "$MINIO_DIR" minio || (build_minio)
  have "$SEAWEEDFS_DIR" weed || (build_seaweedfs)
  have "$NETWORK_POLICIES_DIR" netpol || (build_network_policies)
  "$HERE/../../scripts/helm.sh" >/dev/null
}

# have FOLDER NAME…: all of them are there.
have() {
  local folder=$1 name
  shift
  for name in "$@"; do [ -e "$folder/$name" ] || return 1; done
}

build_kubernetes() {
  local source module command
  go_environment
  scratch
  source=$SCRATCH
  module=$(module_dir "k8s.io/kubernetes@$KUBERNETES_VERSION")
  # Kubernetes keeps its libraries beside it: the same version of each must be named.
  {
    printf 'module kfops-node\ngo 1.24.0\nrequire k8s.io/kubernetes %s\nreplace (\n' "$KUBERNETES_VERSION"
    grep -oE 'k8s.io/[a-z0-9-]+ => ./staging' "$module/go.mod" | cut -d' ' -f1 | sort -u |
      sed "s/.*/& => & v0.${KUBERNETES_VERSION#v1.}/"
    echo ')'
  } >"$source/go.mod"
  {
    printf '//go:build tools\npackage tools\nimport (\n'
    printf '_ "k8s.io/kubernetes/cmd/%s"\n' "${KUBERNETES_COMMANDS[@]}"
    printf '_ "go.etcd.io/etcd/server/v3"\n)\n'
  } >"$source/tools.go"
  (cd "$source" && GOFLAGS=-mod=mod go mod tidy >/dev/null 2>&1) || fail "go mod tidy failed for Kubernetes"

  local version=k8s.io/component-base/version minor=${KUBERNETES_VERSION#v1.}
  local stamp="-X $version.gitVersion=$KUBERNETES_VERSION -X $version.gitMajor=1 -X $version.gitMinor=${minor%.*}"
  for command in "${KUBERNETES_COMMANDS[@]}"; do
    go_build "$KUBERNETES_DIR/$command" "$source" "k8s.io/kubernetes/cmd/$command" "$stamp"
  done
  go_build "$KUBERNETES_DIR/etcd" "$source" go.etcd.io/etcd/server/v3
}

# Argo's module is published without one Linux file and without the built web page. Go's -overlay refuses files of
# the module cache, hence the copy.
build_argo() {
  local source module command
  go_environment
  scratch
  source=$SCRATCH
  module=$(module_dir "github.com/argoproj/argo-workflows/v3@$ARGO_VERSION")
  cp -r "$module/." "$source/"
  chmod -R u+w "$source"
  mkdir -p "$source/ui/dist/app"
  echo '<html></html>' >"$source/ui/dist/app/index.html"
  cp "$HERE/manifests/argo-signal_linux.go.txt" "$source/workflow/executor/osspecific/signal_linux.go"
  for command in "${ARGO_COMMANDS[@]}"; do go_build "$ARGO_DIR/$command" "$source" "./cmd/$command"; done
  mkdir -p "$ARGO_DIR/crds.partial"
  cp "$source"/manifests/base/crds/full/argoproj.io_*.yaml "$ARGO_DIR/crds.partial/"
  mv "$ARGO_DIR/crds.partial" "$ARGO_DIR/crds"
}

build_kaniko() {
  go_environment
  go_build "$KANIKO_DIR/kaniko-executor" "$(module_dir "github.com/GoogleContainerTools/kaniko@$KANIKO_VERSION")" ./cmd/executor
}

build_minio() {
  go_environment
  go_build "$MINIO_DIR/minio" "$(module_dir "github.com/minio/minio@$MINIO_VERSION")" .
}

build_seaweedfs() {
  go_environment
  go_build "$SEAWEEDFS_DIR/weed" "$(module_dir "github.com/seaweedfs/seaweedfs@$SEAWEEDFS_VERSION")" ./weed
}

build_network_policies() {
  go_environment
  go_build "$NETWORK_POLICIES_DIR/netpol" "$(module_dir "sigs.k8s.io/kube-network-policies@$NETWORK_POLICIES_VERSION")" ./cmd
}

go_environment() {
  command -v go >/dev/null || fail "Go is missing: install it from https://go.dev/dl (1.21 or newer)"
  # Images with Go in them forbid it to fetch the release that a module asks for.
  export CGO_ENABLED=0 GOWORK=off GOFLAGS="-buildvcs=false -trimpath" GOTOOLCHAIN=auto
}

# Sets SCRATCH to a folder that goes with the subshell which asked for it.
scratch() {
  SCRATCH=$(mktemp -d "$CACHE/build.XXXXXX")
  trap 'rm -rf "$SCRATCH"' EXIT
}

module_dir() { go mod download -json "$1" | sed -n 's/.*"Dir": "\(.*\)".*/\1/p'; }

# go_build OUTPUT FOLDER PACKAGE [LDFLAGS]: never leaves half a file.
go_build() {
  [ -x "$1" ] && return
  echo "building ${1##*/}"
  mkdir -p "${1%/*}"
  # Hundreds of modules: of Go's messages only the others are worth a line.
  (cd "$2" && go build -ldflags="-s -w ${4:-}" -o "$1.partial" "$3" 2> >(sed '/^go: downloading/d' >&2))
  mv "$1.partial" "$1"
}
