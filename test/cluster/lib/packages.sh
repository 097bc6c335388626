# What comes from Debian. Sourced by node.sh.
# shellcheck shell=bash

PACKAGES=(
  busybox-static ca-certificates conntrack containerd containernetworking-plugins curl debootstrap dnsmasq-base
  docker-registry iproute2 iptables nftables openssl runc skopeo umoci util-linux
)

packages_install() {
  local missing=() package
  for package in "${PACKAGES[@]}"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} = 0 ] && return
  echo "installing ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -qq -y --no-install-recommends "${missing[@]}" >/dev/null
}
