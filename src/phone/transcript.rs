//! What happened in a simulated call, with its second: as data, as JSON lines, and as lines for people.
//!
//! Seconds count from the start of the call and are estimates, made of the length of what is said.

use serde::Serialize;

use super::{Answers, Ending, Spoken, recording};

/// One event of a call.
#[derive(Clone, PartialEq, Debug)]
pub struct Heard {
    /// The second at which it begins.
    pub at: f64,
    /// What it is.
    pub what: HeardWhat,
}

/// What can happen in a call.
#[derive(Clone, PartialEq, Debug)]
pub enum HeardWhat {
    /// A voice speaks.
    Say(Spoken),
    /// A recording is played.
    Play {
        /// Its absolute URL.
        url: String,
        /// How long it lasts.
        seconds: f64,
    },
    /// The prompts are over, or cut: the line waits for keys.
    Listen {
        /// Seconds that it waits.
        timeout: u32,
        /// How many keys end the wait; `None`: any number.
        num_digits: Option<u32>,
    },
    /// The caller presses a key.
    Press {
        /// 0 to 9, `*` or `#`.
        key: char,
    },
    /// The caller presses nothing until the time is over.
    Silence {
        /// How long.
        seconds: u32,
    },
    /// The line dials somebody.
    Dial {
        /// Whom.
        number: String,
        /// What became of it.
        outcome: Answers,
        /// The number that was shown to them, if the document names one.
        caller_id: Option<String>,
    },
    /// What somebody hears who answers for us; the caller does not.
    Whisper {
        /// Who.
        number: String,
        /// What.
        spoken: Spoken,
    },
    /// The line sends a text message.
    Sms {
        /// To whom.
        to: String,
        /// What.
        text: String,
    },
    /// The end of the call.
    Hangup {
        /// By whom.
        by: Ending,
    },
}

#[derive(Default, Serialize)]
struct Line<'a> {
    t: f64,
    event: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lang: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    timeout: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    num_digits: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<char>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seconds: Option<serde_json::Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    caller_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<&'a str>,
}

/// The event as one JSON object, without a line end.
pub fn json_line(heard: &Heard) -> String {
    let outcome = match &heard.what {
        HeardWhat::Dial { outcome, .. } => outcome.to_string(),
        _ => String::new(),
    };
    let line = Line { t: rounded(heard.at), ..Line::default() };
    let shown;
    let line = match &heard.what {
        HeardWhat::Say(s) => Line { event: "say", text: Some(s.text()), lang: Some(s.lang()), ..line },
        HeardWhat::Play { url, seconds } => {
            shown = recording::shown(url);
            let seconds = serde_json::Number::from_f64(rounded(*seconds));
            Line { event: "play", text: Some(&shown), url: Some(url), seconds, ..line }
        }
        HeardWhat::Listen { timeout, num_digits } => {
            Line { event: "listen", timeout: Some(*timeout), num_digits: *num_digits, ..line }
        }
        HeardWhat::Press { key } => Line { event: "press", key: Some(*key), ..line },
        HeardWhat::Silence { seconds } => Line { event: "silence", seconds: Some((*seconds).into()), ..line },
        HeardWhat::Whisper { number, spoken } => Line {
            event: "whisper",
            number: Some(number),
            text: Some(spoken.text()),
            lang: Some(spoken.lang()),
            ..line
        },
        HeardWhat::Dial { number, caller_id, .. } => Line {
            event: "dial",
            number: Some(number),
            outcome: Some(&outcome),
            caller_id: caller_id.as_deref(),
            ..line
        },
        HeardWhat::Sms { to, text } => Line { event: "sms", to: Some(to), text: Some(text), ..line },
        HeardWhat::Hangup { by } => Line { event: "hangup", by: Some(by.as_str()), ..line },
    };
    // A struct of texts and numbers always has a JSON form.
    serde_json::to_string(&line).unwrap_or_default()
}

fn rounded(seconds: f64) -> f64 {
    (seconds * 10.0).round() / 10.0
}

/// The event for people, words wrapped to `width` columns; `None` for what a caller does not notice (a wait begins).
pub fn human(heard: &Heard, width: usize) -> Option<String> {
    let (tag, text) = match &heard.what {
        HeardWhat::Say(spoken) => (spoken.lang(), spoken.text().to_owned()),
        HeardWhat::Play { url, .. } => ("", format!("♪ {}", recording::shown(url))),
        HeardWhat::Listen { .. } => return None,
        HeardWhat::Press { key } => ("", format!("→ key {key}")),
        HeardWhat::Silence { seconds } => ("", format!("… ({seconds} s)")),
        HeardWhat::Whisper { number, spoken } => (spoken.lang(), format!("({number} hears) {}", spoken.text())),
        HeardWhat::Dial { number, outcome, .. } => ("", format!("☎ dial {number} → {outcome}")),
        HeardWhat::Sms { to, text } => ("", format!("✉ text message to {to}: {text}")),
        HeardWhat::Hangup { by } => (
            "",
            match by {
                Ending::Line => "☎ the line hangs up",
                Ending::RanOut => "☎ the document ran out: the caller is hung up on",
                Ending::Caller => "☎ the caller hangs up",
                Ending::Rejected => "☎ the line refuses the call",
            }
            .to_owned(),
        ),
    };
    let head = format!("{:>6.1} s  {tag:<3} ", rounded(heard.at));
    let indent = head.chars().count();
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split([' ', '\n']).filter(|word| !word.is_empty()) {
        if !line.is_empty() && indent + line.chars().count() + 1 + word.chars().count() > width {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    Some(head + &lines.join(&format!("\n{}", " ".repeat(indent))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::phone::{DialResult, testing::spoken};

    fn all() -> Vec<Heard> {
        let whats = [
            HeardWhat::Say(spoken("fr-FR", "Bonjour, « Allô C-M-P » : l’aide.")),
            HeardWhat::Play { url: "https://x.org/a.wav".into(), seconds: 3.24 },
            HeardWhat::Listen { timeout: 6, num_digits: Some(1) },
            HeardWhat::Listen { timeout: 6, num_digits: None },
            HeardWhat::Press { key: '9' },
            HeardWhat::Silence { seconds: 6 },
            HeardWhat::Dial { number: "+33972394050".into(), outcome: DialResult::Busy.into(), caller_id: None },
            HeardWhat::Sms { to: "+33612345678".into(), text: "Le 3114".into() },
            HeardWhat::Hangup { by: Ending::Line },
        ];
        whats.into_iter().enumerate().map(|(i, what)| Heard { at: i as f64 * 7.77, what }).collect()
    }

    #[test]
    fn json_lines_are_as_promised() {
        let lines: Vec<_> = all().iter().map(json_line).collect();
        assert_eq!(
            lines,
            [
                r#"{"t":0.0,"event":"say","text":"Bonjour, « Allô C-M-P » : l’aide.","lang":"fr"}"#,
                r#"{"t":7.8,"event":"play","text":"(recording a)","url":"https://x.org/a.wav","seconds":3.2}"#,
                r#"{"t":15.5,"event":"listen","timeout":6,"num_digits":1}"#,
                r#"{"t":23.3,"event":"listen","timeout":6}"#,
                r#"{"t":31.1,"event":"press","key":"9"}"#,
                r#"{"t":38.8,"event":"silence","seconds":6}"#,
                r#"{"t":46.6,"event":"dial","number":"+33972394050","outcome":"busy"}"#,
                r#"{"t":54.4,"event":"sms","text":"Le 3114","to":"+33612345678"}"#,
                r#"{"t":62.2,"event":"hangup","by":"line"}"#,
            ]
        );
    }

    #[test]
    fn people_read_one_aligned_line_an_event() {
        let lines: Vec<_> = all().iter().filter_map(|heard| human(heard, 30)).collect();
        let expected = "   0.0 s  fr  Bonjour, « Allô
              C-M-P » :
              l’aide.
   7.8 s      ♪ (recording a)
  31.1 s      → key 9
  38.8 s      … (6 s)
  46.6 s      ☎ dial
              +33972394050 →
              busy
  54.4 s      ✉ text message
              to +33612345678:
              Le 3114
  62.2 s      ☎ the line hangs
              up";
        assert_eq!(lines.join("\n"), expected);
    }
}
