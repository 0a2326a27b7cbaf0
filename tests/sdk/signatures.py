"""Sends the real server what each SDK signs, and what it would refuse: both must be of one mind about every request.

    python tests/sdk/signatures.py target/debug/allo-cmp [SEED]
"""

import random
import re
import sys
from collections import Counter
from contextlib import ExitStack
from importlib.metadata import version
from urllib.parse import urlsplit
from xml.etree import ElementTree

from schemes import SCHEMES
from server import Server
from traffic import FORM

# With the port that goes without saying, with one of its own, and without TLS.
PUBLIC_URLS = ["https://line.example.org", "https://line.example.org:8443", "http://line.example.org"]
# Of each provider. To each webhook that is signed come as many that are not as they were signed.
WEBHOOKS = 300
MUTATIONS = 3
# As a floor: with less the one or the other would not have been tried.
LEAST = 300


def is_document(kind, body):
    try:
        return kind.startswith("text/xml") and ElementTree.fromstring(body).tag == "Response"
    except ElementTree.ParseError:
        return False


def goes_on_at(body, base):
    """The path and the query at which a document asks for the next one."""
    root = ElementTree.fromstring(body)
    for element in root.iter():
        if element.get("action", "").startswith(base + "/"):
            parts = urlsplit(element.get("action"))
            return parts.path, "?" + parts.query
    return None


class Trial:
    """One provider before the servers."""

    def __init__(self, scheme, servers, rng):
        self.scheme, self.servers, self.rng = scheme, servers, rng
        self.counts, self.differences = Counter(), []

    def run(self):
        places = {}
        for number in range(WEBHOOKS):
            server = self.servers[number % len(self.servers)]
            place = places.get(server) if self.rng.random() < 0.7 else None
            request = self.scheme.webhook(self.rng, server.public_url, place)
            signed = self.scheme.signed(request)
            status, body = self.judge(server, signed)
            if not self.scheme.accepts(signed):
                self.differences.append(f"the SDK refuses what it signed itself: {signed}")
            places[server] = self.next_place(signed, body, server) if status == 200 else None
            for _ in range(MUTATIONS):
                self.judge(server, self.scheme.mutated(self.rng, request))
        return self

    def judge(self, server, request):
        """Both judge one request."""
        believed = self.scheme.accepts(request)
        headers = {"Content-Type": request.kind} | request.headers
        status, kind, body = server.send(request.method, request.target, headers, request.body)
        self.counts["accepted" if believed else "refused"] += 1
        # Nothing is read in a body that is no form: whoever calls hears an apology, and the numbers of urgent help.
        self.counts["unread"] += believed and request.kind != FORM and request.path.endswith("voice")
        agree = status == 200 and is_document(kind, body) if believed else (status, body) == (403, b"")
        if not agree:
            verdict = "accepts" if believed else "refuses"
            self.differences.append(f"the SDK {verdict}, we answer {status} {body[:80]}: {request}")
        return status, body

    def next_place(self, request, body, server):
        """The call and where it goes on, if it does."""
        found = re.search(r"(?:^|[?&])Call(?:Sid|UUID)=(\w+)", request.body.decode() + "&" + request.query[1:])
        following = goes_on_at(body, server.public_url)
        return (found[1], *following) if found and following else None


def main():
    program, seed = sys.argv[1], int((sys.argv[2:] or ["2026"])[0])
    secrets = {name: value for scheme in SCHEMES for name, value in scheme.settings().items()}
    failed, unread = False, 0
    with ExitStack() as stack:
        servers = [stack.enter_context(Server(program, url, secrets)) for url in PUBLIC_URLS]
        for scheme in SCHEMES:
            trial = Trial(scheme, servers, random.Random(f"{seed} {scheme.provider}")).run()
            accepted, refused = trial.counts["accepted"], trial.counts["refused"]
            unread += trial.counts["unread"]
            of = "" if scheme.provider == scheme.package else f" (for {scheme.provider})"
            name = f"{scheme.package} {version(scheme.package)}{of}"
            if trial.differences or min(accepted, refused) < LEAST:
                failed = True
                print(f"{name}: {accepted} accepted, {refused} refused; {len(trial.differences)} of another mind")
                for difference in trial.differences[:5]:
                    print(f"  {difference[:1500]}")
            else:
                print(f"{name}: {accepted} accepted, {refused} refused, as its own validator does")
        apologies = sum(server.count("failures_answered") for server in servers)
        if apologies != unread:
            failed = True
            print(f"{apologies} of those that were accepted were answered with an apology, and not {unread}")
    sys.exit(failed)


if __name__ == "__main__":
    main()
