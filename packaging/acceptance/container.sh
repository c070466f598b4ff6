# Sourced: a container that boots a fresh Debian, and how checks are told. Needs root.
cache=${VERGE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/verge-packaging}
base=$cache/base-bookworm
count=0
say() { printf '%s: %s\n' "$(basename "$0")" "$*"; }
fail() { say "FAILED: $*"; [ -z "${leader:-}" ] || inside journalctl -u verge -n 25 --no-pager || true; exit 1; }
passed() { count=$((count + 1)); say "ok  $*"; }
check() { # what, command...
  local what=$1; shift
  "$@" >"$work/out" 2>&1 || { tail -n 15 "$work/out"; fail "$what"; }
  passed "$what"
}
until_ok() { # seconds, what, command...
  local end=$((SECONDS + $1)) what=$2; shift 2
  until "$@" >"$work/out" 2>&1; do
    [ $SECONDS -lt $end ] || { tail -n 15 "$work/out"; fail "$what"; }
    sleep 0.5
  done
  passed "$what"
}

[ "$(id -u)" = 0 ] || { say 'needs root: a container is booted'; exit 2; }
for tool in debootstrap systemd-nspawn nsenter jq; do
  command -v $tool >/dev/null || { say "missing $tool; as root: apt-get install debootstrap systemd-container util-linux jq"; exit 2; }
done

make_base() {
  if [ ! -f "$base/.complete" ]; then
    say 'making the base system (once) ...'
    rm -rf "$base"; mkdir -p "$base"
    mirror=$(grep -rhoE '(URIs: |^deb )[^ ]*' /etc/apt/sources.list /etc/apt/sources.list.d 2>/dev/null | grep -o 'http.*' | grep -E '/debian/?$' | head -n 1)
    debootstrap --variant=minbase --include=ca-certificates,systemd,systemd-sysv,dbus,udev bookworm "$base" ${mirror:+"$mirror"} >"$cache/debootstrap.log" 2>&1 \
      || { tail -n 5 "$cache/debootstrap.log"; exit 1; }
    touch "$base/.complete"
  fi
}
fresh_root() {
  work=$(mktemp -d)
  os=$work/os
  cp -a "$base" "$os"
  rm -f "$os/etc/machine-id"
  mkdir -p "$os/srv/debs"
}

work='' nspawn='' leader=''
end() {
  local code=$?
  [ -z "$leader" ] || kill -s SIGRTMIN+4 "$leader" 2>/dev/null || true
  [ -z "$nspawn" ] || { for _ in $(seq 60); do kill -0 "$nspawn" 2>/dev/null || break; sleep 0.5; done; kill -9 "$nspawn" 2>/dev/null || true; }
  if [ "${keep:-no}" = yes ]; then say "kept: $work"; elif [ -n "$work" ]; then rm -rf "$work"; fi
  exit $code
}
trap end EXIT

inside() { nsenter -t "$leader" -m -u -i -n -p -C -- "$@"; }
found_leader() { leader=$(cat "/proc/$nspawn/task/$nspawn/children" 2>/dev/null | tr -d ' '); [ -n "$leader" ] && [ "$(cat "/proc/$leader/comm")" = systemd ]; }
booted() { case $(inside systemctl is-system-running) in running | degraded) ;; *) return 1 ;; esac; }
boot() {
  # Without bpf(2) its systemd could not hold a service to its DeviceAllow.
  SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 systemd-nspawn -q --register=no --keep-unit --private-network --system-call-filter=bpf -D "$os" -b </dev/null >"$work/console" 2>&1 &
  nspawn=$!
  until_ok 60 "${1:-a fresh Debian boots}" found_leader
  until_ok 90 'its systemd is up' booted
  inside ip link set lo up 2>/dev/null || true
}

# Every process of the container ends at once, as at the main switch; what the kernel had in its cache stays.
pull_the_plug() {
  kill -9 "$leader" "$nspawn" 2>/dev/null || true
  wait "$nspawn" 2>/dev/null || true
  while kill -0 "$leader" 2>/dev/null; do sleep 0.1; done
}

# It ended by itself; the number says why (systemd-nspawn --keep-unit).
ended() { ! kill -0 "$nspawn" 2>/dev/null; }
rebooted() { ending=0; wait "$nspawn" || ending=$?; }

v() { inside /usr/bin/verge "$@"; }
as_verge() { inside setpriv --reuid verge --regid verge --init-groups -- "$@"; }
main_pid() { inside systemctl show -P MainPID verge; }
acked() { as_verge verge uplink --json | grep -Eq '"lastAckMs":[0-9]'; }
all_answer() { as_verge verge status --json | jq -e '[.buses[] | .silent | length] | add == 0'; }
# The city: mqtt, or mqtts after secure_city.
city=mqtt
secure_city() { # it speaks TLS, to one user only; certificate and password are in the gateway's secrets, which only root reads
  city=mqtts
  mkdir -p "$os/srv/city"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=city -addext 'subjectAltName=IP:127.0.0.1' \
    -keyout "$os/srv/city/key.pem" -out "$os/srv/city/city.pem" 2>/dev/null
  new_password
  install -m 0600 "$os/srv/city/city.pem" "$os/etc/verge/secrets/city-ca"
  install -m 0600 "$os/srv/city/password" "$os/etc/verge/secrets/city-password"
}
new_password() { openssl rand -hex 16 > "$os/srv/city/password"; }
start_city() { # further options of the back end
  local door=(--mqtt-port 1883)
  [ $city = mqtt ] || door=(--mqtt-port 8883 --tls-certificate /srv/city/city.pem --tls-key /srv/city/key.pem --user gw-demo --password-file /srv/city/password)
  inside systemd-run -q -G --unit=backend -E HOME=/root -p SuccessExitStatus=143 verge simulate backend "${door[@]}" --ledger /srv/city.db "$@"
}
start_street() {
  inside mkdir -p /srv/street && inside chown verge:verge /srv/street && inside chmod 0755 /srv/street
  start_city
  inside rm -f /srv/street/gateway.toml
  local url=mqtt://127.0.0.1:1883 more=
  [ $city = mqtt ] || { url=mqtts://127.0.0.1:8883; more=';/^url = /a ca = "secrets/city-ca"\nuser = "gw-demo"\npassword_file = "secrets/city-password"\nconfigure = true'; }
  inside systemd-run -q --unit=street --uid=verge verge simulate street --dir /srv/street --uplink "$url" --hasten 20
  until_ok 60 'a simulated street is there' inside test -s /srv/street/gateway.toml
  # A pseudo-terminal has no parity, and refuses it to who opens it a second time.
  inside sh -c "sed '/^\[local\]/d;/^socket *=/d;s/&format=8E1//$more' /srv/street/gateway.toml > /etc/verge/gateway.toml"
}
# What the service may open, tried from inside its control group: a device that is allowed but not there is another error.
opens() { inside sh -c "echo \$\$ > /sys/fs/cgroup/system.slice/verge.service/cgroup.procs && exec 3<>/dev/$1" 2>&1; }
may_open() { opens "$1" >"$work/opens" || grep -q 'No such device or address' "$work/opens" || { cat "$work/opens"; return 1; }; }
may_not_open() { if opens "$1" >"$work/opens"; then echo "/dev/$1 was opened"; return 1; fi; grep -q 'Operation not permitted' "$work/opens" || { cat "$work/opens"; return 1; }; }
is_active() { [ "$(inside systemctl is-active verge)" = active ]; }

