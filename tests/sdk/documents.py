"""Builds every document of the exhaustive walk once more with the XML classes of the SDKs, which refuse what may not be there.

    python tests/sdk/documents.py DIR

DIR holds what `ALLO_CMP_DOCUMENTS=DIR cargo test --test suite walked_documents` wrote. Plivo's classes know which elements
may stand in which, Twilio's methods the same and the attributes by name. The packages of SignalWire and Telnyx have no
classes of their own for XML: SignalWire's hands on Twilio's.
"""

import inspect
import json
import re
import sys
from collections import Counter
from functools import partial
from importlib.metadata import version
from pathlib import Path
from xml.etree import ElementTree

import plivo.xml
from plivo.exceptions import PlivoXMLError, ValidationError
from twilio.twiml.voice_response import VoiceResponse

LANG = "{http://www.w3.org/XML/1998/namespace}lang"


class Refused(Exception):
    """The classes of the SDK do not know this."""


def snake(name):
    return re.sub("(?<=.)([A-Z])", r"_\1", name).lower().replace("-", "_")


def same(one, other, tails):
    """Whether two elements are the same, with the words behind them (`tails`) or without."""
    return (
        (one.tag, one.attrib, one.text or "") == (other.tag, other.attrib, other.text or "")
        and len(one) == len(other)
        and all(not tails or (a.tail or "") == (b.tail or "") for a, b in zip(one, other))
        and all(same(a, b, tails) for a, b in zip(one, other))
    )


PLIVO = {cls._name: cls for cls in vars(plivo.xml).values() if isinstance(cls, type) and hasattr(cls, "_name")}


def in_plivo(element):
    """The element in Plivo's classes: its constructor takes the text and the attributes, `add` the children."""
    cls = PLIVO.get(element.tag)
    if cls is None:
        raise Refused(f"<{element.tag}> is unknown")
    known = inspect.signature(cls).parameters
    built = cls(**{"content": element.text or ""} if "content" in known else {})
    if element.text and "content" not in known:
        raise Refused(f"<{element.tag}> holds no text")
    for name, value in element.items():
        name = "xmllang" if name == LANG else snake(name)
        if name not in known:
            raise Refused(f"<{element.tag} {name}> is unknown")
        # Some have none; what they take is judged by the property alone.
        setter = getattr(built, f"set_{name}", partial(setattr, built, name))
        set_in_plivo(setter, value)
    for child in element:
        built.add(in_plivo(child))
    return built


def set_in_plivo(setter, value):
    """A setter takes one type only, and says of its values what is wrong."""
    typed = int(value) if value.isdigit() else {"true": True, "false": False}.get(value, value)
    try:
        return setter(value)
    except ValidationError:
        return setter(typed)


def rebuilt_in_plivo(element):
    # The words behind an element within others are not for these classes, which hold one text each.
    return same(element, ElementTree.fromstring(in_plivo(element).to_string(pretty=False)), tails=False)


def in_twilio(parent, element):
    """Adds the element by the method of its parent that is named after it, whose arguments are the attributes."""
    method = next((getattr(parent, name) for name in [snake(element.tag), element.tag + "_"] if hasattr(parent, name)), None)
    if method is None:
        raise Refused(f"<{element.tag}> may not be in <{parent.name}>")
    arguments = inspect.signature(method).parameters
    given = {}
    for name, value in element.items():
        name = "xml_lang" if name == LANG else snake(name)
        if name not in arguments:
            raise Refused(f"<{element.tag} {name}> is unknown")
        given[name] = value
    # What an element must hold comes first, under a name of its own; it is added below, where its place is known.
    words = [name for name, one in arguments.items() if one.default is inspect.Parameter.empty and name != "kwargs"]
    built = method(**{name: None for name in words}, **given)
    if element.text:
        built.value = element.text
    for child in element:
        in_twilio(built, child)
        if child.tail:
            built.append(child.tail)


def rebuilt_in_twilio(element):
    response = VoiceResponse()
    for child in element:
        in_twilio(response, child)
    return same(element, ElementTree.fromstring(response.to_xml()), tails=True)


def judge(folder, provider, rebuilt):
    """Builds every document of a provider again; prints what came of it, and says whether all is well."""
    documents = [json.loads(line) for line in Path(folder, f"{provider}.jsonl").read_text().splitlines()]
    elements, wrong = Counter(), Counter()
    for document in documents:
        root = ElementTree.fromstring(document)
        elements.update(element.tag for element in root.iter())
        try:
            if not rebuilt(root):
                wrong[f"it comes out otherwise: {document[:300]}"] += 1
        except (Refused, PlivoXMLError, ValidationError, ValueError) as error:
            wrong[str(error)] += 1
    kinds = ", ".join(sorted(elements))
    name = f"{provider} {version(provider)}"
    if wrong or not documents:
        print(f"{name}: {sum(wrong.values())} of {len(documents)} documents are not as its classes would have them")
        for what, count in wrong.most_common(10):
            print(f"  {count} times: {what}")
    else:
        print(f"{name}: {len(documents)} documents rebuilt by its classes ({kinds})")
    return bool(documents) and not wrong


# What each of the two must refuse, so that its silence means something.
BROKEN = {
    rebuilt_in_plivo: [
        "<Response><Speak><Wait/></Speak></Response>",
        "<Response><Number>33199000001</Number></Response>",
        "<Response><GetInput><Redirect>https://x.org</Redirect></GetInput></Response>",
        "<Response><Dial colour='red'/></Response>",
        "<Response><Dial timeout='soon'/></Response>",
        "<Response><Say>Bonjour</Say></Response>",
        "<Response>Bonjour</Response>",
    ],
    rebuilt_in_twilio: [
        "<Response><Say><Pause/></Say></Response>",
        "<Response><Number>+33199000001</Number></Response>",
        "<Response><Gather><Redirect>https://x.org</Redirect></Gather></Response>",
        "<Response><Dial colour='red'/></Response>",
        "<Response><Speak>Bonjour</Speak></Response>",
        "<Response>Bonjour</Response>",
    ],
}


def refuses(rebuilt, document):
    try:
        return not rebuilt(ElementTree.fromstring(document))
    except (Refused, PlivoXMLError, ValidationError, ValueError):
        return True


if __name__ == "__main__":
    for way, documents in BROKEN.items():
        for broken in documents:
            if not refuses(way, broken):
                sys.exit(f"{way.__name__} takes a document that is broken: {broken}")
    judged = [judge(sys.argv[1], "plivo", rebuilt_in_plivo), judge(sys.argv[1], "twilio", rebuilt_in_twilio)]
    sys.exit(not all(judged))
