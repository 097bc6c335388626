# The container images that the node needs, made on this machine: no registry outside is asked. Sourced by node.sh.
# shellcheck shell=bash

SEARCH_PATH=PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

BUSYBOX_TAR=$IMAGES_DIR/busybox.tar
PAUSE_TAR=$IMAGES_DIR/pause.tar
PYTHON_TAR=$IMAGES_DIR/python-bookworm.tar
ARGOEXEC_TAR=$IMAGES_DIR/argoexec-$ARGO_VERSION.tar
KANIKO_TAR=$IMAGES_DIR/kaniko-$KANIKO_VERSION.tar
MINIO_TAR=$IMAGES_DIR/minio-$MINIO_VERSION.tar
SEAWEEDFS_TAR=$IMAGES_DIR/seaweedfs-$SEAWEEDFS_VERSION.tar
NETWORK_POLICIES_TAR=$IMAGES_DIR/kube-network-policies-$NETWORK_POLICIES_VERSION.tar
IMAGE_TARS=("$BUSYBOX_TAR" "$PAUSE_TAR" "$PYTHON_TAR" "$ARGOEXEC_TAR" "$KANIKO_TAR" "$MINIO_TAR" "$SEAWEEDFS_TAR"
  "$NETWORK_POLICIES_TAR")

build_images() {
  local tar
  mkdir -p "$IMAGES_DIR"
  for tar in "${IMAGE_TARS[@]}"; do
    [ -e "$tar" ] || { (build_missing_images) && return; }
  done
}

build_missing_images() {
  local root
  scratch
  umoci init --layout "$SCRATCH/oci"

  root=$(image_root busybox)
  mkdir "$root/root"
  cp /bin/busybox "$root/bin/"
  local applet
  for applet in $(/bin/busybox --list); do [ "$applet" = busybox ] || ln -sf busybox "$root/bin/$applet"; done
  image "$BUSYBOX_TAR" docker.io/library/busybox:1.36 "$root" --config.env $SEARCH_PATH --config.cmd /bin/sh
  image "$PAUSE_TAR" $PAUSE_IMAGE "$root" --config.env $SEARCH_PATH --config.entrypoint /bin/sleep --config.cmd 2147483647

  root=$(image_root minio)
  cp "$MINIO_DIR/minio" "$root/bin/"
  image "$MINIO_TAR" $MINIO_IMAGE "$root" --config.env $SEARCH_PATH --config.entrypoint /bin/minio

  root=$(image_root seaweedfs)
  cp "$SEAWEEDFS_DIR/weed" "$root/bin/"
  image "$SEAWEEDFS_TAR" $SEAWEEDFS_IMAGE "$root" --config.env $SEARCH_PATH --config.entrypoint /bin/weed

  root=$(image_root netpol)
  cp "$NETWORK_POLICIES_DIR/netpol" "$root/bin/"
  image "$NETWORK_POLICIES_TAR" "$NETWORK_POLICIES_IMAGE" "$root" --config.env $SEARCH_PATH --config.entrypoint /bin/netpol

  root=$(image_root argoexec)
  cp "$ARGO_DIR/argoexec" "$root/bin/"
  image "$ARGOEXEC_TAR" "$ARGOEXEC_IMAGE" "$root" --config.env $SEARCH_PATH --config.entrypoint argoexec

  # As Kaniko's own Dockerfile has it: everything below /kaniko, and no shell.
  root=$(image_root kaniko)
  mkdir -p "$root"/kaniko/{.docker,ssl}
  cp "$KANIKO_DIR/kaniko-executor" "$root/kaniko/executor"
  mv "$root/etc/ssl/certs" "$root/kaniko/ssl/"
  image "$KANIKO_TAR" "$KANIKO_IMAGE" "$root" --config.env PATH=/usr/local/bin:/kaniko --config.env HOME=/root \
    --config.env USER=root --config.env SSL_CERT_DIR=/kaniko/ssl/certs --config.env DOCKER_CONFIG=/kaniko/.docker/ \
    --config.entrypoint /kaniko/executor --config.workingdir /workspace

  # A base with Python, for Dockerfiles that expect one.
  if ! [ -d "$DEBIAN_TREE" ]; then
    echo "fetching a Debian tree with Python"
    rm -rf --one-file-system "$DEBIAN_TREE.partial" # what a run that was killed has left
    debootstrap --variant=minbase --include=python3,ca-certificates bookworm "$DEBIAN_TREE.partial" >/dev/null
    mv "$DEBIAN_TREE.partial" "$DEBIAN_TREE"
  fi
  # There is no way out to a package index either: installing is a step that does nothing.
  printf '#!/bin/sh\necho "this is no pip: $*"\n' >"$DEBIAN_TREE/usr/local/bin/pip"
  chmod +x "$DEBIAN_TREE/usr/local/bin/pip"
  image "$PYTHON_TAR" docker.io/library/python:3.11-slim "$DEBIAN_TREE" --config.env $SEARCH_PATH --config.cmd python3
}

# image_root NAME: an empty root file system with a root user and the machine's certificates.
image_root() {
  local root=$SCRATCH/$1
  mkdir -p "$root"/{bin,etc/ssl/certs,tmp}
  echo 'root:x:0:0:root:/root:/bin/sh' >"$root/etc/passwd"
  echo 'root:x:0:' >"$root/etc/group"
  cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
  echo "$root"
}

# image TAR REFERENCE ROOT UMOCI-CONFIG…: an image of one layer, unless it is there.
image() {
  local tar=$1 reference=$2 root=$3 layout=$SCRATCH/oci:image
  shift 3
  [ -e "$tar" ] && return
  echo "making the image $reference"
  umoci new --image "$layout"
  umoci insert --image "$layout" "$root" /
  umoci config --image "$layout" "$@"
  rm -f "$tar.partial"
  skopeo copy -q "oci:$layout" "docker-archive:$tar.partial:$reference"
  umoci rm --image "$layout"
  mv "$tar.partial" "$tar"
}
