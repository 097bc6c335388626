# Versions, folders and addresses. Sourced by node.sh.
# shellcheck shell=bash disable=SC2034

# A service or a minimal shell may lack these.
HOME=${HOME:-$(getent passwd "$(id -u)" | cut -d: -f6)}
PATH=${PATH:-/usr/bin:/bin}:/usr/local/go/bin:/usr/local/sbin:/usr/sbin:/sbin
export HOME PATH

KUBERNETES_VERSION=v1.34.4
ARGO_VERSION=${KFOPS_ARGO_VERSION:-v3.7.18}
KANIKO_VERSION=v1.24.0
MINIO_VERSION=v0.0.0-20260212201848-7aac2a2c5b7c
SEAWEEDFS_VERSION=v0.0.0-20261109003541-7506e5f91cd6
NETWORK_POLICIES_VERSION=v0.8.0

# Binaries and images are kept by version: another version is built beside them, never over them.
CACHE=${KFOPS_NODE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/kfops-node}
KUBERNETES_DIR=$CACHE/kubernetes-$KUBERNETES_VERSION
ARGO_DIR=$CACHE/argo-$ARGO_VERSION
KANIKO_DIR=$CACHE/kaniko-$KANIKO_VERSION
MINIO_DIR=$CACHE/minio-$MINIO_VERSION
SEAWEEDFS_DIR=$CACHE/seaweedfs-$SEAWEEDFS_VERSION
NETWORK_POLICIES_DIR=$CACHE/kube-network-policies-$NETWORK_POLICIES_VERSION
IMAGES_DIR=$CACHE/images
DEBIAN_TREE=$CACHE/debian-bookworm-python

# Everything of a running node; `down` removes it.
STATE=$CACHE/run
PKI=$STATE/pki
CONTAINERD_SOCKET=$STATE/containerd/containerd.sock
ADMIN_KUBECONFIG=$STATE/admin.kubeconfig
SECOND_KUBECONFIG=$STATE/second.kubeconfig
DEVELOPER_KUBECONFIG=$STATE/developer.kubeconfig

NETNS=kfops-node
NODE_NAME=kfops-node
NODE_IP=10.99.0.1
REGISTRY=$NODE_IP:5000
MINIO_IP=10.96.0.20
SEAWEEDFS_IP=10.96.0.21
SERVICE_CIDR=10.96.0.0/16
POD_CIDR=10.88.0.0/16

PAUSE_IMAGE=registry.k8s.io/pause:3.10
ARGOEXEC_IMAGE=quay.io/argoproj/argoexec:$ARGO_VERSION
# In the registry of the node, where commands on this machine find it as well.
KANIKO_IMAGE=$REGISTRY/kaniko-project/executor:$KANIKO_VERSION
MINIO_IMAGE=kfops.test/minio:local
SEAWEEDFS_IMAGE=kfops.test/seaweedfs:local
NETWORK_POLICIES_IMAGE=registry.k8s.io/networking/kube-network-policies:$NETWORK_POLICIES_VERSION
