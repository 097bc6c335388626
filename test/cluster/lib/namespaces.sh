# The build namespace exactly as deploy/ ships it, with MinIO's Secret beside it. Sourced by node.sh.
# shellcheck shell=bash

namespaces_create() {
  local namespace
  for namespace in argo kubeflow; do kubectl_admin create namespace "$namespace" >/dev/null; done
  kubectl_admin apply -f "$HERE/../../deploy/build-namespace" >/dev/null
  kubectl_admin apply -f "$HERE/../../deploy/laptop" >/dev/null
  for namespace in kubeflow kfops; do
    kubectl_admin create secret generic mlpipeline-minio-artifact --namespace "$namespace" \
      --from-literal=accesskey=minio --from-literal=secretkey=minio123 >/dev/null
  done
}
