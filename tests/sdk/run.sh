#!/usr/bin/env bash
# Cross-checks signatures and documents with the official SDKs. Arguments: the program (target/debug/allo-cmp), the seed.
set -euo pipefail
cd "$(dirname "$0")/../.."

folder=target/sdk
mkdir -p "$folder"
wanted=$(cat tests/sdk/requirements*.txt)
if [ "$(cat "$folder/installed" 2>/dev/null || true)" != "$wanted" ]; then
    rm -rf "$folder/venv" "$folder/installed"
    python3 -m venv "$folder/venv"
    pip=("$folder/venv/bin/pip" install --quiet --disable-pip-version-check)
    "${pip[@]}" -r tests/sdk/requirements.txt
    "${pip[@]}" --no-deps -r tests/sdk/requirements-alone.txt
    printf '%s\n' "$wanted" >"$folder/installed"
fi

# This builds target/debug/allo-cmp as well.
rm -rf "$folder/documents"
if ! ALLO_CMP_DOCUMENTS=$PWD/$folder/documents cargo test --quiet --test suite walked_documents >"$folder/documents.log" 2>&1; then
    cat "$folder/documents.log"
    exit 1
fi
export PYTHONDONTWRITEBYTECODE=1
"$folder/venv/bin/python" tests/sdk/signatures.py "${1:-target/debug/allo-cmp}" "${@:2}"
"$folder/venv/bin/python" tests/sdk/documents.py "$folder/documents"
