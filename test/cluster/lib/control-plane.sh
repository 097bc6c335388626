# etcd, the API server and its controllers, with certificates made on the spot. Sourced by node.sh.
# shellcheck shell=bash

control_plane_start() {
  certificates
  mkdir -p "$STATE/etcd"
  start etcd "$KUBERNETES_DIR/etcd" --data-dir "$STATE/etcd" --unsafe-no-fsync \
    --listen-client-urls http://127.0.0.1:2379 --advertise-client-urls http://127.0.0.1:2379 \
    --listen-peer-urls http://127.0.0.1:2380
  start kube-apiserver "$KUBERNETES_DIR/kube-apiserver" --etcd-servers=http://127.0.0.1:2379 \
    --advertise-address="$NODE_IP" --secure-port=6443 --service-cluster-ip-range="$SERVICE_CIDR" \
    --tls-cert-file="$PKI/api.crt" --tls-private-key-file="$PKI/api.key" --client-ca-file="$PKI/ca.crt" \
    --service-account-key-file="$PKI/sa.key" --service-account-signing-key-file="$PKI/sa.key" \
    --service-account-issuer=https://kubernetes.default.svc --token-auth-file="$PKI/tokens.csv" \
    --authorization-mode=RBAC --allow-privileged=true --kubelet-preferred-address-types=InternalIP
}

control_plane_wait() { wait_for "the API server" kubectl_admin get --raw /readyz; }

controllers_start() {
  start kube-controller-manager "$KUBERNETES_DIR/kube-controller-manager" --kubeconfig="$ADMIN_KUBECONFIG" \
    --service-account-private-key-file="$PKI/sa.key" --root-ca-file="$PKI/ca.crt" --leader-elect=false
  start kube-scheduler "$KUBERNETES_DIR/kube-scheduler" --kubeconfig="$ADMIN_KUBECONFIG" --leader-elect=false
  start kube-proxy "$KUBERNETES_DIR/kube-proxy" --kubeconfig="$ADMIN_KUBECONFIG" --proxy-mode=iptables \
    --hostname-override="$NODE_NAME" --cluster-cidr="$POD_CIDR" --conntrack-max-per-core=0
}

certificates() {
  mkdir -p "$PKI"
  {
    openssl req -x509 -newkey rsa:2048 -nodes -keyout "$PKI/ca.key" -out "$PKI/ca.crt" -days 30 -subj /CN=kfops-node-ca
    openssl req -newkey rsa:2048 -nodes -keyout "$PKI/api.key" -out "$PKI/api.csr" -subj /CN=kube-apiserver
    echo "subjectAltName=IP:$NODE_IP,IP:10.96.0.1,IP:127.0.0.1,DNS:kubernetes.default.svc" >"$PKI/api.ext"
    openssl x509 -req -in "$PKI/api.csr" -CA "$PKI/ca.crt" -CAkey "$PKI/ca.key" -CAcreateserial -out "$PKI/api.crt" \
      -days 30 -extfile "$PKI/api.ext"
    openssl genrsa -out "$PKI/sa.key" 2048
  } 2>/dev/null

  # The tests act as a developer, who has the rights that deploy/ gives and no others.
  local admin developer
  admin=$(openssl rand -hex 16)
  developer=$(openssl rand -hex 16)
  {
    echo "$admin,admin,admin,system:masters"
    echo "$developer,developer,developer,kfops-developers"
  } >"$PKI/tokens.csv"
  kubeconfig admin "$admin" default >"$ADMIN_KUBECONFIG"
  kubeconfig developer "$developer" kfops >"$DEVELOPER_KUBECONFIG"
}

# kubeconfig USER TOKEN NAMESPACE
kubeconfig() {
  cat <<YAML
apiVersion: v1
kind: Config
clusters: [{name: kfops-node, cluster: {server: "https://$NODE_IP:6443", certificate-authority: $PKI/ca.crt}}]
users: [{name: $1, user: {token: $2}}]
contexts: [{name: kfops-node, context: {cluster: kfops-node, user: $1, namespace: $3}}]
current-context: kfops-node
YAML
}

# A second API server on the same etcd, under a prefix of its own: one cluster holds one version of a CRD, and this one
# says whether another version accepts a workflow. It has no controllers, nothing runs there.
second_api_start() {
  local crd=$1
  if [ ! -e "$STATE/pid/second-api" ]; then
    start second-api "$KUBERNETES_DIR/kube-apiserver" --etcd-servers=http://127.0.0.1:2379 --etcd-prefix=/second \
      --advertise-address="$NODE_IP" --secure-port=6444 --service-cluster-ip-range="$SERVICE_CIDR" \
      --tls-cert-file="$PKI/api.crt" --tls-private-key-file="$PKI/api.key" --client-ca-file="$PKI/ca.crt" \
      --service-account-key-file="$PKI/sa.key" --service-account-signing-key-file="$PKI/sa.key" \
      --service-account-issuer=https://kubernetes.default.svc --token-auth-file="$PKI/tokens.csv" \
      --authorization-mode=RBAC
    sed 's/:6443/:6444/' "$ADMIN_KUBECONFIG" >"$SECOND_KUBECONFIG"
  fi
  wait_for "the second API server" second_api_kubectl get --raw /readyz
  second_api_kubectl apply --server-side -f "$crd" >/dev/null
  # `kubectl wait` itself fails on a CRD that has no status yet.
  wait_for "the CRD" second_api_kubectl wait --for=condition=Established crd --all --timeout=30s
  wait_for "the namespace kfops" second_api_namespace
  echo "$SECOND_KUBECONFIG"
}

second_api_kubectl() { in_node "$KUBERNETES_DIR/kubectl" --kubeconfig "$SECOND_KUBECONFIG" "$@"; }
second_api_namespace() { second_api_kubectl get namespace kfops || second_api_kubectl create namespace kfops; }
