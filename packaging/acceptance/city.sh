# Sourced by acceptance tests that boot an image: a city on this computer, and what is asked of it.
# Needs: name, root, verge, work, children=(), keep.
say() { printf '%s: %s\n' "$name" "$*"; }
fail() { say "FAILED: $*"; tail -n 30 "$work/console" 2>/dev/null | tr -d '\r' || true; exit 1; }
watched() { :; } # what: called while something is awaited; ends the test when that can no more come
until_ok() { # seconds, what, command...
  local limit=$((SECONDS + $1)) what=$2 began=$SECONDS; shift 2
  until "$@" >"$work/out" 2>&1; do
    [ $SECONDS -lt $limit ] || fail "$what"
    watched "$what"
    sleep 1
  done
  say "ok  $what ($((SECONDS - began)) s)"
}
end() {
  local code=$? pid
  for pid in "${children[@]:-}"; do [ -z "$pid" ] || kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  if [ "$keep" = yes ]; then say "kept: $work"; else rm -rf "$work"; fi
  exit $code
}

free_port() { # of 127.0.0.1, where nobody listens now
  local port
  while :; do
    port=$((20000 + RANDOM % 10000))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
  done
}

# A back end behind TLS at city_port, and a line of simulated lamps at lamps_port, both of 127.0.0.1.
city() {
  local broker
  city_port=$(free_port)
  lamps_port=$(free_port)
  "$verge" version >/dev/null
  "$verge" simulate backend --mqtt-port 0 --ledger "$work/city.db" 2>"$work/backend.log" & children+=($!)
  until_ok 120 'a back end' grep -q 'listens at' "$work/backend.log"
  broker=$(sed -n 's/.*listens at mqtt:[^ ]*:\([0-9]*\).*/\1/p' "$work/backend.log")
  "$verge" simulate street --dir "$work/street" --uplink "mqtt://127.0.0.1:$broker" --hasten 20 2>"$work/street.log" & children+=($!)
  until_ok 120 'a street' test -s "$work/street/gateway.toml"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=city -addext 'subjectAltName=IP:10.0.2.2' \
    -keyout "$work/tls.key" -out "$work/tls.pem" 2>/dev/null
  socat "OPENSSL-LISTEN:$city_port,bind=127.0.0.1,reuseaddr,fork,cert=$work/tls.pem,key=$work/tls.key,verify=0" "TCP:127.0.0.1:$broker" 2>"$work/tls.log" & children+=($!)
  # As an RS-485-to-Ethernet converter would show it.
  socat "TCP-LISTEN:$lamps_port,bind=127.0.0.1,reuseaddr,fork" "FILE:$work/street/lamps-1,raw,echo=0" 2>"$work/lamps.log" & children+=($!)
}

site_file() { # name of the gateway, lines of [system], further tables: verge-site.toml and street.toml in the work folder
  awk '/^\[\[bus\]\]/ {n++; on = (n == 1)} /^\[/ && !/^\[\[bus/ {on = 0} on' "$work/street/gateway.toml" \
    | sed "s|^port = .*|port = \"tcp:10.0.2.2:$lamps_port\"|" > "$work/street.toml"
  cat > "$work/verge-site.toml" <<END
street = "street.toml"
[site]
gateway = "$1"
name = "Image Street"
[uplink]
url = "mqtts://10.0.2.2:$city_port"
ca = '''
$(cat "$work/tls.pem")
'''
[system]
$2
${3:-}
END
}

readings() { "$verge" simulate backend --ledger "$work/city.db" --report --json 2>/dev/null | jq '[.. | .readings? // empty | numbers] | add // 0'; }
more_than() { local now; now=$(readings); [ "${now:-0}" -gt "$1" ]; }
