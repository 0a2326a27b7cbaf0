//! The document of last resort: what is said when not even the apology could be written.
//!
//! Written by hand, in French and then in English, in TwiML that Twilio and its kin share: a failure in the flows, in
//! the scripts or in a dialect can't reach it. Numbers are written as words, for voices that would misread them.

use super::Capabilities;
use crate::call::Lang;

/// What a dialect needs to be told. Twilio finds a voice by the language alone, and knows every attribute.
#[derive(Clone, Copy, Default)]
pub(super) struct Needs {
    /// Those whose voices are named: without a name, Telnyx reads all of it in English.
    pub(super) voices: Option<&'static Capabilities>,
    /// It does not know the attribute `input` of `Gather`.
    pub(super) without_input: bool,
}

/// The same in Plivo's words.
pub(super) fn plivo(next: Option<&str>, capabilities: &'static Capabilities) -> String {
    let needs = Needs { voices: Some(capabilities), without_input: false };
    let document = twiml(next, needs).replace("<Say ", "<Speak ").replace("</Say>", "</Speak>");
    let opened = "method=\"POST\" input=\"dtmf\" numDigits=\"1\" timeout=\"6\" finishOnKey=\"\"";
    let own =
        "method=\"POST\" inputType=\"dtmf\" numDigits=\"1\" executionTimeout=\"6\" finishOnKey=\"none\" log=\"false\"";
    document.replace("<Gather ", "<GetInput ").replace("</Gather>", "</GetInput>").replace(opened, own)
}

/// The document. `next` is the URL of the next request; without one the call ends after the last word.
pub(super) fn twiml(next: Option<&str>, needs: Needs) -> String {
    let (french, english) = (say(needs, Lang::FR, "fr-FR", FRENCH), say(needs, Lang::EN, "en-GB", ENGLISH));
    let Some(next) = next else {
        return format!("{HEAD}<Response>{french}{english}{french}{english}<Hangup/></Response>");
    };
    let next = next.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
    let input = if needs.without_input { "" } else { " input=\"dtmf\"" };
    format!(
        "{HEAD}<Response><Gather action=\"{next}\" method=\"POST\"{input} numDigits=\"1\" timeout=\"6\" \
         finishOnKey=\"\">{french}{english}</Gather>\
         <Redirect method=\"POST\">{next}&amp;e=silence</Redirect></Response>"
    )
}

fn say(needs: Needs, lang: Lang, language: &str, words: &str) -> String {
    match needs.voices.and_then(|capabilities| capabilities.voice(lang)) {
        Some(voice) => format!("<Say language=\"{}\" voice=\"{}\">{words}</Say>", voice.language, voice.name),
        None => format!("<Say language=\"{language}\">{words}</Say>"),
    }
}

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";

const FRENCH: &str = "Désolés, nous avons une panne. En cas d’urgence, raccrochez et appelez le \
    quinze, ou le cent douze. Si vous avez des idées de suicide, appelez le trente et un, quatorze : c’est gratuit, \
    jour et nuit.";

const ENGLISH: &str = "Sorry, our line has a fault. In an emergency, hang up and call one five, \
    or one one two. If you have suicidal thoughts, call three one, one four. It is free, day and night.";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_url_is_escaped_and_the_last_document_ends_the_call() {
        let document = twiml(Some("https://example.org/twilio/voice?l=mul&f=1"), Needs::default());
        assert!(document.contains("action=\"https://example.org/twilio/voice?l=mul&amp;f=1\""), "{document}");
        assert!(document.contains("voice?l=mul&amp;f=1&amp;e=silence</Redirect>"), "{document}");
        assert!(twiml(None, Needs::default()).ends_with("<Hangup/></Response>"));
        for document in [document, twiml(None, Needs::default())] {
            let mut reader = quick_xml::Reader::from_str(&document);
            while reader.read_event().unwrap() != quick_xml::events::Event::Eof {}
        }
    }
}
