"""How each provider signs: by the code of its own SDK, whose validator also says what is to be believed.

A scheme has `sign(request, secret)`, the headers that the provider would send, and `accepts(request)`, what the SDK says of a
request as it arrived. Where a header is missing an SDK has nothing to judge: that is a refusal.
"""

import base64
import random
import time
from dataclasses import replace

from nacl.signing import SigningKey
from plivo.utils import signature_v3, validate_signature
from plivo.utils.signature_v3 import validate_v3_signature
from plivo.exceptions import ValidationError
from signalwire.request_validator import RequestValidator as SignalWireValidator
from telnyx.lib.webhook_verification import WebhookVerificationError, verify_webhook_signature
from twilio.request_validator import RequestValidator as TwilioValidator

from traffic import FORM, differing, grouped, webhook

SECRET = "12345678901234567890123456789012"
SEED = bytes(range(32))


class MultiDict(dict):
    """Parameters of which each may have several values, as web frameworks hand them to an SDK."""

    def __init__(self, pairs):
        super().__init__(grouped(pairs))

    def getlist(self, name):
        return self[name]


def truncated(value):
    return value[:-4]


def flipped(value):
    return ("1" if value[0] == "0" else "0") + value[1:]


def with_header(request, name, change):
    """The same request with a header changed, or dropped where `change` gives nothing."""
    headers = dict(request.headers)
    value = change(headers.pop(name))
    return replace(request, headers=headers if value is None else {**headers, name: value})


class Scheme:
    """What all schemes share."""

    package = ""
    methods = ("POST", "GET")
    header = ""
    def __init__(self, provider):
        self.provider = provider

    def settings(self):
        return {f"PROVIDERS__{self.provider.upper()}__AUTH_TOKEN": SECRET}

    def webhook(self, rng, base, place):
        return webhook(rng, self.provider, base, place, self.methods)

    def signed(self, request, secret=SECRET):
        return replace(request, headers=self.sign(request, secret))

    def routes(self):
        """What the server answers at all: a GET is for documents."""
        return [("POST", "voice"), ("POST", "status")] + [("GET", "voice")] * ("GET" in self.methods)

    def differing(self, rng, request):
        return differing(rng, request)

    def spoilt(self, rng, request):
        """`request`, which is signed, with a signature that is not its own."""
        match rng.randrange(5):
            case 0:
                return self.signed(request, SECRET[::-1])
            case 1:
                return with_header(request, self.header, truncated)
            case 2:
                return with_header(request, self.header, flipped)
            case 3:
                return with_header(request, self.header, lambda _: None)
            case _:
                return with_header(request, self.header, lambda _: "")

    def mutated(self, rng, request):
        """What arrives, where something is not as it was signed."""
        if rng.random() < 0.25:
            return self.spoilt(rng, self.signed(request))
        other = self.differing(rng, request)
        is_ours = other.base == request.base and (other.method, other.path.split("/")[-1]) in self.routes()
        if is_ours and rng.random() < 0.5:
            return replace(other, headers=self.sign(request, SECRET))
        if other.query == "?":
            return self.signed(request)
        return replace(request, headers=self.sign(other, SECRET))


class Twilio(Scheme):
    """Twilio's, which Somleng uses, too."""

    package = "twilio"
    header = "X-Twilio-Signature"

    def sign(self, request, secret):
        params = MultiDict(request.form()) if request.method == "POST" else {}
        return {self.header: TwilioValidator(secret).compute_signature(request.url, params)}

    def accepts(self, request):
        signature = request.headers.get(self.header)
        if signature is None:
            return False
        params = MultiDict(request.form()) if request.method == "POST" else {}
        if request.kind != FORM:
            params = request.body.decode()
        return TwilioValidator(SECRET).validate(request.url, params, signature)


class TwilioItself(Twilio):
    """Twilio signs a body that is no form by its hash, in the URL."""

    def spoilt(self, rng, request):
        if request.method != "POST" or rng.random() > 0.3:
            return super().spoilt(rng, request)
        signed, sent = '{"a": "é"}', rng.choice(['{"a": "é"}', '{"a": "e"}'])
        query = "?bodySHA256=" + TwilioValidator(SECRET).compute_hash(signed)
        other = self.signed(replace(request, query=query, body=b""))
        return replace(other, body=sent.encode(), kind="application/json")


class Somleng(Twilio):
    # A GET of Somleng is believed by nobody: its callers hear the numbers of urgent help (tests/suite/dialects.rs).
    methods = ("POST",)


class SignalWire(Scheme):
    """SignalWire's two schemes, one after the other."""

    package = "signalwire"
    header = "X-SignalWire-Signature"

    def settings(self):
        return {"PROVIDERS__SIGNALWIRE__SIGNING_KEY": SECRET}

    def sign(self, request, secret):
        validator = SignalWireValidator(secret)
        # Either, but always the same for the same request.
        if len(request.target) % 2:
            return {self.header: validator.build_signature(request.url, self._body(request))}
        params = MultiDict(request.form()) if request.method == "POST" else {}
        return {self.header: validator.build_signature_with_compatibility(request.url, params)}

    def accepts(self, request):
        signature = request.headers.get(self.header)
        if signature is None:
            return False
        validator = SignalWireValidator(SECRET)
        params = MultiDict(request.form()) if request.method == "POST" else {}
        return validator.validate(request.url, self._body(request), signature) or validator.validate(
            request.url, params, signature
        )

    @staticmethod
    def _body(request):
        return request.body.decode() if request.method == "POST" else ""


class Plivo(Scheme):
    """Plivo's version 3."""

    package = "plivo"
    header = "X-Plivo-Signature-V3"
    nonce = "X-Plivo-Signature-V3-Nonce"

    def sign(self, request, secret):
        nonce = str(random.Random(request.url).randrange(10**20))
        url, params = self._parts(request)
        construct = signature_v3.construct_get_url if request.method == "GET" else signature_v3.construct_post_url
        # Of its own it takes apart what it is given.
        signed = construct(url, dict(params)).decode()
        return {self.header: signature_v3.get_signature_v3(secret, signed, nonce).decode(), self.nonce: nonce}

    def accepts(self, request):
        url, params = self._parts(request)
        nonce, signature = request.headers.get(self.nonce), request.headers.get(self.header)
        if nonce is None or signature is None:
            return False
        return validate_v3_signature(request.method, url, nonce, SECRET, signature, dict(params))

    @staticmethod
    def _parts(request):
        """The URL and the parameters as the SDK wants them: of a GET, all that stands in its query are parameters."""
        if request.method == "GET":
            return request.base + request.path, grouped(request.asked())
        return request.url, grouped(request.form())

    def differing(self, rng, request):
        other = differing(rng, request)
        # The SDK can't read other signs than ASCII in the query of a request that is posted; ours have none there.
        while other.method == "POST" and not all(map(str.isascii, sum(other.asked(), ()))):
            other = differing(rng, request)
        return other

    def spoilt(self, rng, request):
        match rng.randrange(8):
            case 0:
                return with_header(request, self.nonce, lambda nonce: nonce + "1")
            case 1:
                return with_header(request, self.nonce, lambda _: None)
            case 2:
                return with_header(request, self.header, lambda signature: "AAAA," + signature)
            case 3:
                return self._of_version_2(request)
            case _:
                return super().spoilt(rng, request)

    def _of_version_2(self, request):
        """Signed as of old, which covers neither query nor form: right by that validator, and refused nonetheless."""
        nonce = request.headers[self.nonce]
        url = request.base + request.path
        signature = signature_v3.encode(
            signature_v3.sign(SECRET.encode(), (url + nonce).encode(), signature_v3.sha256).digest()
        )
        signature = signature.strip().decode()
        assert validate_signature(request.url, nonce, signature, SECRET)
        return replace(request, headers={"X-Plivo-Signature-V2": signature, "X-Plivo-Signature-V2-Nonce": nonce})


class Telnyx(Scheme):
    """Telnyx', which covers the second and the body. The SDK only checks: what signs is the library it checks with."""

    package = "telnyx"
    header = "Telnyx-Signature-Ed25519"
    second = "Telnyx-Timestamp"
    # A GET of Telnyx is believed by nobody: its callers hear the numbers of urgent help (tests/suite/dialects.rs).
    methods = ("POST",)

    def settings(self):
        public = base64.b64encode(bytes(SigningKey(SEED).verify_key)).decode()
        return {"PROVIDERS__TELNYX__PUBLIC_KEY": public}

    def sign(self, request, secret):
        seed = SEED if secret == SECRET else SEED[::-1]
        second = str(int(time.time()) + request.later)
        signature = SigningKey(seed).sign(second.encode() + b"|" + request.body).signature
        return {self.header: base64.b64encode(signature).decode(), self.second: second}

    def accepts(self, request):
        public = self.settings()["PROVIDERS__TELNYX__PUBLIC_KEY"]
        try:
            verify_webhook_signature(request.body, request.headers, public)
        except WebhookVerificationError:
            return False
        return True

    def spoilt(self, rng, request):
        match rng.randrange(6):
            case 0:
                # Not at the border itself: a second may strike between the two who judge.
                later = rng.choice([-86_400, -1_000, -305, -290, -30, 30, 290, 305, 1_000, 86_400])
                return self.signed(replace(request, later=later))
            case 1:
                return with_header(request, self.second, lambda second: str(int(second) - 1))
            case 2:
                return with_header(request, self.second, lambda _: None)
            case 3:
                return with_header(request, self.second, lambda _: "now")
            case _:
                return super().spoilt(rng, request)


SCHEMES = [TwilioItself("twilio"), Somleng("somleng"), SignalWire("signalwire"), Plivo("plivo"), Telnyx("telnyx")]
