# Argo Workflows: the full CRDs, so that the API server checks what is submitted, and the controller. Sourced by node.sh.
# shellcheck shell=bash

argo_start() {
  kubectl_admin apply --server-side -f "$ARGO_DIR/crds" >/dev/null
  # `kubectl wait` itself fails on a CRD that has no status yet.
  wait_for "Argo's CRDs" kubectl_admin wait --for=condition=Established crd --all --timeout=30s
  kubectl_admin apply -f "$HERE/manifests/argo-controller.yaml" >/dev/null
  controller_start "${KFOPS_NODE_REQUEUE_TIME:-1s}"
}

# controller_start TIME: up to 10 s between a node's end and the workflow's is Argo's default; tests need not wait for it.
controller_start() {
  start workflow-controller env LEADER_ELECTION_DISABLE=true ARGO_NAMESPACE=argo \
    DEFAULT_REQUEUE_TIME="$1" "$ARGO_DIR/workflow-controller" \
    --configmap workflow-controller-configmap --executor-image "$ARGOEXEC_IMAGE" \
    --kubeconfig "$ADMIN_KUBECONFIG" --namespace argo
}

# configure [FILE]: Argo's controller anew, with another ConfigMap.
configure() {
  kubectl_admin replace -f "${1:-$HERE/manifests/argo-controller.yaml}" >/dev/null
  requeue
}

# requeue [TIME]: Argo's controller anew, with another requeue time.
requeue() {
  stop workflow-controller
  controller_start "${1:-1s}"
  wait_for "Argo's controller" controller_is_ready
}

controller_is_ready() { in_node curl -fsS http://127.0.0.1:6060/healthz; }
