//! Reads TwiML into instructions: attributes read, defaults filled in, values out of range refused.
//!
//! A whole document is read before its first verb is performed, so that a mistake behind a `Gather` is found too.
//! Ranges: Twilio states few; where it is silent, the narrowest range that another provider of the family states.

use super::{
    document::{self, Element, Node, Wrong},
    instructions::{Dial, Gather, Next, Sound, SoundKind, Target, Verb},
    spoken,
};
use crate::{
    call::{E164, is_emergency},
    provider::Method,
};

/// Seconds of one tone of `<Play digits>`, and of one `w` in it.
const TONE_SECONDS: f64 = 0.5;
/// The longest text message that a provider takes from a voice document, in characters.
const MAX_SMS_CHARS: usize = 1600;

/// Whether a provider would perform all of this document: for tests that have documents and no call.
pub fn check_document(bytes: &[u8]) -> Result<(), Wrong> {
    read(&document::parse(bytes)?, false).map(|_| ())
}

/// Reads every verb of a document, for an account that can dial short numbers, or can't.
pub(super) fn read(root: &Element, short: bool) -> Result<Vec<Verb>, Wrong> {
    root.elements().map(|element| verb(element, short)).collect()
}

fn verb(element: &Element, short: bool) -> Result<Verb, Wrong> {
    match element.name.as_str() {
        "Say" | "Play" | "Pause" => Ok(Verb::Sound(sound(element)?)),
        "Gather" => Ok(Verb::Gather(gather(element)?)),
        "Dial" => Ok(Verb::Dial(dial(element, short)?)),
        "Sms" => sms(element),
        "Redirect" => Ok(Verb::Redirect(Next { url: Some(url(element)?), method: method(element)? })),
        "Hangup" => Ok(Verb::Hangup),
        "Reject" => {
            Ok(Verb::Reject { busy: choice(element, "reason", &["rejected", "busy"])?.is_some_and(|r| r == "busy") })
        }
        name => Err(element.wrong(format!("the simulated telephone does not perform <{name}>"))),
    }
}

/// Something that is heard, or a pause.
pub(super) fn sound(element: &Element) -> Result<Sound, Wrong> {
    let kind = match element.name.as_str() {
        "Say" | "Speak" => SoundKind::Say(spoken::read(element)?),
        "Pause" => SoundKind::Pause { seconds: f64::from(integer(element, "length", 1, 180)?.unwrap_or(1)) },
        _ => match element.attribute("digits") {
            None => SoundKind::Play { url: url(element)?, seconds: 0.0 },
            Some(tones) if !tones.is_empty() && tones.chars().all(|c| matches!(c, '0'..='9' | '*' | '#' | 'w')) => {
                if !element.text().trim().is_empty() {
                    return Err(element.wrong("<Play> has both a URL and `digits`"));
                }
                SoundKind::Tones { seconds: tones.len() as f64 * TONE_SECONDS }
            }
            Some(tones) => return Err(element.wrong(format!("`digits` of <Play> is `{tones}`: 0-9, *, # and w"))),
        },
    };
    let times = integer(element, "loop", 0, 1000)?.unwrap_or(1);
    Ok(Sound { kind, times })
}

fn gather(element: &Element) -> Result<Gather, Wrong> {
    let input = choice(element, "input", &["dtmf", "speech", "dtmf speech", "speech dtmf"])?.unwrap_or("dtmf");
    if input == "speech" {
        return Err(element.wrong("<Gather input=\"speech\">: nobody without a voice could answer; add dtmf"));
    }
    let finish_on_key = match element.attribute("finishOnKey") {
        None => Some('#'),
        Some("") => None,
        Some(text) => match (text.chars().next(), text.chars().count()) {
            (Some(key @ ('0'..='9' | '*' | '#')), 1) => Some(key),
            _ => {
                return Err(element.wrong(format!("`finishOnKey` of <Gather> is `{text}`: one of 0-9, *, #, or empty")));
            }
        },
    };
    choice(element, "bargeIn", &["true", "false"])?;
    let timeout = integer(element, "timeout", 1, 120)?.unwrap_or(5);
    Ok(Gather {
        sounds: element.elements().map(sound).collect::<Result<_, _>>()?,
        timeout,
        between: timeout,
        num_digits: integer(element, "numDigits", 1, 128)?,
        finish_on_key,
        on_empty: choice(element, "actionOnEmptyResult", &["true", "false"])? == Some("true"),
        action: Next { url: url_attribute(element, "action")?, method: method(element)? },
    })
}

fn dial(element: &Element, short: bool) -> Result<Dial, Wrong> {
    let written = element
        .children
        .iter()
        .filter_map(|node| match node {
            Node::Text(text) if !text.trim().is_empty() => Some(text.trim()),
            _ => None,
        })
        .collect::<String>();
    let mut targets = Vec::new();
    if !written.is_empty() {
        targets.push(Target { address: called(element, &written, short)?, whisper: None });
    }
    for target in element.elements() {
        let text = target.text();
        let address = match target.name.as_str() {
            "Number" => called(target, text.trim(), short)?,
            "Sip" if text.trim().starts_with("sip:") || text.trim().starts_with("sips:") => text.trim().to_owned(),
            "Sip" => return Err(target.wrong(format!("<Sip> is no SIP address: `{}`", text.trim()))),
            name => return Err(target.wrong(format!("the simulated telephone does not dial a <{name}>"))),
        };
        let whisper = match url_attribute(target, "url")? {
            Some(url) => Some(Next { url: Some(url), method: method(target)? }),
            None => None,
        };
        targets.push(Target { address, whisper });
    }
    if targets.is_empty() || (!written.is_empty() && targets.len() > 1) || targets.len() > 10 {
        return Err(element.wrong("<Dial> needs a number, or one to ten <Number> or <Sip>, not both"));
    }
    let caller_id = element.attribute("callerId").map(|id| number(element, id)).transpose()?;
    for flag in ["answerOnBridge", "sequential"] {
        choice(element, flag, &["true", "false"])?;
    }
    let star_leaves = choice(element, "hangupOnStar", &["true", "false"])? == Some("true");
    let action = match url_attribute(element, "action")? {
        Some(url) => Some(Next { url: Some(url), method: method(element)? }),
        None => None,
    };
    Ok(Dial {
        targets,
        caller_id,
        timeout: integer(element, "timeout", 1, 600)?.unwrap_or(30),
        time_limit: integer(element, "timeLimit", 1, 14_400)?.unwrap_or(14_400),
        action,
        star_leaves,
        confirm: None,
    })
}

fn sms(element: &Element) -> Result<Verb, Wrong> {
    let text = element.text().trim().to_owned();
    if text.is_empty() || text.chars().count() > MAX_SMS_CHARS {
        return Err(element.wrong(format!("<Sms> needs a text of at most {MAX_SMS_CHARS} characters")));
    }
    let action = match url_attribute(element, "action")? {
        Some(url) => Some(Next { url: Some(url), method: method(element)? }),
        None => None,
    };
    Ok(Verb::Sms { to: element.attribute("to").map(str::to_owned), text, action })
}

/// A number to call: a short one only where the account can, and none of rescue services, which must know where the caller is.
pub(super) fn called(element: &Element, text: &str, short: bool) -> Result<String, Wrong> {
    let is_short = (3..=6).contains(&text.len()) && text.bytes().all(|c| c.is_ascii_digit());
    if short && is_short && !is_emergency(text) { Ok(text.to_owned()) } else { number(element, text) }
}

/// Short numbers and national forms are refused: most providers can't dial them, and fail only when it counts.
pub(super) fn number(element: &Element, text: &str) -> Result<String, Wrong> {
    match text.parse::<E164>() {
        Ok(number) => Ok(number.as_str().to_owned()),
        Err(error) => Err(element.wrong(format!("`{text}` is {error}"))),
    }
}

/// How the URL of an element is asked.
pub(super) fn method(element: &Element) -> Result<Method, Wrong> {
    Ok(match choice(element, "method", &["POST", "GET"])? {
        Some("GET") => Method::Get,
        _ => Method::Post,
    })
}

/// The URL that an element holds.
pub(super) fn url(element: &Element) -> Result<String, Wrong> {
    checked_url(element, &element.text())
}

/// The URL in an attribute.
pub(super) fn url_attribute(element: &Element, name: &str) -> Result<Option<String>, Wrong> {
    element.attribute(name).map(|url| checked_url(element, url)).transpose()
}

fn checked_url(element: &Element, url: &str) -> Result<String, Wrong> {
    if url.is_empty() || url.chars().any(char::is_whitespace) || url.chars().count() > spoken::MAX_CHARS {
        return Err(element.wrong(format!("<{}> has no usable URL: `{:.80}`", element.name, url.trim())));
    }
    Ok(url.to_owned())
}

/// One of the known words.
pub(super) fn choice<'a>(element: &'a Element, name: &str, known: &[&str]) -> Result<Option<&'a str>, Wrong> {
    match element.attribute(name) {
        Some(value) if !known.contains(&value) => {
            Err(element.wrong(format!("`{name}` of <{}> is `{value}`: one of {}", element.name, known.join(", "))))
        }
        value => Ok(value),
    }
}

/// A whole number within bounds.
pub(super) fn integer(element: &Element, name: &str, min: u32, max: u32) -> Result<Option<u32>, Wrong> {
    let Some(text) = element.attribute(name) else { return Ok(None) };
    let digits = !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit());
    match text.parse() {
        Ok(value) if digits && (min..=max).contains(&value) => Ok(Some(value)),
        _ => Err(element.wrong(format!("`{name}` of <{}> is `{text}`: a whole number, {min} to {max}", element.name))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::phone::document::parse;

    fn verbs(inside: &str) -> Result<Vec<Verb>, Wrong> {
        read(&parse(format!("<Response>{inside}</Response>").as_bytes()).unwrap(), false)
    }

    #[test]
    fn values_out_of_range_are_refused() {
        for (inside, expected) in [
            ("<Gather timeout=\"0\"/>", "`timeout`"),
            ("<Gather timeout=\"121\"/>", "`timeout`"),
            ("<Gather timeout=\"+5\"/>", "`timeout`"),
            ("<Gather timeout=\"5.5\"/>", "`timeout`"),
            ("<Gather numDigits=\"0\"/>", "`numDigits`"),
            ("<Gather numDigits=\"\"/>", "`numDigits`"),
            ("<Gather finishOnKey=\"##\"/>", "`finishOnKey`"),
            ("<Gather finishOnKey=\"A\"/>", "`finishOnKey`"),
            ("<Gather input=\"voice\"/>", "`input`"),
            ("<Gather input=\"speech\"/>", "add dtmf"),
            ("<Gather method=\"post\"/>", "`method`"),
            ("<Gather action=\"\"/>", "no usable URL"),
            ("<Gather actionOnEmptyResult=\"yes\"/>", "`actionOnEmptyResult`"),
            ("<Gather><Say loop=\"-1\">x</Say></Gather>", "`loop`"),
            ("<Say loop=\"1001\">x</Say>", "`loop`"),
            ("<Say language=\"\">x</Say>", "`language`"),
            ("<Say> </Say>", "says nothing"),
            ("<Pause length=\"0\"/>", "`length`"),
            ("<Pause length=\"181\"/>", "`length`"),
            ("<Play/>", "no usable URL"),
            ("<Play digits=\"1p\"/>", "`digits`"),
            ("<Redirect> </Redirect>", "no usable URL"),
            ("<Redirect>/a b</Redirect>", "no usable URL"),
            ("<Reject reason=\"no\"/>", "`reason`"),
            ("<Dial/>", "needs a number"),
            ("<Dial>3114</Dial>", "not an international telephone number"),
            ("<Dial><Number>0139123456</Number></Dial>", "not an international telephone number"),
            ("<Dial><Sip>me@example.org</Sip></Dial>", "no SIP address"),
            ("<Dial><Client>me</Client></Dial>", "does not dial a <Client>"),
            ("<Dial callerId=\"x\">+33139123456</Dial>", "not an international telephone number"),
            ("<Dial timeout=\"601\">+33139123456</Dial>", "`timeout`"),
            ("<Sms>   </Sms>", "needs a text"),
            ("<Record/>", "does not perform <Record>"),
        ] {
            let found = verbs(inside).unwrap_err().message;
            assert!(found.contains(expected), "{inside}: {found}");
        }
        assert!(verbs(&format!("<Play>/{}</Play>", "x".repeat(4096))).is_err());
    }

    #[test]
    fn a_short_number_is_dialled_only_by_an_account_that_can_and_an_emergency_number_never() {
        let dials = |number: &str, short| {
            let document = format!("<Response><Dial><Number>{number}</Number></Dial></Response>");
            read(&parse(document.as_bytes()).unwrap(), short).is_ok()
        };
        assert!(dials("3919", true) && !dials("3919", false));
        for never in ["15", "112", "114", "0139123456", "39 19", "+3919"] {
            assert!(!dials(never, true), "{never}");
        }
    }

    #[test]
    fn a_document_is_checked_as_a_whole() {
        assert_eq!(check_document(b"<Response><Gather><Say>x</Say></Gather><Hangup/></Response>"), Ok(()));
        let wrong = check_document(b"<Response><Hangup/>\n<Pause length=\"0\"/></Response>").unwrap_err();
        assert_eq!(wrong.line, 2);
    }

    #[test]
    fn defaults_are_the_providers() {
        let read = verbs("<Gather/>").unwrap();
        let [Verb::Gather(gather)] = read.as_slice() else { panic!("{read:?}") };
        assert_eq!((gather.timeout, gather.num_digits, gather.finish_on_key), (5, None, Some('#')));
        assert_eq!((gather.on_empty, gather.action.clone()), (false, Next { url: None, method: Method::Post }));
        let dial = |targets: &[&str]| {
            let targets = targets.iter().map(|t| Target { address: (*t).to_owned(), whisper: None }).collect();
            Verb::Dial(Dial {
                targets,
                caller_id: None,
                timeout: 30,
                time_limit: 14_400,
                action: None,
                star_leaves: false,
                confirm: None,
            })
        };
        assert_eq!(verbs("<Dial> +33139123456 </Dial>"), Ok(vec![dial(&["+33139123456"])]));
        let both = "<Dial><Number>+33139123456</Number><Sip>sip:a@b.fr</Sip></Dial>";
        assert_eq!(verbs(both), Ok(vec![dial(&["+33139123456", "sip:a@b.fr"])]));
    }
}
