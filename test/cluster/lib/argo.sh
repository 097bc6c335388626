# Argo Workflows: the full CRDs, so that the API server checks what is submitted, and the controller. Sourced by node.sh.
# shellcheck shell=bash

argo_start() {
  kubectl_admin apply --server-side -f "$ARGO_DIR/crds" >/dev/null
  # `kubectl wait` itself fails on a CRD that has no status yet.
  wait_for "Argo's CRDs" kubectl_admin wait --for=condition=Established crd --all --timeout=30s
  kubectl_admin apply -f "$HERE/manifests/argo-controller.yaml" >/dev/null
  # DEFAULT_REQUEUE_TIME: 10 s between a node's end and the workflow's is Argo's default; tests need not wait for it.
  start workflow-controller env LEADER_ELECTION_DISABLE=true ARGO_NAMESPACE=argo \
    DEFAULT_REQUEUE_TIME="${KFOPS_NODE_REQUEUE_TIME:-1s}" "$ARGO_DIR/workflow-controller" \
    --configmap workflow-controller-configmap --executor-image "$ARGOEXEC_IMAGE" \
    --kubeconfig "$ADMIN_KUBECONFIG" --namespace argo
}
