#!/usr/bin/env python3
"""What the program is made of, from `cargo metadata` and Cargo.lock, without a network.

    dependencies.py check             licences, bans and sources against deny.toml; exit code 1 where one is broken
    dependencies.py licences FILE     the licences of everything inside the released program, with their texts
    dependencies.py sbom FILE         the same as a list for programs: CycloneDX 1.5, JSON

`--features otel` and `--target TRIPLE` say which program is meant. The same sources make the same files.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tomllib
from datetime import datetime, timezone
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LICENCE_FILES = re.compile(r"(?i)^(licen[cs]e|copying|notice|copyright|unlicense)([-._].*)?$")

# What is inside the program and no package of its own.
DATA = """\
SQLite is in the public domain (https://sqlite.org/copyright.html).
The time zones are of the IANA, in the public domain (https://www.iana.org/time-zones).
The postal codes are open data of the INSEE and La Poste (Licence Ouverte 2.0), their places of GeoNames (CC BY 4.0):
src/directory/data/README.md.
"""


def words(expression):
    """The words of an SPDX expression; the old `/` is an OR.

    >>> words("(MIT/Apache-2.0) AND Unicode-3.0")
    ['(', 'MIT', 'OR', 'Apache-2.0', ')', 'AND', 'Unicode-3.0']
    """
    return re.findall(r"[()]|[^\s()]+", expression.replace("/", " OR "))


def allowed(expression, allow):
    """Whether an SPDX expression leaves a choice that is allowed.

    >>> allowed("MIT OR GPL-3.0", {"MIT"}), allowed("MIT AND GPL-3.0", {"MIT"})
    (True, False)
    >>> allowed("(MIT OR GPL-3.0) AND ISC", {"MIT", "ISC"}), allowed("GPL-3.0 OR MIT AND ISC", {"MIT"})
    (True, False)
    >>> allowed("Apache-2.0 WITH LLVM-exception", {"Apache-2.0"}), allowed("MIT/GPL-3.0", {"MIT"})
    (False, True)
    >>> allowed("", {"MIT"})
    False
    """
    rest = words(expression)

    def either():
        value = both()
        while rest and rest[0] == "OR":
            rest.pop(0)
            value = both() or value
        return value

    def both():
        value = one()
        while rest and rest[0] == "AND":
            rest.pop(0)
            value = one() and value
        return value

    def one():
        word = rest.pop(0) if rest else ""
        if word == "(":
            value = either()
            return bool(rest) and rest.pop(0) == ")" and value
        if rest and rest[0] == "WITH":
            rest.pop(0)
            word += " WITH " + (rest.pop(0) if rest else "")
        return word in allow

    return either() and not rest


def metadata(target, features):
    command = ["cargo", "metadata", "--format-version", "1", "--locked"]
    command += ["--filter-platform", target] if target else []
    command += ["--features", features] if features else []
    return json.loads(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout)


def host():
    said = subprocess.run(["rustc", "-vV"], check=True, stdout=subprocess.PIPE, text=True).stdout
    return re.search(r"^host: (.*)$", said, re.M)[1]


def released(meta):
    """The packages that end up in the program, ours first, and what each of them uses: {id: [ids]}."""
    nodes = {node["id"]: node for node in meta["resolve"]["nodes"]}
    uses, waiting = {}, [meta["resolve"]["root"]]
    while waiting:
        package = waiting.pop()
        if package not in uses:
            normal = [dep["pkg"] for dep in nodes[package]["deps"] if any(kind["kind"] is None for kind in dep["dep_kinds"])]
            uses[package] = sorted(normal)
            waiting += normal
    return uses


def check(meta, policy):
    """A sentence for each thing that is not allowed."""
    packages = {package["id"]: package for package in meta["packages"]}
    root = meta["resolve"]["root"]
    users = {}
    for node in meta["resolve"]["nodes"]:
        for dep in node["deps"]:
            users.setdefault(dep["pkg"], set()).add(packages[node["id"]]["name"])
    allow = set(policy["licenses"]["allow"])
    sources = {"registry+" + url for url in policy["sources"]["allow-registry"]}
    denied = {ban["crate"]: ban for ban in policy["bans"]["deny"]}
    for id, package in sorted(packages.items(), key=lambda item: (item[1]["name"], item[1]["version"])):
        name = f"{package['name']} {package['version']}"
        if not allowed(package["license"] or "", allow):
            yield f"{name}: the licence {package['license'] or 'is not told, which'} is not allowed by deny.toml"
        if id != root and package["source"] not in sources:
            yield f"{name}: comes from {package['source'] or 'a folder'}, which deny.toml does not allow"
        ban = denied.get(package["name"])
        others = users.get(id, set()) - set(ban.get("wrappers", [])) if ban else set()
        if ban and (others or not ban.get("wrappers")):
            yield f"{name}: is banned ({ban['reason']}); used by {', '.join(sorted(others or users.get(id, set())))}"
    known = " ".join(" ".join(words(package["license"] or "")) for package in packages.values())
    for licence in sorted(allow):
        if licence not in known:
            yield f"deny.toml allows {licence}, which nothing has: take it out"


def licences(meta):
    packages = {package["id"]: package for package in meta["packages"]}
    ids = sorted(id for id in released(meta) if id != meta["resolve"]["root"])
    ids.sort(key=lambda id: (packages[id]["name"], packages[id]["version"]))
    texts, without, listed = {}, [], []
    for id in ids:
        package = packages[id]
        name = f"{package['name']} {package['version']}"
        listed.append(f"{name}: {package['license']}, {package['repository'] or 'no repository is named'}")
        folder = Path(package["manifest_path"]).parent
        files = sorted(file for file in folder.iterdir() if file.is_file() and LICENCE_FILES.match(file.name))
        if not files:
            without.append(name)
        for file in files:
            text = "\n".join(line.rstrip() for line in file.read_text("utf-8", "replace").strip().splitlines())
            texts.setdefault(text, []).append(name)
    out = ["What the program allo-cmp is made of besides its own code, and under which licences.\n\n", DATA, "\n"]
    out += [line + "\n" for line in listed]
    if without:
        out.append("\nWithout a text of their own in the package: " + ", ".join(without) + ".\n")
    for text, names in sorted(texts.items(), key=lambda item: item[1]):
        out.append("\n" + "-" * 100 + "\n" + ", ".join(dict.fromkeys(names)) + "\n\n" + text + "\n")
    return "".join(out)


def sbom(meta):
    packages = {package["id"]: package for package in meta["packages"]}
    lock = tomllib.loads((ROOT / "Cargo.lock").read_text("utf-8"))
    sums = {(package["name"], package["version"]): package.get("checksum") for package in lock["package"]}
    uses, root = released(meta), meta["resolve"]["root"]

    def ref(id):
        return f"pkg:cargo/{packages[id]['name']}@{packages[id]['version']}"

    def component(id, kind):
        package = packages[id]
        found = {"type": kind, "bom-ref": ref(id), "name": package["name"], "version": package["version"], "purl": ref(id)}
        if package["description"]:
            found["description"] = " ".join(package["description"].split())
        if package["license"]:
            found["licenses"] = [{"expression": " ".join(words(package["license"])).replace("( ", "(").replace(" )", ")")}]
        checksum = sums.get((package["name"], package["version"]))
        if checksum:
            found["hashes"] = [{"alg": "SHA-256", "content": checksum}]
        if package["repository"]:
            found["externalReferences"] = [{"type": "vcs", "url": package["repository"]}]
        return found

    about = {"component": component(root, "application")}
    if epoch := os.environ.get("SOURCE_DATE_EPOCH"):
        about["timestamp"] = datetime.fromtimestamp(int(epoch), timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": about,
        "components": [component(id, "library") for id in sorted(uses, key=ref) if id != root],
        "dependencies": [
            {"ref": ref(id), "dependsOn": sorted({ref(used) for used in uses[id]})} for id in sorted(uses, key=ref)
        ],
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["check", "licences", "sbom"])
    parser.add_argument("file", nargs="?", help="written; without it, printed")
    parser.add_argument("--features", default="")
    parser.add_argument("--target", help="as in x86_64-unknown-linux-gnu; without it, this machine's")
    args = parser.parse_intermixed_args()
    if args.what == "check":
        meta = metadata(None, args.features)
        found = list(check(meta, tomllib.loads((ROOT / "deny.toml").read_text("utf-8"))))
        print("\n".join(found) or f"{len(meta['packages'])} packages: licences, bans and sources are as deny.toml wants them")
        return 1 if found else 0
    meta = metadata(args.target or host(), args.features)
    text = licences(meta) if args.what == "licences" else json.dumps(sbom(meta), indent=1, ensure_ascii=False) + "\n"
    if args.file:
        Path(args.file).write_text(text, "utf-8")
    else:
        sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
