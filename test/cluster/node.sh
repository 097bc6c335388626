#!/bin/bash
# One real Kubernetes node on this machine, alone in a network namespace of its own, with Argo Workflows,
# MinIO, SeaweedFS and an image registry: what the generated workflows run on in tests. No Docker, no nested VM.
#
#   node.sh prepare        Debian packages, binaries and images, each only where missing (the first time: about 20 minutes)
#   node.sh up             start everything (and prepare it, if need be); returns when the node can run workflows
#   node.sh down           stop everything and remove all state; the caches stay
#   node.sh status         what runs, and the addresses
#   node.sh is-up          whether it is up and whole, by its exit code
#   node.sh restart NAME   end one process of the node and start it again (kube-apiserver, registry, workflow-controller …)
#   node.sh end NAME       end one process for good
#   node.sh configure [FILE] start Argo's controller anew with this ConfigMap; without one, the tests' own
#   node.sh requeue [TIME] start Argo's controller anew with this DEFAULT_REQUEUE_TIME; without one, the tests' 1s
#   node.sh enforce-policies  NetworkPolicies count between pods; ignore-policies: not any longer, as at first
#   node.sh second-api CRD an API server that holds another CRD, for dry runs; prints its kubeconfig
#   node.sh exec …         run a command inside the node's network namespace
#   node.sh kubectl …      kubectl as the cluster's admin
#   node.sh env            the variables that the cluster tests read, as NAME=value lines
#
# Needs root on Debian 12 or newer, and Go (any since 1.21; it fetches the one that it needs).
# KFOPS_NODE_CACHE names another folder than ~/.cache/kfops-node; KFOPS_ARGO_VERSION another Argo than the default.
set -euo pipefail

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
for part in settings processes packages build images network control-plane runtime services network-policies argo namespaces project-images project-bases; do
  # shellcheck source=/dev/null
  source "$HERE/lib/$part.sh"
done

prepare() {
  # What is made last needs them; the first time, that is twenty minutes later.
  [ -d "$PROJECT/node_modules" ] || fail "run npm ci in $PROJECT first"
  rm -rf "$CACHE"/build.* # what a run that was killed has left
  packages_install
  build_binaries
  build_images
  project_images_build
}

up() {
  if node_is_up; then
    echo "the node is up already"
    # Its images of the project may be older than the sources.
    project_images_build
    project_images_push
    return
  fi
  prepare
  stop_all

  mkdir -p "$STATE"/{log,pid,commands}
  network_up
  control_plane_start
  runtime_start
  services_start
  control_plane_wait
  controllers_start
  kubelet_start
  runtime_load_images
  services_push_base_images
  project_images_push
  namespaces_create
  argo_start
  services_start_stores

  wait_for "the node" node_is_ready
  wait_for "MinIO" in_node curl -fsS "http://$MINIO_IP:9000/minio/health/ready"
  wait_for "Argo's controller" controller_is_ready
  touch "$STATE/complete"
  status
}

node_is_up() { [ -e "$STATE/complete" ] && all_alive && kubectl_admin get --raw /readyz >/dev/null 2>&1; }

status() {
  if ! [ -d "$STATE/pid" ]; then
    echo "the node is down"
    return
  fi
  local name
  for name in "$STATE"/pid/*; do
    name=${name##*/}
    if is_alive "$name"; then echo "$name runs (pid $(pid_of "$name"))"; else echo "$name is DEAD, see $STATE/log/$name.log"; fi
  done
  environment
}

# What test/cluster/environment.ts reads.
environment() {
  cat <<ENV
KFOPS_TEST_KUBECONFIG=$DEVELOPER_KUBECONFIG
KFOPS_TEST_ADMIN_KUBECONFIG=$ADMIN_KUBECONFIG
KFOPS_TEST_REGISTRY=$REGISTRY
KFOPS_TEST_MINIO_ENDPOINT=$MINIO_IP:9000
KFOPS_TEST_MINIO_ACCESS_KEY=minio
KFOPS_TEST_MINIO_SECRET_KEY=minio123
KFOPS_TEST_SEAWEEDFS_ADDRESS=$SEAWEEDFS_IP
KFOPS_TEST_KANIKO_IMAGE=$KANIKO_IMAGE
KFOPS_TEST_COMPILER_IMAGE=$COMPILER_REPOSITORY:$(project_tag compiler)
KFOPS_TEST_KFOPS_IMAGE=$KFOPS_REPOSITORY:$(project_tag kfops)
KFOPS_TEST_PYTHON_BASE=$PYTHON_BASE_REPOSITORY:$(project_tag base-python)
KFOPS_TEST_NODE_BASE=$NODE_BASE_REPOSITORY:$(project_tag base-node)
KFOPS_TEST_NODE_ADDRESS=$NODE_IP
KFOPS_TEST_NODE_SCRIPT=$HERE/node.sh
KFOPS_TEST_ARGO_CLI=$ARGO_DIR/argo
KFOPS_TEST_KUBECTL=$KUBERNETES_DIR/kubectl
KFOPS_TEST_HELM=$("$PROJECT/scripts/helm.sh")
ENV
}

usage() { sed -n '2,/^set -/{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}"; }

require_root() { [ "$(id -u)" = 0 ] || fail "this needs root: a network namespace and containers are made"; }

# Two runs at once would tread on each other.
alone() {
  require_root
  mkdir -p "$CACHE"
  exec 9>"$CACHE/lock"
  flock 9
  "$@"
}

case ${1:-} in
  prepare | up) alone "$1" ;;
  down) alone stop_all ;;
  restart) shift && alone restart "$1" ;;
  end) shift && alone end "$1" ;;
  configure) shift && alone configure "$@" ;;
  requeue) shift && alone requeue "$@" ;;
  enforce-policies) alone enforce_policies ;;
  ignore-policies) alone ignore_policies ;;
  second-api) shift && alone second_api_start "$1" ;;
  status) status ;;
  is-up) node_is_up ;;
  env) environment ;;
  # In this process's place: a signal must reach the command.
  exec) shift && exec nsenter --net="/run/netns/$NETNS" "$@" ;;
  kubectl) shift && kubectl_admin "$@" ;;
  -h | --help | help) usage ;;
  *) usage >&2 && exit 2 ;;
esac
