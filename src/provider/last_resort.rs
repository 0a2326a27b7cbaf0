//! The document of last resort: what is said when not even the apology could be written.
//!
//! Written by hand, in French and then in English, in TwiML that Twilio and its kin share: a failure in the flows, in
//! the scripts or in a dialect can't reach it. Numbers are written as words, for voices that would misread them.

/// The document. `next` is the URL of the next request; without one the call ends after the last word. `input`: the
/// dialect knows that attribute of `Gather`.
pub(super) fn twiml(next: Option<&str>, input: bool) -> String {
    let Some(next) = next else {
        return format!("{HEAD}<Response>{FRENCH}{ENGLISH}{FRENCH}{ENGLISH}<Hangup/></Response>");
    };
    let next = next.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
    let input = if input { " input=\"dtmf\"" } else { "" };
    format!(
        "{HEAD}<Response><Gather action=\"{next}\" method=\"POST\"{input} numDigits=\"1\" timeout=\"6\" \
         finishOnKey=\"\">{FRENCH}{ENGLISH}</Gather>\
         <Redirect method=\"POST\">{next}&amp;e=silence</Redirect></Response>"
    )
}

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";

const FRENCH: &str = "<Say language=\"fr-FR\">Désolés, nous avons une panne. En cas d’urgence, raccrochez et appelez le \
    quinze, ou le cent douze. Si vous avez des idées de suicide, appelez le trente et un, quatorze : c’est gratuit, \
    jour et nuit.</Say>";

const ENGLISH: &str = "<Say language=\"en-GB\">Sorry, our line has a fault. In an emergency, hang up and call one five, \
    or one one two. If you have suicidal thoughts, call three one, one four. It is free, day and night.</Say>";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_url_is_escaped_and_the_last_document_ends_the_call() {
        let document = twiml(Some("https://example.org/twilio/voice?l=mul&f=1"), true);
        assert!(document.contains("action=\"https://example.org/twilio/voice?l=mul&amp;f=1\""), "{document}");
        assert!(document.contains("voice?l=mul&amp;f=1&amp;e=silence</Redirect>"), "{document}");
        assert!(twiml(None, true).ends_with("<Hangup/></Response>"));
        for document in [document, twiml(None, true)] {
            let mut reader = quick_xml::Reader::from_str(&document);
            while reader.read_event().unwrap() != quick_xml::events::Event::Eof {}
        }
    }
}
