#!/usr/bin/env bash
# The units under a real systemd: process 1 of namespaces of its own, whose root is this machine's /usr under a layer that is thrown away.
# Nothing of this machine's systemd, network or files is touched. `systemd.sh PROGRAM`; without what it needs it says so and does nothing.
set -euo pipefail
cd "$(dirname "$0")/../.."
program=$(realpath "${1:?the program that the units start}")

missing() {
    echo "$1: the units are not started"
    exit 0
}
[ "$(id -u)" = 0 ] || missing "only root may make namespaces with a systemd inside"
for tool in unshare pivot_root systemctl timeout; do
    command -v "$tool" >/dev/null || missing "$tool is not here"
done
[ -x /usr/lib/systemd/systemd ] || missing "systemd is not here"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/root" "$work/out"

# In the namespaces: makes the root, and becomes its systemd.
cat >"$work/enter" <<'ENTER'
set -eu
root=$1 out=$2 program=$3 deploy=$4 try=$5
mount --make-rprivate /
mount -t tmpfs -o mode=755 tmpfs "$root"
cd "$root"
mkdir -p usr etc/systemd/system etc/allo-cmp proc sys dev run tmp var/lib var/log root out old layer
mount -t tmpfs tmpfs layer
mkdir layer/upper layer/work
mount -t overlay -o "lowerdir=/usr,upperdir=$root/layer/upper,workdir=$root/layer/work" overlay usr
for link in bin sbin lib lib64; do ln -s "usr/$link" "$link"; done
cp /etc/ld.so.cache etc/
printf 'root:x:0:0::/root:/bin/sh\nallo-cmp:x:990:990::/var/lib/allo-cmp:/usr/sbin/nologin\nnobody:x:65534:65534::/:/usr/sbin/nologin\n' >etc/passwd
printf 'root:x:0:\nallo-cmp:x:990:\nnogroup:x:65534:\n' >etc/group
printf 'passwd: files\ngroup: files\nhosts: files\n' >etc/nsswitch.conf
: >etc/machine-id
cp "$program" usr/bin/allo-cmp
cp "$deploy"/allo-cmp.* etc/systemd/system/
cp "$try" out.try
printf '[Unit]\nDefaultDependencies=no\nAfter=basic.target\nWants=basic.target\n[Service]\nType=oneshot\nExecStart=/bin/bash /out.try\nStandardOutput=append:/out/log\nStandardError=append:/out/log\nTimeoutStartSec=infinity\n' >etc/systemd/system/try.service
mount --bind "$out" out
mount -t proc proc proc
mount -t sysfs -o ro sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
mount -t tmpfs -o mode=755 tmpfs dev
for device in null zero full random urandom tty; do
    : >"dev/$device"
    mount --bind "/dev/$device" "dev/$device"
done
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
ln -s pts/ptmx dev/ptmx
mount -t tmpfs -o mode=755 tmpfs run
mount -t tmpfs tmpfs tmp
pivot_root . old
umount -l old
# As a manager of containers leaves it: credentials are mounted for each service, and must be seen by it.
mount --make-rshared /
exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin container=other /usr/lib/systemd/systemd --system --unit=try.service --log-target=journal --show-status=false
ENTER

# Started by that systemd: what is tried. Its exit code is the one of all.
cat >"$work/try" <<'TRY'
trap 'code=$?; set +e; [ $code = 0 ] || { systemctl status --no-pager --lines=0 allo-cmp.socket allo-cmp.service; journalctl --no-pager --output=cat | grep allo-cmp | tail -30; }; echo "$code" >/out/code; systemctl exit "$code"' EXIT
set -euo pipefail
say() { echo "  $*"; }
of() { systemctl show --value --property "$1" "${2:-allo-cmp.service}"; }
# until_is WORDS COMMAND...: it prints them in the end.
until_is() {
    local words=$1
    shift
    for _ in $(seq 1 1200); do
        case "$("$@" 2>&1)" in *"$words"*) return 0 ;; esac
        sleep 0.1
    done
    echo "never \"$words\" from $*: $("$@" 2>&1)"
    return 1
}
# One request, on a connection of its own: its status.
ask() {
    local status=none
    exec 7<>/dev/tcp/127.0.0.1/8080 || return 1
    printf 'GET %s HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n' "$1" >&7
    read -r -t 60 _ status _ <&7 || true
    exec 7>&-
    echo "$status"
}

mkdir -m 0700 /etc/allo-cmp/secrets
head -c 32 /dev/urandom | base64 >/etc/allo-cmp/secrets/server.secret
echo "a token of thirty-two characters" >/etc/allo-cmp/secrets/twilio
chmod 0600 /etc/allo-cmp/secrets/*
printf '[server]\npublic_url = "https://line.example.org"\n' >/etc/allo-cmp/allo-cmp.toml
mkdir /etc/systemd/system/allo-cmp.service.d
cat >/etc/systemd/system/allo-cmp.service.d/try.conf <<'EOF'
[Unit]
StartLimitBurst=6
[Service]
LoadCredential=server.secret:/etc/allo-cmp/secrets/server.secret
LoadCredential=providers.twilio.auth_token:/etc/allo-cmp/secrets/twilio
WatchdogSec=4
TimeoutStartSec=300
EOF
systemctl daemon-reload

systemctl start allo-cmp.socket
[ "$(of ActiveState)" = inactive ]
[ "$(ask /healthz)" = 200 ]
until_is "the line is open on 127.0.0.1:8080 for twilio" of StatusText
say "the socket starts the service for the first webhook; the secrets come as credentials"

main=$(of MainPID)
[ "$(stat -c %U:%a /var/lib/allo-cmp)" = allo-cmp:700 ]
until_is journal.db find /var/lib/allo-cmp -user allo-cmp -perm 0600 -name journal.db
grep -q '^Seccomp:.*2$' "/proc/$main/status"
grep -q '^CapBnd:.*0000000000000000$' "/proc/$main/status"
grep -q '^NoNewPrivs:.*1$' "/proc/$main/status"
say "hardened, it answers and writes its journal"

systemctl reload allo-cmp.service
until_is "that were just read" of StatusText
[ "$(of MainPID)" = "$main" ]
say "reload: read again by the same process"

# Own words that only root may read: root's own check would find nothing wrong.
mkdir -p /etc/allo-cmp/audio_scripts/fr/end
printf '[server]\npublic_url = "https://line.example.org"\n' >/out/settings
printf 'scripts_overlay = "/etc/allo-cmp/audio_scripts"\n' | cat - /out/settings >/etc/allo-cmp/allo-cmp.toml
systemctl restart allo-cmp.service
until_is "the line is open" of StatusText
main=$(of MainPID)
echo "Au revoir." >/etc/allo-cmp/audio_scripts/fr/end/goodbye.md
chmod 0600 /etc/allo-cmp/audio_scripts/fr/end/goodbye.md
! systemctl reload allo-cmp.service 2>/dev/null
until_is "/etc/allo-cmp/audio_scripts/fr/end/goodbye.md can't be read" journalctl --no-pager --output=cat --unit allo-cmp.service
[ "$(of ActiveState):$(of MainPID)" = "active:$main" ] && [ "$(ask /healthz)" = 200 ]
rm /etc/allo-cmp/audio_scripts/fr/end/goodbye.md
systemctl reload allo-cmp.service
until_is "that were just read" of StatusText
cp /out/settings /etc/allo-cmp/allo-cmp.toml
say "reload: words that the service may not read make it fail, and the line goes on"

asked=0 wrong=0
: >/out/going
(while [ -e /out/going ]; do ask /healthz || echo refused; done) >/out/answers 2>&1 &
asking=$!
for _ in 1 2; do
    systemctl restart allo-cmp.service
    [ "$(of MainPID)" != "$main" ] && main=$(of MainPID)
done
rm /out/going
wait $asking
asked=$(wc -l </out/answers)
wrong=$(grep -cvx 200 /out/answers || true)
say "2 restarts, $asked requests, $wrong of them not answered"
[ "$wrong" = 0 ] && [ "$asked" -gt 50 ]

kill -KILL "$main"
[ "$(ask /healthz)" = 200 ]
until_is "the line is open" of StatusText
[ "$(of MainPID)" != "$main" ] && main=$(of MainPID)
say "killed: the next request is answered by the next process"

kill -STOP "$main"
until_is "$((1 + $(of NRestarts)))" of NRestarts
[ "$(ask /healthz)" = 200 ]
until_is "the line is open" of StatusText
[ "$(of MainPID)" != "$main" ]
say "stopped as if it were stuck: the watchdog starts it anew"

systemctl reset-failed allo-cmp.service
echo 'nothing = 1' >/etc/allo-cmp/allo-cmp.toml
systemctl restart allo-cmp.service 2>/dev/null || true
until_is failed of ActiveState
until_is failed of ActiveState allo-cmp.socket
! ask /healthz 2>/dev/null
say "settings that are refused: after some starts both units are given up, and the proxy is refused at once"

printf '[server]\npublic_url = "https://line.example.org"\n' >/etc/allo-cmp/allo-cmp.toml
systemctl reset-failed allo-cmp.service allo-cmp.socket
systemctl restart allo-cmp.socket allo-cmp.service
[ "$(ask /healthz)" = 200 ]
systemctl stop allo-cmp.socket
until_is inactive of ActiveState
say "mended, it runs; a stop of the socket stops both"
TRY

status=0
timeout --signal=KILL 400 unshare --pid --mount --ipc --uts --net --cgroup --fork --kill-child \
    bash "$work/enter" "$work/root" "$work/out" "$program" "$PWD/deploy/systemd" "$work/try" </dev/null >"$work/said" 2>&1 || status=$?
if [ ! -e "$work/out/log" ]; then
    cat "$work/said"
    missing "namespaces with a systemd inside are not allowed here ($status)"
fi
cat "$work/out/log"
[ "$(cat "$work/out/code" 2>/dev/null)" = 0 ] || { echo "the units fail under a real systemd ($status)"; exit 1; }
echo "The units run under a real systemd."
