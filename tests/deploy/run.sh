#!/usr/bin/env bash
# Judges deploy/container, deploy/proxy and deploy/cluster by the validators that registries offer, and each validator by a file that it must refuse.
set -euo pipefail
cd "$(dirname "$0")/../.."

folder=target/deploy
mkdir -p "$folder"
if ! cmp -s tests/deploy/requirements.txt "$folder/installed"; then
    rm -rf "$folder/venv" "$folder/installed"
    python3 -m venv "$folder/venv"
    "$folder/venv/bin/pip" install --quiet --disable-pip-version-check -r tests/deploy/requirements.txt
    cp tests/deploy/requirements.txt "$folder/installed"
fi
PATH=$PWD/$folder/venv/bin:$PATH
export PYTHONDONTWRITEBYTECODE=1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

refused=0
# refuses NAME TEXT COMMAND...: the command fails, and says TEXT.
refuses() {
    local name=$1 text=$2
    shift 2
    if "$@" >"$work/said" 2>&1; then
        echo "$name is accepted, and must not be: $*"
        exit 1
    fi
    if ! grep -qF -- "$text" "$work/said"; then
        echo "$name is refused, but for another reason than \"$text\":"
        cat "$work/said"
        exit 1
    fi
    refused=$((refused + 1))
}
# broken FILE SED: a copy of it, changed.
broken() {
    sed -E "$2" "$1" >"$work/broken.${1##*.}"
    if cmp -s "$1" "$work/broken.${1##*.}"; then
        echo "$2 changes nothing in $1"
        exit 1
    fi
}

yamllint --strict -c tests/deploy/yamllint.yaml deploy
broken deploy/container/compose.yaml 's/^name: allo-cmp$/name: allo-cmp\nname: twice/'
refuses "a key that stands twice" "duplication of key" yamllint --strict -c tests/deploy/yamllint.yaml "$work/broken.yaml"

hadolint deploy/container/Containerfile
sed 's/^USER .*/USER root/' deploy/container/Containerfile >"$work/Containerfile"
refuses "an image that runs as root" DL3002 hadolint "$work/Containerfile"

compose=(check-jsonschema --builtin-schema vendor.compose-spec)
"${compose[@]}" deploy/container/compose.yaml deploy/container/compose.own-words.yaml
broken deploy/container/compose.yaml 's/read_only: true/readonly: true/'
refuses "a key that Compose does not know" readonly "${compose[@]}" "$work/broken.yaml"
for promise in 'read_only: true' 'cap_drop: \[ALL\]' 'no-new-privileges:true' 'healthcheck:' 'mem_limit:' 'pids_limit:'; do
    [ "$(grep -c "$promise" deploy/container/compose.yaml)" = 3 ] || { echo "not every service has $promise"; exit 1; }
done

proxies=deploy/proxy
# With and without the lines for Somleng.
sed 's/#~ //' "$proxies/Caddyfile" >"$work/Caddyfile.somleng"
sed 's/#~ //' "$proxies/nginx.conf" >"$work/somleng.conf"
if command -v caddy >/dev/null; then
    judged() { caddy validate --adapter caddyfile --config "$1"; }
    for file in "$proxies/Caddyfile" "$work/Caddyfile.somleng"; do
        judged "$file" >"$work/said" 2>&1 || { cat "$work/said"; exit 1; }
        # Compose names the line otherwise.
        LINE_HOST=other.example.org LINE_UPSTREAM=line:8080 caddy adapt --adapter caddyfile --config "$file" >"$work/said" 2>/dev/null
        if ! grep -q '"dial":"line:8080"' "$work/said" || grep -q line.example.org "$work/said"; then
            echo "$file ignores the environment"
            exit 1
        fi
        caddy fmt "$file" | cmp - "$file"
    done
    sed 's/max_size/max_sise/' "$proxies/Caddyfile" >"$work/Caddyfile"
    refuses "a word that Caddy does not know" max_sise judged "$work/Caddyfile"
else
    echo "caddy is not here: its file is not judged"
fi

nginx=$(PATH=$PATH:/usr/local/sbin:/usr/sbin command -v nginx || true)
if [ -n "$nginx" ] && command -v openssl >/dev/null; then
    openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=line.example.org -keyout "$work/privkey.pem" -out "$work/fullchain.pem" 2>/dev/null
    # judged FILE: as a part of a whole configuration; certificates, logs and ports are those of a test.
    judged() {
        sed -e "s#/etc/letsencrypt/live/line.example.org/#$work/#; s#/var/log/nginx/#$work/#" \
            -e 's/listen 80;/listen 127.0.0.1:18080;/; s/listen 443 /listen 127.0.0.1:18443 /; /listen \[::\]/d' "$1" >"$work/site.conf"
        {
            printf 'pid pid; events {} http { include site.conf; '
            printf '%s_temp_path temp; ' client_body proxy fastcgi uwsgi scgi
            printf '}\n'
        } >"$work/main.conf"
        "$nginx" -t -q -e "$work/errors" -p "$work" -c main.conf
    }
    for file in "$proxies/nginx.conf" "$work/somleng.conf"; do
        judged "$file" >"$work/said" 2>&1 || { cat "$work/said"; exit 1; }
        # Newer ones say HTTP/2 in another way, which 1.22 does not understand.
        if grep warn "$work/said" | grep -qv http2; then
            cat "$work/said"
            exit 1
        fi
    done
    broken "$proxies/nginx.conf" 's/limit_conn /limit_con /'
    refuses "a word that nginx does not know" limit_con judged "$work/broken.conf"
else
    echo "nginx is not here: its file is not judged"
fi

if ! kubectl kustomize --help >/dev/null 2>&1; then
    echo "kubectl is not here: the cluster's files are not judged"
    exit 0
fi
# The component needs the operator's copy of the flows.
cp -r deploy/cluster "$work/cluster"
mkdir -p "$work/cluster/components/own-flows/flows"
cp call_flows/{lines,chains}.yaml "$work/cluster/components/own-flows/flows/"
for overlay in example example-own-flows; do
    kubectl kustomize "$work/cluster/overlays/$overlay" >"$work/$overlay.yaml"
    kubernetes-validate --strict --quiet "$work/$overlay.yaml"
    python tests/deploy/cluster.py "$work/$overlay.yaml"
done
# A ConfigMap holds 1 MiB, and what `kubectl apply` remembers of it 256 KiB.
size=$(cat call_flows/*.yaml | wc -c)
[ "$size" -lt 200000 ] || { echo "the flows have outgrown a ConfigMap: $size bytes"; exit 1; }

broken "$work/example.yaml" 's/readinessProbe:/readynessProbe:/'
refuses "a field that the cluster does not know" readynessProbe kubernetes-validate --strict "$work/broken.yaml"
broken "$work/example.yaml" 's/^  minReplicas: 3/  minReplicas: three/'
refuses "a number in letters" three kubernetes-validate --strict "$work/broken.yaml"
fits() { python tests/deploy/cluster.py "$work/broken.yaml"; }
broken "$work/example.yaml" 's/^( *)revisionHistoryLimit:/\1replicas: 3\n&/'
refuses "a number of pods that two say" "both say how many" fits
broken "$work/example.yaml" 's/^( *)k8s-app: kube-dns/&\n\1app.kubernetes.io\/name: allo-cmp/'
refuses "a policy that lets nobody be asked for names" "asked for names" fits
broken "$work/example.yaml" '/configMapRef/,/name:/s/name: .*/name: allo-cmp-settings/'
refuses "settings that are not there" "no ConfigMap" fits
broken "$work/example.yaml" 's/secretName: allo-cmp-secrets.*/secretName: other/'
refuses "secrets that are not there" "no Secret" fits
broken "$work/example.yaml" 's/runAsUser: 65532/runAsUser: 0/'
refuses "root" "runAsUser is 0" fits
broken "$work/example.yaml" 's/targetPort: http/targetPort: web/'
refuses "a port that is not there" "no port web" fits
broken "$work/example.yaml" 's/minReplicas: 3/minReplicas: 2/'
refuses "two pods" "fewer than three" fits
rm "$work/cluster/components/own-flows/flows/chains.yaml"
refuses "flows of one's own of which one is not there" chains.yaml kubectl kustomize "$work/cluster/overlays/example-own-flows"

echo "The files of containers and clusters are right; $refused broken ones were refused."
