//! What an answer says, written in each dialect: XML that its telephone performs, every letter kept, within the limits.

use std::{
    collections::BTreeSet,
    sync::{Arc, LazyLock},
};

use allo_cmp::{
    call::{Address, Dial, Digits, E164, Lang, Listen, Pace, Piece, Prompt, Reading, Speech, Target, Verb},
    fuzzing, phone,
    provider::{
        Dialect, Envelope, RenderError, plivo::Plivo, signalwire::SignalWire, somleng::Somleng, telnyx, telnyx::Telnyx,
        twilio::Twilio,
    },
};
use quick_xml::{Reader, escape::resolve_predefined_entity, events::Event};

use super::bytes::Bytes;

const SECRET: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const PUBLIC: &str = "https://line.example.org";

/// Every dialect, in the order of `phone::Semantics::names`.
pub(super) fn dialects() -> [Box<dyn Dialect>; 5] {
    [
        Box::new(Twilio::new(SECRET).with_short_numbers(true)),
        Box::new(SignalWire::new(SECRET)),
        Box::new(Telnyx::new(&telnyx::public_key(SECRET)).unwrap()),
        Box::new(Somleng::new(SECRET).with_short_numbers(true)),
        Box::new(Plivo::new(SECRET).with_short_numbers(true)),
    ]
}

static OURS: LazyLock<E164> = LazyLock::new(|| "+33199001234".parse().unwrap());

/// What an answer needs beside its verbs; `next` is where it goes on.
pub(super) fn envelope(next: &str) -> Envelope<'_> {
    Envelope { next, leg: Some("https://line.example.org/leg?s=xyz"), caller_id: Some(&OURS), public_url: PUBLIC }
}

/// Some answers.
pub(super) fn samples() -> Vec<Vec<Verb>> {
    let said = b"\x01\x1eUrgence : appelez maintenant le\xc8\x04\x163114trente et un, quatorze\xf0\xbc\x02\0\0";
    let listen = [b"\x02\x06\x03", &said[1..]].concat();
    let slow = [b"\x82\x06\x05\x83", &said[1..]].concat();
    let say = [b"\x01\x03", &said[1..]].concat();
    let dial = b"\x00\x01\x14\x00\x0c+33199000001\x01\x14sip:anne@example.org\x02\x043114";
    [&listen[..], &slow, &say, dial, b"\x04"].map(|input| read_input(input).0).into()
}

/// The first byte chooses what the answer does; what is said follows, piece by piece.
pub(super) fn verbs(data: &[u8]) {
    let (verbs, prompts) = read_input(data);
    for dialect in dialects() {
        let next = format!("{PUBLIC}/{}/voice?l=fr&s=abc", dialect.name());
        match dialect.render(&verbs, &envelope(&next)) {
            Ok(document) => written(&*dialect, &document, &prompts, &next),
            Err(RenderError::TooLarge(size)) => assert!(size > dialect.capabilities().document),
            Err(RenderError::Unreachable) => assert!(matches!(verbs[..], [Verb::Dial(_)])),
            Err(error) => panic!("{}: {error}: {verbs:?}", dialect.name()),
        }
    }
}

fn read_input(data: &[u8]) -> (Vec<Verb>, Vec<Prompt>) {
    let mut bytes = Bytes::of(data);
    let kind = bytes.byte();
    match kind % 4 {
        0 => dial(&mut bytes),
        1 => {
            let prompts = prompts(&mut bytes);
            (vec![Verb::Say(prompts.clone()), Verb::Hangup], prompts)
        }
        _ => {
            let wait = 1 + bytes.byte() % 30;
            let digits = if kind & 0x80 == 0 { Digits::One } else { Digits::UpTo(1 + bytes.byte() % 9) };
            let prompts = prompts(&mut bytes);
            (vec![Verb::Listen(Listen { prompts: prompts.clone(), wait, digits })], prompts)
        }
    }
}

fn prompts(bytes: &mut Bytes<'_>) -> Vec<Prompt> {
    let mut prompts = Vec::new();
    while !bytes.is_empty() && prompts.len() < 8 {
        let how = bytes.byte();
        let mut pieces = Vec::new();
        for _ in 0..1 + how % 8 {
            pieces.push(match bytes.byte() {
                0..=159 => {
                    let count = usize::from(bytes.byte());
                    Piece::Text(bytes.text(count).into_owned())
                }
                // Long texts out of little: they must be cut.
                160..=191 => {
                    let (count, times) = (usize::from(bytes.byte()), 1 + usize::from(bytes.byte()));
                    Piece::Text(bytes.text(count).repeat(times))
                }
                192..=239 => {
                    let (written, spoken) = (usize::from(bytes.byte()), usize::from(bytes.byte()));
                    let (written, spoken) = (bytes.text(written).into_owned(), bytes.text(spoken).into_owned());
                    Piece::Spelled { written, spoken }
                }
                _ => Piece::Pause(bytes.number() as u16),
            });
        }
        let lang = if how & 0x40 == 0 { Lang::FR } else { Lang::EN };
        let speech = match how & 0x30 {
            0x10 => Speech::dictated(lang, pieces, Reading::Whole),
            0x20 => Speech::dictated(lang, pieces, Reading::InGroups),
            _ => Speech::new(lang, pieces),
        };
        let pace = if how & 0x80 == 0 { Pace::Normal } else { Pace::Slow };
        prompts.push(Prompt { speech: Arc::new(speech), pace });
    }
    prompts
}

fn dial(bytes: &mut Bytes<'_>) -> (Vec<Verb>, Vec<Prompt>) {
    let flags = bytes.byte();
    let ring = 5 + bytes.byte() % 21;
    let mut targets = Vec::new();
    while !bytes.is_empty() && targets.len() < 10 {
        let kind = bytes.byte();
        let count = usize::from(bytes.byte());
        let text = bytes.text(count);
        let to = match kind % 3 {
            0 => match text.parse() {
                Ok(number) => Address::Number(number),
                Err(_) => continue,
            },
            1 => Address::Sip(text.into_owned()),
            _ => Address::Short(text.into_owned()),
        };
        targets.push(Target { to, lang: if kind & 0x80 == 0 { Lang::FR } else { Lang::EN } });
    }
    let dial = Dial { targets, ring, accept: flags & 1 == 1, star_leaves: flags & 2 == 2 };
    (vec![Verb::Dial(dial)], Vec::new())
}

/// A document is XML, its telephone performs it, and what was to be said stands in it.
fn written(dialect: &dyn Dialect, document: &str, prompts: &[Prompt], next: &str) {
    let name = dialect.name();
    let capabilities = dialect.capabilities();
    assert!(document.len() <= capabilities.document, "{name}: {}", document.len());
    let (said, has_way_back) = read(document, next, capabilities.speech.chars);
    if let Err(wrong) = fuzzing::document(phone::Semantics::of(name).unwrap(), document.as_bytes(), true) {
        panic!("{name}: {wrong:?}: {document}");
    }
    // What ends the call needs no way back.
    assert!(has_way_back || document.contains("<Hangup/>"), "{name}: {document}");
    // Several wordings of what is spelled are right, as the dialect has it.
    let said = letters(&said);
    let said = said.as_str();
    let mut ends = BTreeSet::from([0_usize]);
    for piece in prompts.iter().flat_map(|prompt| &prompt.speech.pieces) {
        let wordings = match piece {
            Piece::Text(text) => vec![letters(text)],
            Piece::Spelled { written, spoken } => vec![letters(written), letters(spoken)],
            Piece::Pause(_) => continue,
        };
        let after = |end: usize| {
            let fits = wordings.iter().filter(move |words| said[end..].starts_with(words.as_str()));
            fits.map(move |words| end + words.len())
        };
        ends = ends.iter().copied().flat_map(after).collect();
        assert!(!ends.is_empty(), "{name}: {wordings:?} is lost: {document}");
    }
    assert!(ends.contains(&said.len()), "{name}: more is said than was meant: {document}");
}

/// The letters and digits of a text: what must be heard, whatever becomes of blanks and signs.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// All words of a document, by an ordinary reader of XML, and whether the next URL stands in it. No spoken element is longer
/// than it may be.
fn read(document: &str, next: &str, most: usize) -> (String, bool) {
    let mut reader = Reader::from_str(document);
    let (mut words, mut spoken, mut way_back, mut inside) = (String::new(), String::new(), false, false);
    loop {
        match reader.read_event().unwrap_or_else(|error| panic!("{error}: {document}")) {
            Event::Start(tag) | Event::Empty(tag) => {
                let tag_name = tag.name().0.to_owned();
                inside |= matches!(tag_name.as_str(), "Say" | "Speak");
                for attribute in tag.attributes() {
                    let attribute = attribute.unwrap_or_else(|error| panic!("{error}: {document}"));
                    let value = attribute.normalized_value(quick_xml::XmlVersion::default()).unwrap();
                    way_back |= attribute.key.0 == "action" && value == next;
                }
            }
            Event::End(tag) if matches!(tag.name().0, "Say" | "Speak") => {
                let length = spoken.chars().count();
                assert!(length <= most, "{length} characters at once: {document}");
                words.push_str(&std::mem::take(&mut spoken));
                inside = false;
            }
            Event::Text(text) if inside => spoken.push_str(&text.xml10_content()),
            Event::GeneralRef(reference) if inside => match reference.resolve_char_ref().unwrap() {
                Some(c) => spoken.push(c),
                None => spoken.push_str(resolve_predefined_entity(&reference.xml10_content()).unwrap()),
            },
            Event::Eof => return (words, way_back),
            _ => {}
        }
    }
}
