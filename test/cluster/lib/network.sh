# The node's network namespace: its addresses are its own, and it has no way out to the Internet. Sourced by node.sh.
# shellcheck shell=bash

network_up() {
  ip netns add "$NETNS"
  ip -n "$NETNS" link set lo up
  # A bridge carries the node's address: some kernels have no `dummy` device.
  ip -n "$NETNS" link add node0 type bridge
  ip -n "$NETNS" addr add "$NODE_IP/24" dev node0
  ip -n "$NETNS" link set node0 up
  ip -n "$NETNS" route add default dev node0
  in_node sysctl -qw net.ipv4.ip_forward=1

  # Pods get an address each on cni0 and may use host ports.
  mkdir -p "$STATE/cni"
  cat >"$STATE/cni/10-bridge.conflist" <<JSON
{"cniVersion": "0.4.0", "name": "kfops-node", "plugins": [
  {"type": "bridge", "bridge": "cni0", "isGateway": true, "hairpinMode": true,
   "ipam": {"type": "host-local", "ranges": [[{"subnet": "$POD_CIDR"}]], "routes": [{"dst": "0.0.0.0/0"}], "dataDir": "$STATE/ipam"}},
  {"type": "portmap", "capabilities": {"portMappings": true}}]}
JSON
}

network_down() { ip netns del "$NETNS" 2>/dev/null || true; }
