# NetworkPolicies, enforced between pods while a test asks for it. Sourced by node.sh.
# shellcheck shell=bash

# Its own rules of nftables need a kernel with nft_queue; iptables brings new connections to it everywhere.
NETWORK_POLICIES_QUEUE=100

enforce_policies() {
  network_policies_manifest | kubectl_admin apply -f - >/dev/null
  wait_for "what enforces NetworkPolicies" kubectl_admin rollout status --timeout=10s -n kube-system daemonset/kube-network-policies
  network_policies_rules -A
}

ignore_policies() {
  network_policies_rules -D
  network_policies_manifest | kubectl_admin delete --ignore-not-found -f - >/dev/null
}

# network_policies_rules -A|-D
network_policies_rules() {
  in_node iptables -t mangle "$1" POSTROUTING -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
  # The kubelet's probes, and tests as GitHub.
  in_node iptables -t mangle "$1" POSTROUTING -m owner --uid-owner 0 -j ACCEPT
  in_node iptables -t mangle "$1" POSTROUTING -s "$POD_CIDR" -j NFQUEUE --queue-num $NETWORK_POLICIES_QUEUE --queue-bypass
  in_node iptables -t mangle "$1" POSTROUTING -d "$POD_CIDR" -j NFQUEUE --queue-num $NETWORK_POLICIES_QUEUE --queue-bypass
}

network_policies_manifest() {
  sed -e "s,@IMAGE@,$NETWORK_POLICIES_IMAGE," -e "s,@NODE@,$NODE_NAME," -e "s,@QUEUE@,$NETWORK_POLICIES_QUEUE," \
    "$HERE/manifests/network-policies.yaml"
}
