# containerd and the kubelet. Sourced by node.sh.
# shellcheck shell=bash

CONTAINERD_BUNDLES=$STATE/containerd/state/io.containerd.runtime.v2.task/k8s.io

runtime_start() {
  mkdir -p "$STATE/containerd" "$STATE/kubelet"

  # A host without CAP_SYS_RESOURCE lets no process lower its OOM score, and runc then fails with "can't get final
  # child's PID from pipe: EOF": ask for none.
  cat >"$STATE/runc" <<'BASH'
#!/bin/bash
previous=
for argument in "$@"; do
  [ "$previous" = --bundle ] && sed -i -E 's/"oomScoreAdj":-[0-9]+/"oomScoreAdj":0/' "$argument/config.json"
  previous=$argument
done
exec /usr/sbin/runc "$@"
BASH
  chmod +x "$STATE/runc"

  cat >"$STATE/containerd.toml" <<TOML
version = 2
root = "$STATE/containerd/root"
state = "$STATE/containerd/state"
[grpc]
  address = "$CONTAINERD_SOCKET"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "$PAUSE_IMAGE"
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "$STATE/cni"
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
      BinaryName = "$STATE/runc"
  [plugins."io.containerd.grpc.v1.cri".registry.mirrors."$REGISTRY"]
    endpoint = ["http://$REGISTRY"]
TOML
  start containerd containerd --config "$STATE/containerd.toml"
}

kubelet_start() {
  cat >"$STATE/kubelet.yaml" <<YAML
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
authentication: {anonymous: {enabled: true}, webhook: {enabled: false}}
authorization: {mode: AlwaysAllow}
cgroupDriver: cgroupfs
failSwapOn: false
containerRuntimeEndpoint: unix://$CONTAINERD_SOCKET
clusterDNS: [$NODE_IP]
clusterDomain: cluster.local
resolvConf: ""
evictionHard: {}
imageGCHighThresholdPercent: 100
maxPods: 250
serializeImagePulls: false
registryPullQPS: 0
syncFrequency: 2s
YAML
  start kubelet "$KUBERNETES_DIR/kubelet" --config="$STATE/kubelet.yaml" --kubeconfig="$ADMIN_KUBECONFIG" \
    --root-dir="$STATE/kubelet" --hostname-override="$NODE_NAME" --node-ip="$NODE_IP"
}

runtime_load_images() {
  local tar
  for tar in "${IMAGE_TARS[@]}"; do
    # These are pulled from the registry.
    [ "$tar" = "$PYTHON_TAR" ] || [ "$tar" = "$KANIKO_TAR" ] && continue
    ctr_node images import "$tar" >/dev/null
  done
}

node_is_ready() { kubectl_admin get node "$NODE_NAME" | grep -qw Ready; }

# Each container's first process by the pid that its bundle holds, then the shims of our own containerd, found by
# its socket among their arguments. Needs no containerd, which a killed run may have lost.
containers_kill() {
  local file pid
  for file in "$CONTAINERD_BUNDLES"/*/init.pid; do
    [ -e "$file" ] || continue
    pid=$(<"$file")
    # A pid may have been given to somebody else since: the cgroup holds the container's id.
    file=${file%/init.pid}
    grep -q "${file##*/}" "/proc/$pid/cgroup" 2>/dev/null && kill -s KILL "$pid" 2>/dev/null
  done
  for file in /proc/[0-9]*/cmdline; do
    pid=${file#/proc/}
    pid=${pid%/cmdline}
    { tr '\0' '\n' <"$file"; } 2>/dev/null | grep -qxF -- "$CONTAINERD_SOCKET" || continue
    [ -e "$STATE/pid/containerd" ] && [ "$pid" = "$(pid_of containerd)" ] && continue
    kill -s KILL "$pid" 2>/dev/null || true
  done
}

# What containers leave outside of $STATE: pods' network namespaces, the shims' sockets; and mounts inside of it.
runtime_clean() {
  local file name
  for file in "$CONTAINERD_BUNDLES"/*/config.json; do
    [ -e "$file" ] || continue
    name=$(grep -oE -m1 'netns/cni-[0-9a-f-]+' "$file" | head -1) || continue
    ip netns del "${name#netns/}" 2>/dev/null || true
  done
  for file in "$CONTAINERD_BUNDLES"/*/address; do
    [ -e "$file" ] && rm -f "$(sed 's,^unix://,,' "$file")"
  done
  # The innermost first.
  cut -d' ' -f2 /proc/mounts | { grep -F "$STATE/" || true; } | tac | while read -r file; do umount -l "$file" || true; done
}
