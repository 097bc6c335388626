# Base images for the project's own Dockerfiles: Python and Node as their usual images have them, with every package that
# the lock files name beside them, because builds have no way out to a package index. Sourced by node.sh.
# shellcheck shell=bash

PYTHON_BASE_REPOSITORY=$REGISTRY/kfops/python-base
NODE_BASE_REPOSITORY=$REGISTRY/kfops/node-base

project_bases_build() {
  (build_python_base)
  (build_node_base)
}

project_bases_push() {
  project_push "$PYTHON_BASE_REPOSITORY" base-python
  project_push "$NODE_BASE_REPOSITORY" base-node
}

# Debian with this machine's Python below /usr/local: Debian's own is too old to unpack an archive safely.
debian_python_image() {
  local tag root=$SCRATCH/python work=$PROJECT_LAYOUT:work version prefix
  tag=python-$({ "$PROJECT/.venv/bin/python" -VV; cat "${BASH_SOURCE[0]}"; } | short_hash)
  if ! project_has "$tag"; then
    version=$(python_name)
    prefix=$("$PROJECT/.venv/bin/python" -c 'import sys; print(sys.base_prefix)')
    mkdir -p "$root"/usr/{lib,local/bin,local/lib}
    cp "$prefix/bin/$version" "$root/usr/local/bin/"
    ln -s "$version" "$root/usr/local/bin/python3"
    ln -s "$version" "$root/usr/local/bin/python"
    # A library where the loader looks anyhow.
    find "$prefix/lib" -maxdepth 1 -name 'libpython*.so*' -exec cp -a {} "$root/usr/lib/" \;
    copy_tree "$prefix/lib/$version" "$root/usr/local/lib/$version" ./test ./site-packages ./idlelib './config-*'
    project_has debian-python || skopeo copy -q "docker-archive:$PYTHON_TAR" "oci:$PROJECT_LAYOUT:debian-python"
    umoci tag --image "$PROJECT_LAYOUT:debian-python" work
    umoci insert --image "$work" "$root" /
    umoci config --image "$work" --config.env $SEARCH_PATH
    project_keep python "$tag"
  fi
  umoci tag --image "$PROJECT_LAYOUT:$tag" work
}

python_name() { "$PROJECT/.venv/bin/python" -c 'import sys; print("python%d.%d" % sys.version_info[:2])'; }

build_python_base() {
  local tag root work=$PROJECT_LAYOUT:work python=$PROJECT/.venv/bin/python packages
  tag=base-python-$({
    "$python" -VV
    cat "$PROJECT/pipeline/compiler/requirements.txt" "${BASH_SOURCE[0]}"
  } | short_hash)
  project_has "$tag" && project_keep base-python "$tag" && return
  echo "making a base image with Python's packages"
  scratch
  root=$SCRATCH/root
  packages=$root/usr/local/lib/$(python_name)/site-packages
  mkdir -p "$packages" "$root/usr/local/bin" "$root/packages/python" "$root/etc"
  cp -a "$PROJECT/.venv/lib/$(python_name)/site-packages"/pip "$PROJECT/.venv/lib/$(python_name)/site-packages"/pip-* "$packages/"
  # shellcheck disable=SC2016
  printf '#!/bin/sh\nexec python -m pip "$@"\n' >"$root/usr/local/bin/pip"
  chmod +x "$root/usr/local/bin/pip"
  # One package has no wheel, and is built with these.
  printf 'setuptools<70\nwheel\n' >"$SCRATCH/builders.txt"
  "$python" -m pip download --quiet --require-hashes -r "$PROJECT/pipeline/compiler/requirements.txt" -d "$root/packages/python"
  "$python" -m pip download --quiet -r "$SCRATCH/builders.txt" -d "$root/packages/python"
  printf '[global]\nno-index = true\nfind-links = /packages/python\n' >"$root/etc/pip.conf"
  debian_python_image
  umoci insert --image "$work" "$root" /
  project_keep base-python "$tag"
}

build_node_base() {
  local tag root work=$PROJECT_LAYOUT:work
  tag=base-node-$({
    node --version
    cat "$PROJECT/package-lock.json" "${BASH_SOURCE[0]}"
  } | short_hash)
  project_has "$tag" && project_keep base-node "$tag" && return
  echo "making a base image with Node's packages"
  scratch
  root=$SCRATCH/root
  mkdir -p "$root"/usr/local/{bin,etc,lib/node_modules} "$root/packages" "$SCRATCH/locked"
  cp -a "$(npm root --global)/npm" "$root/usr/local/lib/node_modules/"
  ln -s ../lib/node_modules/npm/bin/npm-cli.js "$root/usr/local/bin/npm"
  cp "$PROJECT"/{package.json,package-lock.json,.npmrc} "$SCRATCH/locked/"
  (cd "$SCRATCH/locked" && npm ci --silent --ignore-scripts --cache "$root/packages/npm")
  # What is in npm's cache has the registry's name on it.
  printf 'offline=true\ncache=/packages/npm\nregistry=%s\n' "$(npm config get registry)" >"$root/usr/local/etc/npmrc"
  debian_node_image
  umoci insert --image "$work" "$root" /
  project_keep base-node "$tag"
}

# Debian with git, and this machine's Node below /usr/local.
debian_node_image() {
  local tag root=$SCRATCH/node work=$PROJECT_LAYOUT:work
  tag=node-$({ node --version; cat "${BASH_SOURCE[0]}"; } | short_hash)
  if ! project_has "$tag"; then
    if ! project_has debian-git; then
      echo "fetching a Debian tree with git"
      debootstrap --variant=minbase --include=git,ca-certificates bookworm "$SCRATCH/debian" >/dev/null
      umoci new --image "$work"
      umoci insert --image "$work" "$SCRATCH/debian" /
      umoci tag --image "$work" debian-git
    fi
    mkdir -p "$root/usr/local/bin"
    cp "$(node -p process.execPath)" "$root/usr/local/bin/node"
    umoci tag --image "$PROJECT_LAYOUT:debian-git" work
    umoci insert --image "$work" "$root" /
    umoci config --image "$work" --config.env $SEARCH_PATH
    project_keep node "$tag"
  fi
  umoci tag --image "$PROJECT_LAYOUT:$tag" work
}
