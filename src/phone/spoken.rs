//! What a voice says of a `Say`: the written words, and how long they take, word by word.
//!
//! The estimate is that of [`Speech::seconds_of`]; markup changes it: an alias is spoken instead of what is written, a
//! break adds silence, a prosody rate makes the voice faster or slower.

use super::document::{Element, Node, Wrong};
use crate::call::Speech;

/// The longest text that a voice takes, in characters without markup.
pub(super) const MAX_CHARS: usize = 4096;

/// A `Say`, spoken.
#[derive(Clone, PartialEq, Debug)]
pub struct Spoken {
    text: String,
    lang: String,
    voice: Option<String>,
    /// For each word (or alias, or break): the byte of `text` where it ends, and the second at which it has been said.
    marks: Vec<(usize, f64)>,
}

impl Spoken {
    /// The words as one would write them.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The primary subtag of the language, as in `fr`.
    pub fn lang(&self) -> &str {
        &self.lang
    }

    /// The voice, if the document chooses one.
    pub fn voice(&self) -> Option<&str> {
        self.voice.as_deref()
    }

    /// Seconds that it takes.
    pub fn seconds(&self) -> f64 {
        self.marks.last().map_or(0.0, |(_, at)| *at)
    }

    /// Seconds until the word that holds the byte before `end` has been said.
    pub fn seconds_to(&self, end: usize) -> f64 {
        self.marks.iter().find(|(at, _)| *at >= end).map_or(self.seconds(), |(_, seconds)| *seconds)
    }
}

/// Reads the `Say` element. The default language is the provider's: en-US.
pub(super) fn read(say: &Element) -> Result<Spoken, Wrong> {
    let length = say.text().chars().count();
    if length > MAX_CHARS {
        return Err(say.wrong(format!("<{}> has {length} characters: a voice takes {MAX_CHARS}", say.name)));
    }
    let lang = say.attribute("language").unwrap_or("en-US");
    let primary = lang.split('-').next().unwrap_or_default().to_ascii_lowercase();
    if !(2..=3).contains(&primary.len()) || !primary.bytes().all(|c| c.is_ascii_lowercase()) {
        return Err(say.wrong(format!("`language` of <{}> is no language: `{lang}`", say.name)));
    }
    let mut voice = Voice { text: String::new(), marks: Vec::new(), now: 0.0, blank: false };
    let speed = say.attribute("voiceSpeed").and_then(|speed| speed.parse().ok()).unwrap_or(1.0);
    voice.inside(say, speed)?;
    if voice.text.is_empty() {
        return Err(say.wrong(format!("<{}> says nothing", say.name)));
    }
    Ok(Spoken { text: voice.text, lang: primary, voice: say.attribute("voice").map(str::to_owned), marks: voice.marks })
}

struct Voice {
    text: String,
    marks: Vec<(usize, f64)>,
    now: f64,
    /// A blank stands before the next word.
    blank: bool,
}

impl Voice {
    fn inside(&mut self, element: &Element, rate: f64) -> Result<(), Wrong> {
        for child in &element.children {
            match child {
                Node::Text(text) => self.words(text, rate),
                Node::Element(inner) => self.element(inner, rate)?,
            }
        }
        Ok(())
    }

    fn element(&mut self, element: &Element, rate: f64) -> Result<(), Wrong> {
        match element.name.as_str() {
            "sub" => {
                let alias =
                    element.attribute("alias").ok_or_else(|| element.wrong("<sub> has no attribute `alias`"))?;
                let seconds = f64::from(Speech::seconds_of(alias)) / rate;
                self.at_once(&element.text(), seconds);
            }
            "break" => {
                self.blank = true;
                self.pass(break_seconds(element)?);
            }
            "say-as" => {
                let text = element.text();
                let seconds = match element.attribute("interpret-as") {
                    Some("characters" | "spell-out" | "digits" | "telephone") => {
                        let letters = text.chars().filter(|c| c.is_alphanumeric()).count();
                        f64::from(Speech::seconds_of("a")) * letters as f64
                    }
                    _ => f64::from(Speech::seconds_of(&text)),
                };
                self.at_once(&text, seconds / rate);
            }
            "prosody" => self.inside(element, rate * prosody_rate(element)?)?,
            "p" | "s" => {
                self.blank = true;
                self.inside(element, rate)?;
                self.blank = true;
            }
            _ => self.inside(element, rate)?,
        }
        Ok(())
    }

    /// Plain words. Only XML's own blanks part them: a no-break space stays, so that a line can't break at it.
    fn words(&mut self, text: &str, rate: f64) {
        let blank = |c: char| matches!(c, ' ' | '\t' | '\r' | '\n');
        self.blank |= text.starts_with(blank);
        for word in text.split(blank).filter(|word| !word.is_empty()) {
            self.at_once(word, f64::from(Speech::seconds_of(word)) / rate);
            self.blank = true;
        }
        self.blank = text.ends_with(blank) || (self.blank && text.trim_matches(blank).is_empty());
    }

    fn at_once(&mut self, written: &str, seconds: f64) {
        let written = written.trim();
        if !written.is_empty() {
            if std::mem::take(&mut self.blank) && !self.text.is_empty() {
                self.text.push(' ');
            }
            self.text.push_str(written);
        }
        self.pass(seconds);
    }

    fn pass(&mut self, seconds: f64) {
        self.now += seconds;
        self.marks.push((self.text.len(), self.now));
    }
}

fn break_seconds(element: &Element) -> Result<f64, Wrong> {
    let Some(time) = element.attribute("time") else {
        return match element.attribute("strength").unwrap_or("medium") {
            "none" | "x-weak" => Ok(0.0),
            "weak" | "medium" => Ok(0.25),
            "strong" => Ok(0.5),
            "x-strong" => Ok(1.0),
            other => Err(element.wrong(format!("`strength` of <break> is `{other}`"))),
        };
    };
    let seconds = match time.strip_suffix("ms") {
        Some(ms) => ms.parse::<f64>().map(|ms| ms / 1000.0),
        None => time.strip_suffix('s').unwrap_or_default().parse(),
    };
    match seconds {
        Ok(seconds) if (0.0..=10.0).contains(&seconds) => Ok(seconds),
        _ => Err(element.wrong(format!("`time` of <break> is `{time}`: write 0s to 10s, or milliseconds as in 300ms"))),
    }
}

fn prosody_rate(element: &Element) -> Result<f64, Wrong> {
    let rate = element.attribute("rate").unwrap_or("medium");
    let percent = match rate {
        "x-slow" => Some(50.0),
        "slow" => Some(80.0),
        "medium" | "default" => Some(100.0),
        "fast" => Some(120.0),
        "x-fast" => Some(150.0),
        _ => rate.strip_suffix('%').and_then(|percent| percent.parse::<f64>().ok()),
    };
    match percent {
        Some(percent) if (20.0..=200.0).contains(&percent) => Ok(percent / 100.0),
        _ => Err(element.wrong(format!("`rate` of <prosody> is `{rate}`: write 20% to 200%"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::phone::document::parse;

    /// Seconds of one word.
    const WORD: f64 = 60.0 / 130.0;

    fn say(inside: &str) -> Result<Spoken, Wrong> {
        let document = format!("<Response><Say language=\"fr-FR\" voice=\"v\">{inside}</Say></Response>");
        read(parse(document.as_bytes()).unwrap().elements().next().unwrap())
    }

    fn close(a: f64, b: f64) {
        assert!((a - b).abs() < 0.001, "{a} {b}");
    }

    #[test]
    fn markup_changes_the_time_and_the_written_words_stay() {
        for (inside, text, seconds) in [
            ("un  deux\n trois", "un deux trois", 3.0 * WORD),
            ("Au <sub alias=\"trente et un, quatorze\">3114</sub>.", "Au 3114.", 5.0 * WORD),
            ("un<break time=\"500ms\"/>deux", "un deux", 2.0 * WORD + 0.5),
            ("un <break time=\"1.5s\"/> deux", "un deux", 2.0 * WORD + 1.5),
            ("<prosody rate=\"80%\">un deux</prosody> trois", "un deux trois", 2.5 * WORD + WORD),
            ("<prosody rate=\"slow\">un <sub alias=\"a b\">x</sub></prosody>", "un x", 3.0 * WORD / 0.8),
            ("<say-as interpret-as=\"characters\">CMP</say-as>.", "CMP.", 3.0 * WORD),
            ("<p>un</p><p>deux</p>", "un deux", 2.0 * WORD),
            ("Urgence\u{a0}? L’aide", "Urgence\u{a0}? L’aide", 2.0 * WORD),
        ] {
            let spoken = say(inside).unwrap();
            assert_eq!(spoken.text(), text, "{inside}");
            close(spoken.seconds(), seconds);
        }
    }

    #[test]
    fn each_word_has_its_second() {
        let spoken = say("un deux <break time=\"2s\"/>trois").unwrap();
        close(spoken.seconds_to("un".len()), WORD);
        close(spoken.seconds_to("un d".len()), 2.0 * WORD);
        close(spoken.seconds_to("un deux".len()), 2.0 * WORD);
        close(spoken.seconds_to("un deux trois".len()), 3.0 * WORD + 2.0);
        assert_eq!((spoken.lang(), spoken.voice()), ("fr", Some("v")));
    }

    #[test]
    fn nonsense_is_refused() {
        for (inside, expected) in [
            (" ", "says nothing"),
            (&"x".repeat(4097), "4097 characters"),
            ("a<break time=\"5\"/>", "`time`"),
            ("a<break strength=\"huge\"/>", "`strength`"),
            ("<prosody rate=\"0.8\">a</prosody>", "`rate`"),
            ("<sub>a</sub>", "alias"),
        ] {
            assert!(say(inside).unwrap_err().message.contains(expected), "{inside:.40}");
        }
        assert!(say(&"é".repeat(4096)).is_ok());
    }
}
