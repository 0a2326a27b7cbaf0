"""Webhooks as providers send them, made at random from a seed, and the ways in which one may differ from what was signed."""

import re
import string
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl, quote

FORM = "application/x-www-form-urlencoded"
# What must come through unharmed: accents, other scripts, and every sign that means something in a form.
SIGNS = "éàçœÉ аптека مرحبا 你好 🙂+*#&=%;?/'\"<>~!()[],.:-_ \r\n" + string.ascii_letters + string.digits
# In an address of ours there is nothing but ASCII.
PLAIN = string.ascii_letters + string.digits + " +*&=%/-_"
NAMES = {
    "kin": ["From", "To", "Called", "Caller", "ApiVersion", "Direction", "Digits", "FinishedOnKey", "SpeechResult", "msg"],
    "plivo": ["From", "To", "Direction", "Event", "Digits", "Speech", "CallerName", "InputType", "SessionStart"],
}


@dataclass(frozen=True)
class Request:
    """One webhook, as bytes on the wire."""

    method: str
    base: str
    path: str
    query: str = ""
    body: bytes = b""
    kind: str = FORM
    headers: dict = field(default_factory=dict)
    # The second at which it is signed, where that is signed: so many from now.
    later: int = 0

    @property
    def target(self):
        return self.path + self.query

    @property
    def url(self):
        return self.base + self.target

    def form(self):
        """The parameters of the body, decoded as any web framework does."""
        return parse_qsl(self.body.decode(), keep_blank_values=True) if self.body and self.kind == FORM else []

    def asked(self):
        """Those of the query."""
        return parse_qsl(self.query[1:], keep_blank_values=True)


def grouped(pairs):
    """Names with all their values."""
    values = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    return values


def text(rng, most, signs=SIGNS):
    return "".join(rng.choices(signs, k=rng.randrange(most)))


def escaped(rng, words):
    """The words as one of the ways to write them in a form."""
    words = quote(words, safe=rng.choice(["", "*", "*-._~"]) + " ").replace(" ", rng.choice(["+", "%20"]))
    return re.sub("%..", lambda sign: sign[0].lower(), words) if rng.random() < 0.2 else words


def written(rng, pairs):
    return "&".join(escaped(rng, name) + ("=" if value or rng.random() < 0.8 else "") + escaped(rng, value) for name, value in pairs)


def webhook(rng, provider, base, place=None, methods=("POST", "GET")):
    """Some webhook. `place`: the call that it belongs to, and the address at which that call goes on."""
    method = rng.choices(methods, weights=[4, 1][: len(methods)])[0]
    call, path, query = place or (None, f"/{provider}/voice", "")
    ident = "CallUUID" if provider == "plivo" else "CallSid"
    pairs = [(ident, call or "CA" + "".join(rng.choices("0123456789abcdef", k=32))), ("CallStatus", "ringing")]
    names = NAMES["plivo" if provider == "plivo" else "kin"]
    pairs += [(name, text(rng, 12)) for name in rng.sample(names, rng.randrange(len(names)))]
    match rng.randrange(8):
        case 0:
            pairs.append(("SpeechResult", text(rng, 8_000)))
        case 1:
            pairs += [(text(rng, 12) or "x", text(rng, 30)) for _ in range(rng.randrange(200))]
        case 2:
            pairs += [("MessagingCountries", country) for country in ["FR", "DE", "FR"]]
        case 3:
            pairs += [("From", "+33639981234"), ("Digits", rng.choice("0123456789*#")), ("Note", "")]
        case 4:
            path, method = f"/{provider}/status", "POST"
    rng.shuffle(pairs)
    if not query and rng.random() < 0.6:
        names = ["l", "x", "y y", "z", "a", "B"]
        query = "?" + written(rng, [(name, text(rng, 6, PLAIN)) for name in rng.sample(names, rng.randrange(1, 6))])
    if method == "GET":
        # An address is shorter than a form, and here nothing stands in it twice.
        pairs = [(name, values[0][:60]) for name, values in list(grouped(pairs).items())[:12]]
        # The call is among them, wherever it stood.
        if not any(name == ident for name, _ in pairs):
            pairs.append((ident, call or "CA" + "0" * 32))
        return Request(method, base, path, (query + "&" if query else "?") + written(rng, pairs))
    return Request(method, base, path, query, written(rng, pairs).encode())


def _changed(value):
    return ("b" if value.startswith("a") else "a") + value[1:]


def _of_pairs(rng, pairs):
    """A list of parameters that differs, and how."""
    pairs, at = list(pairs), rng.randrange(len(pairs))
    name, value = pairs[at]
    match rng.choice(
        ["value", "case", "dropped", "added", "empty", "twice", "second", "order", "name", "blank", "border", "cut"]
    ):
        case "value":
            pairs[at] = (name, _changed(value))
        case "case":
            pairs[at] = (name, value.swapcase())
        case "dropped":
            del pairs[at]
        case "added":
            pairs.insert(at, ("Added", "1"))
        case "empty":
            pairs.insert(at, ("Added", ""))
        case "twice":
            pairs.insert(at, pairs[at])
        case "second":
            pairs.insert(at, (name, _changed(value)))
        case "order":
            rng.shuffle(pairs)
        case "name":
            pairs[at] = (_changed(name), value)
        case "blank":
            pairs[at] = (name, value + " ")
        case "border":
            pairs[at] = (name + value[:1], value[1:])
        case "cut":
            pairs[at] = (name, value[:-1])
    return pairs


def differing(rng, request):
    """A request that may be another one than `request`: by what it carries, or only by how that is written."""
    kinds = ["scheme", "host", "case", "port", "path", "slash", "method", "question"]
    kinds += ["query"] * 4 + ["form"] * 10 + ["writing"] * 2
    match rng.choice(kinds):
        case "scheme":
            other = request.base.replace("https:", "http:") if request.base.startswith("https:") else "https" + request.base[4:]
            return replace(request, base=other)
        case "host":
            return replace(request, base=request.base.replace("line.", "1ine."))
        case "case":
            return replace(request, base=request.base.replace("line.", "Line."))
        case "port":
            scheme, _, rest = request.base.partition("://")
            host = rest.split(":")[0]
            return replace(request, base=f"{scheme}://{host}{rng.choice(['', ':80', ':443', ':8443', ':8444'])}")
        case "path":
            path = request.path
            other = path.replace("voice", "status") if path.endswith("voice") else path.replace("status", "voice")
            return replace(request, path=other)
        case "slash":
            return replace(request, path=request.path + "/")
        case "method":
            return replace(request, method="GET" if request.method == "POST" else "POST")
        case "question":
            return replace(request, query=request.query or "?")
        case "query" if request.asked():
            return replace(request, query="?" + written(rng, _of_pairs(rng, request.asked())))
        case "query":
            return replace(request, query=(request.query + "&" if request.query else "?") + "added=1")
        case "writing":
            query = "?" + written(rng, request.asked()) if request.asked() else request.query
            return replace(request, query=query, body=written(rng, request.form()).encode())
        case _ if request.form():
            return replace(request, body=written(rng, _of_pairs(rng, request.form())).encode())
        case _:
            return replace(request, query=(request.query + "&" if request.query else "?") + "b=2")
