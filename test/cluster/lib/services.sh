# What stands beside the cluster: the image registry, names, and the object stores (pods, as in Kubeflow). Sourced by node.sh.
# shellcheck shell=bash

services_start() {
  cat >"$STATE/registry.yml" <<YAML
version: 0.1
storage: {filesystem: {rootdirectory: $STATE/registry}, delete: {enabled: true}}
http: {addr: "$REGISTRY"}
YAML
  start registry docker-registry serve "$STATE/registry.yml"

  # Kubeflow's own names for its object stores, so that the default settings work as they are.
  start dnsmasq dnsmasq --keep-in-foreground --no-resolv --no-hosts --listen-address="$NODE_IP" --bind-interfaces \
    --host-record=minio-service.kubeflow.svc.cluster.local,"$MINIO_IP" \
    --host-record=seaweedfs.kubeflow.svc.cluster.local,"$SEAWEEDFS_IP" \
    --host-record=kubernetes.default.svc.cluster.local,10.96.0.1
}

services_push_base_images() {
  wait_for "the registry" in_node curl -fsS "http://$REGISTRY/v2/"
  push_image "$BUSYBOX_TAR" library/busybox:1.36
  push_image "$PYTHON_TAR" library/python:3.11-slim
  push_image "$KANIKO_TAR" "kaniko-project/executor:$KANIKO_VERSION"
}

push_image() {
  in_node skopeo copy -q --dest-tls-verify=false "docker-archive:$1" "docker://$REGISTRY/$2"
}

# A pod of its own behind the Service: a port-forward needs a pod. Nobody waits for SeaweedFS here: few tests use it.
services_start_stores() {
  sed -e "s,@IMAGE@,$SEAWEEDFS_IMAGE," "$HERE/manifests/seaweedfs.yaml" | kubectl_admin apply -f - >/dev/null
  sed -e "s,@IMAGE@,$MINIO_IMAGE," -e "s,@CLUSTER_IP@,$MINIO_IP," -e "s,@DATA@,$STATE/minio," \
    "$HERE/manifests/minio.yaml" | kubectl_admin apply -f - >/dev/null
}
