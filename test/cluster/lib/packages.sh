# What comes from Debian. Sourced by node.sh.
# shellcheck shell=bash

PACKAGES=(
  busybox-static ca-certificates conntrack containerd containernetworking-plugins curl debootstrap dnsmasq-base
  docker-registry git-lfs iproute2 iptables mount nftables jq openssl procps runc skopeo umoci util-linux
)

packages_install() {
  local missing=() package
  for package in "${PACKAGES[@]}"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} = 0 ] && return
  echo "installing ${missing[*]}"
  (apt_install "${missing[@]}")
}

apt_install() {
  export DEBIAN_FRONTEND=noninteractive
  local wait=(-o DPkg::Lock::Timeout=300)
  # Debian would start containerd and the registry as services of this machine.
  local policy=/usr/sbin/policy-rc.d
  if ! [ -e $policy ]; then
    trap 'rm -f /usr/sbin/policy-rc.d' EXIT
    printf '#!/bin/sh\nexit 101\n' >$policy
    chmod +x $policy
  fi
  apt-get "${wait[@]}" update -qq
  apt-get "${wait[@]}" install -qq -y --no-install-recommends "$@" >/dev/null
}
