#!/usr/bin/env bash
# Two programs on two hosts (network namespaces) behind one address: in the middle of calls the first host vanishes, and the
# address moves to the second. Every call must be heard as if nothing had happened. Needs root and iproute2; says so, and is skipped, where they are not.
set -euo pipefail
cd "$(dirname "$0")/../.."

calls=${CALLS:-30}
program=${PROGRAM:-target/debug/allo-cmp}
if [ "$(id -u)" != 0 ] || ! command -v ip >/dev/null || ! ip netns add "cmp-try-$$" 2>/dev/null; then
    echo "no network namespaces here (root and iproute2): two places are not tried"
    exit 0
fi
ip netns delete "cmp-try-$$"
[ -x "$program" ] || { echo "$program is not built" >&2; exit 1; }

work=$(mktemp -d)
one=cmp-one-$$ two=cmp-two-$$ callers=cmp-callers-$$
pids=()
finish() {
    for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
    wait
    for space in "$one" "$two" "$callers"; do ip netns delete "$space" 2>/dev/null || true; done
    rm -rf "$work"
}
trap finish EXIT

# Callers and both hosts on one bridge.
for space in "$one" "$two" "$callers"; do
    ip netns add "$space"
    ip -n "$space" link set lo up
done
ip -n "$callers" link add bridge type bridge
ip -n "$callers" address add 10.77.0.9/24 dev bridge
ip -n "$callers" link set bridge up
host() {
    local space=$1 name=$2 address=$3
    ip -n "$callers" link add "$name" type veth peer name eth netns "$space"
    ip -n "$callers" link set "$name" master bridge up
    ip -n "$space" address add "$address/24" dev eth
    ip -n "$space" link set eth up
}
host "$one" one 10.77.0.1
host "$two" two 10.77.0.2
ip -n "$one" address add 10.77.0.100/24 dev eth

cat >"$work/settings.toml" <<END
[server]
listen = "0.0.0.0:8080"
public_url = "https://line.example.org"
secret = "a secret of at least thirty-two characters"
other_machines = true
[providers.twilio]
auth_token = "a token of fiction"
[journal]
url = "none"
[limits]
new_calls_per_caller = 0
END
for space in "$one" "$two"; do
    ip netns exec "$space" "$program" --config "$work/settings.toml" serve 2>"$work/$space.log" &
    pids+=($!)
done
for space in "$one" "$two"; do
    for _ in $(seq 200); do
        grep -q "the line is open" "$work/$space.log" && break
        sleep 0.1
    done
    grep -q "the line is open" "$work/$space.log"
done
worlds=$(for space in "$one" "$two"; do
    ip netns exec "$space" "$program" --config "$work/settings.toml" health >/dev/null
    # The operators' listener of each host, which no other host reaches.
    ip netns exec "$space" bash -c 'exec 3<>/dev/tcp/127.0.0.1/9090; printf "GET /readyz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" >&3; cat <&3' |
        grep -o '"world":"[0-9a-f]*"'
done)
[ "$(sort -u <<<"$worlds" | wc -l)" = 1 ] || { echo "the two say different things: $worlds" >&2; exit 1; }

# Webhooks that a host has answered.
asked() {
    ip netns exec "$1" bash -c 'exec 3<>/dev/tcp/127.0.0.1/9090; printf "GET /metrics HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" >&3; cat <&3' |
        sed -n 's/^allo_cmp_webhooks_answered_total //p' | tr -d '\r'
}

keys="1 2 _ # 0 1 # 7 * 0 4 0 2 0 1 # 8 1 0 9 2 _ 0 1 # 0 2 _ 0 3 0"
for _ in 1 2; do keys="$keys 1 0 2 _ 0 4 0 # 7 * 0 2 0 1 # 0 3 0 2 0"; done
call() {
    ip netns exec "$callers" "$program" --config "$work/settings.toml" call --url http://10.77.0.100:8080 --keys "$keys" --hang-up --json
}
call >"$work/undisturbed"
webhooks=$(asked "$one")
running=()
for n in $(seq "$calls"); do
    call >"$work/call-$n" 2>"$work/errors-$n" &
    running+=($!)
done
# In the middle of them, told by what it has answered, the first host is gone, without a word, and a while later its address
# answers elsewhere.
middle=$((webhooks * calls / 4))
while [ "$(asked "$one")" -lt "$middle" ] && [ "$SECONDS" -lt 60 ]; do :; done
ip -n "$one" link set eth down
sleep 1
ip -n "$two" address add 10.77.0.100/24 dev eth
# As the new host announces itself.
ip -n "$callers" neighbour flush all
failed=0
for at in "${!running[@]}"; do
    n=$((at + 1))
    if ! wait "${running[$at]}"; then
        echo "call $n failed: $(cat "$work/errors-$n")"
        failed=$((failed + 1))
    elif ! cmp -s "$work/undisturbed" "$work/call-$n"; then
        echo "call $n heard something else: $(diff "$work/undisturbed" "$work/call-$n" | head -4)"
        failed=$((failed + 1))
    fi
done
echo "$calls calls; webhooks answered by the first host: $(asked "$one"), by the second: $(asked "$two"); failed: $failed"
# Both have spoken, or nothing was moved.
[ "$failed" = 0 ] && [ "$(asked "$two")" -gt 0 ] && [ "$(asked "$one")" -gt 0 ]
