# The project's own two images, with the same content as pipeline/compiler/Dockerfile and deploy/Dockerfile give them, but
# made of what this machine has: pods reach no package index. Named by what they are made of. Sourced by node.sh.
# shellcheck shell=bash

PROJECT=$(cd "$HERE/../.." && pwd)
# An OCI layout, so that layers are compressed once.
PROJECT_LAYOUT=$IMAGES_DIR/project
COMPILER_REPOSITORY=$REGISTRY/kfops/compiler
KFOPS_REPOSITORY=$REGISTRY/kfops/kfops

project_images_build() {
  # What the images are made of, where it is not there or no longer what its lock says.
  "$PROJECT/scripts/python-env.sh"
  (cd "$PROJECT" && npm run --silent build -- --if-stale)
  [ -e "$PROJECT_LAYOUT" ] || umoci init --layout "$PROJECT_LAYOUT"
  (build_compiler_image)
  (build_kfops_image)
  project_bases_build
}

project_images_push() {
  project_push "$COMPILER_REPOSITORY" compiler
  project_push "$KFOPS_REPOSITORY" kfops
  project_bases_push
}

# project_tag KIND: of the image that was made last.
project_tag() { cat "$PROJECT_LAYOUT/$1.tag"; }

# files_of FOLDER: the files of an image with their content.
files_of() {
  (cd "$1" && find . -type f ! -path '*/__pycache__/*' ! -path './tests/*' ! -path './.*cache/*' -print0 |
    LC_ALL=C sort -z | xargs -0 sha256sum)
}

short_hash() { sha256sum | cut -c1-16; }

build_compiler_image() {
  local tag root work=$PROJECT_LAYOUT:work version
  tag=compiler-$({
    "$PROJECT/.venv/bin/python" -VV
    files_of "$PROJECT/pipeline/compiler"
    cat "${BASH_SOURCE[0]}"
  } | short_hash)
  project_has "$tag" && project_keep compiler "$tag" && return
  echo "making the image of the compiler"
  scratch
  root=$SCRATCH/root
  version=$(python_name)
  mkdir -p "$root"
  copy_tree "$PROJECT/.venv/lib/$version/site-packages" "$root/usr/local/lib/$version/site-packages" \
    ./pip './pip-*' ./setuptools './setuptools-*' './*pytest*' './pluggy*' './iniconfig*' './pygments*'
  copy_tree "$PROJECT/pipeline/compiler" "$root/opt/kfops" ./tests './requirements*.in' ./requirements-test.txt \
    ./pytest.ini './.*' ./Dockerfile './*__pycache__'

  debian_python_image
  umoci insert --image "$work" "$root" /
  umoci config --image "$work" --config.env PYTHONUNBUFFERED=1 --config.env PYTHONDONTWRITEBYTECODE=1 \
    --config.user 65532:65532 --config.workingdir /tmp --config.entrypoint python --config.entrypoint /opt/kfops/compile_pipeline.py --clear config.cmd
  project_keep compiler "$tag"
}

build_kfops_image() {
  local tag root work=$PROJECT_LAYOUT:work packages
  scratch
  root=$SCRATCH/dist
  mkdir -p "$root/opt/kfops" "$root/usr/local/bin"
  # Copied first: somebody may build anew meanwhile.
  cp -a "$PROJECT/dist" "$PROJECT/package.json" "$root/opt/kfops/"
  rm -f "$root/opt/kfops/dist/made-of"
  ln -s /opt/kfops/dist/cli/bin.js "$root/usr/local/bin/kfops"
  tag=kfops-$({
    node --version
    files_of "$root"
    cat "$PROJECT/package-lock.json" "${BASH_SOURCE[0]}"
  } | short_hash)
  project_has "$tag" && project_keep kfops "$tag" && return
  echo "making the image of kfops"
  packages=packages-$({ node --version; cat "$PROJECT/package-lock.json"; } | short_hash)
  project_has "$packages" || build_kfops_packages "$packages"

  umoci tag --image "$PROJECT_LAYOUT:$packages" work
  umoci insert --image "$work" "$root" /
  umoci config --image "$work" --config.env NODE_ENV=production --config.user 65532:65532 \
    --config.workingdir /opt/kfops --config.entrypoint kfops --clear config.cmd
  project_keep kfops "$tag"
}

# Node, and the packages that are locked: what the sources do not change.
build_kfops_packages() {
  local root=$SCRATCH/packages work=$PROJECT_LAYOUT:work
  mkdir -p "$root/opt/kfops"
  cp "$PROJECT"/{package.json,package-lock.json,.npmrc} "$root/opt/kfops/"
  (cd "$root/opt/kfops" && npm ci --silent --omit=dev --ignore-scripts --prefer-offline)
  rm "$root"/opt/kfops/{package-lock.json,.npmrc}
  debian_node_image
  umoci insert --image "$work" "$root" /
  project_keep packages "$1"
}

# copy_tree FROM TO LEFT-OUT…: without what Python made of files by itself in the source tree.
copy_tree() {
  local from=$1 to=$2 pattern excluded=()
  shift 2
  for pattern in "$@"; do excluded+=("--exclude=$pattern"); done
  mkdir -p "$to"
  tar -C "$from" --anchored "${excluded[@]}" -cf - . | tar -C "$to" -xf - --no-same-owner
}

# Not `grep -q`: it would end umoci's output early, which `pipefail` takes for a failure.
project_has() { umoci ls --layout "$PROJECT_LAYOUT" | grep -xF "$1" >/dev/null; }

# project_keep KIND TAG: names what was made, and forgets the one before it.
project_keep() {
  local old
  if ! project_has "$2"; then
    umoci tag --image "$PROJECT_LAYOUT:work" "$2"
    umoci rm --image "$PROJECT_LAYOUT:work"
    for old in $(umoci ls --layout "$PROJECT_LAYOUT" | grep -E "^$1-[0-9a-f]{16}$"); do
      [ "$old" = "$2" ] || umoci rm --image "$PROJECT_LAYOUT:$old"
    done
    umoci gc --layout "$PROJECT_LAYOUT"
  fi
  echo "$2" >"$PROJECT_LAYOUT/$1.tag"
}

# project_push REPOSITORY KIND
project_push() {
  local tag
  tag=$(project_tag "$2")
  in_node curl -fsSo /dev/null -H 'accept: application/vnd.oci.image.manifest.v1+json' \
    "http://$REGISTRY/v2/${1#*/}/manifests/$tag" 2>/dev/null ||
    in_node skopeo copy -q --dest-tls-verify=false "oci:$PROJECT_LAYOUT:$tag" "docker://$1:$tag"
}
