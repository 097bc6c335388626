# Starting and ending the node's processes: each is known by its pid and start time, so that a pid which the
# kernel has given to somebody else meanwhile is never touched. Sourced by node.sh.
# shellcheck shell=bash

fail() {
  echo "node.sh: $*" >&2
  exit 1
}

in_node() { nsenter --net="/run/netns/$NETNS" "$@"; }
kubectl_admin() { in_node "$KUBERNETES_DIR/kubectl" --kubeconfig "$ADMIN_KUBECONFIG" "$@"; }
ctr_node() { in_node ctr --address "$CONTAINERD_SOCKET" --namespace k8s.io "$@"; }

# start NAME COMMAND…: in the node's namespace, in the background.
start() {
  local name=$1
  shift
  printf '%s\0' "$@" >"$STATE/commands/$name"
  launch "$name"
}

launch() {
  local -a command
  mapfile -d '' command <"$STATE/commands/$1"
  # nsenter and setsid both exec, so the pid is the command's own. Descriptor 9 is node.sh's lock.
  nsenter --net="/run/netns/$NETNS" setsid "${command[@]}" >>"$STATE/log/$1.log" 2>&1 </dev/null 9>&- &
  echo "$! $(start_time $!)" >"$STATE/pid/$1"
}

# The 22nd field of /proc/PID/stat; the second, the name in brackets, may hold anything.
start_time() {
  local stat
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
  # shellcheck disable=SC2086
  set -- ${stat##*) }
  [ "$1" != Z ] && echo "${20}"
}

pid_of() { cut -d' ' -f1 "$STATE/pid/$1"; }
is_alive() {
  local pid started
  read -r pid started <"$STATE/pid/$1" && [ "$(start_time "$pid")" = "$started" ]
}
all_alive() {
  local file
  for file in "$STATE"/pid/*; do is_alive "${file##*/}" || return 1; done
}

# stop NAME [SIGNAL]: ends it and waits for that; SIGKILL when it has not gone after 10 seconds.
stop() {
  [ -e "$STATE/pid/$1" ] || return 0
  local try
  for try in $(seq 100); do
    is_alive "$1" || return 0
    [ "$try" = 1 ] && kill -s "${2:-TERM}" "$(pid_of "$1")" 2>/dev/null
    sleep 0.1
  done
  if is_alive "$1"; then kill -s KILL "$(pid_of "$1")" 2>/dev/null || true; fi
}

restart() {
  [ -e "$STATE/commands/$1" ] || fail "there is no process $1; node.sh status lists them"
  stop "$1"
  launch "$1"
}

end() {
  stop "$1"
  rm -f "$STATE/pid/$1" "$STATE/commands/$1"
}

wait_for() {
  local what=$1
  shift
  for _ in $(seq 240); do
    "$@" >/dev/null 2>&1 && return
    sleep 0.25
  done
  fail "$what did not come up within a minute; see $STATE/log"
}

# In an order in which nobody restarts what was just ended. Nothing is kept, so nobody is asked to end in order. Works on
# a state of which half is gone.
stop_all() {
  [ -d "$STATE" ] || return 0
  local file
  # containerd before its containers: it would tidy up the bundles, which tell runtime_clean what to remove.
  for file in workflow-controller kubelet kube-scheduler kube-controller-manager kube-proxy containerd; do
    stop "$file" KILL
  done
  containers_kill
  for file in "$STATE"/pid/*; do [ -e "$file" ] && stop "${file##*/}" KILL; done
  runtime_clean
  network_down
  rm -rf "$STATE"
}
