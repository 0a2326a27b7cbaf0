//! Scenario files (`tests/calls/*.yaml`): what a caller does and must hear, written for people. This file reads them.
//!
//! ```yaml
//! name: Silence at the first menu leads to a person
//! rules: [L2, L3, L4]          # what it shows, by the names of the rules
//! from: "+33639981234"         # optional: who calls
//! to: "+33123456789"           # optional: the number called
//! at: 2026-12-25T03:00         # optional: for whoever starts the server
//! line: association            # optional: a line of tests/lines, laid over the shipped one
//! directory: ready             # optional: how the directory of centres stands; for whoever starts the server
//! dial: [busy, completed:60]   # outcomes of transfers, in order; none given: completed, used up: no-answer. Of those who
//!                              # are asked: accepted:60, refused, voicemail, hung-up; where it is allowed, the caller leaves
//!                              # with the star key: starred:60; several at once: busy+accepted
//! lines:                       # the same by whose telephone rings, ring after ring; used up: no-answer
//!   day_line: busy             # a line; or a person, as in our_team/anne; or everybody in a group, as in our_team
//!   our_team/anne: [refused, "accepted:60"]
//! full: [day_line]             # other calls have taken all its places
//! paused: [our_team/basil]     # the operator has paused it
//! resting: [sos_amitie]        # it could not be reached three times just before
//! facts: [began, "goal urgent_help"]  # optional: what the journal is told of the call, in this order, among other facts
//! before: { same: 12 }         # so many calls have begun from the same caller just before; `others: 600`, from as many others;
//!                              # `minutes: 3`: so many minutes ago
//! call:
//!   - hear: ["Bonjour", "touche 9"]   # heard since the last act, in this order, after what the last `hear` found
//!   - not_heard: ["erreur"]           # not heard since the last act
//!   - begins: "Bonjour"               # the first words since the last act
//!   - voices: [fr, en, fr]            # the languages heard since the last act, each time that the voice changes
//!   - within: 12                      # the last fragment of the last `hear` had been said by this second of the call
//!   - after: 5                        # and not before this one
//!   - waits: 6                        # after its words the line waits so many seconds for a key
//!   - press: "9"                      # several keys too; or {keys: "9", at_once: true}, {keys: "*", times: 200},
//!                                     # {keys: "75011", pause: 4}: so many seconds between two keys
//!   - silence: 1                      # so many waits pass without a key
//!   - duplicate: true                 # the last webhook is sent again: the same bytes must come back
//!   - dials: "+33972394050"           # the line dials this number now; or a name, as in our_team/anne
//!   - lost: "9"                       # keys while it rings: the provider passes us none
//!   - whispers: ["Un appel"]         # whoever answered that transfer heard this, in this order
//!   - status: completed               # a status callback comes now; or {of: responder, says: completed, times: 2}
//!   - replay: 2                       # the webhook of two documents ago (those of responders counted) is sent again: the
//!                                     # same bytes must come back; or any document, with {ago: 2, other: true}
//!   - restart: true                   # the server is started anew: what it remembered is gone
//!   - hang_up: true                   # the caller hangs up; instead of `dials` also while_asked (whoever answers is being
//!                                     # asked, and their key comes too late), while_talking
//!   - ends: true                      # the line has ended the call, by its own Hangup
//! ```
//!
//! A recording is heard as `(recording 3f9a21c7)`, by the first eight digits of its name.
//!
//! Acts are `press`, `silence`, `dials` and `hang_up`; none of the others moves the call. Blanks (no-break ones too) and apostrophes of either shape are
//! alike. After the last step the caller hangs up, if the call goes on.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Answers, HangUp, Press, Replay, Results, ScenarioError, Status, Yes};

/// A scenario, read and not yet run.
#[derive(Clone, PartialEq, Debug)]
pub struct Scenario {
    /// The file, as it is shown.
    pub file: String,
    /// What it says.
    pub text: ScenarioText,
}

/// The fields of a scenario file.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScenarioText {
    /// What it shows, in one sentence.
    pub name: String,
    /// The rules that it shows.
    #[serde(default)]
    pub rules: Vec<String>,
    /// Who calls.
    pub from: Option<String>,
    /// The number that is called.
    pub to: Option<String>,
    /// When: RFC 3339, or Paris local time. Not read here.
    pub at: Option<String>,
    /// The line that is called: the shipped one, with what `tests/lines` says. Not read here.
    pub line: Option<String>,
    /// How the directory of centres stands: none, ready, stale. Not read here.
    pub directory: Option<String>,
    /// Outcomes of transfers.
    #[serde(default)]
    pub dial: Vec<Answers>,
    /// What those do who are called, by name.
    #[serde(default)]
    pub lines: BTreeMap<String, Results>,
    /// Whose places other calls have taken. Not read here, as the next two.
    #[serde(default)]
    pub full: Vec<String>,
    /// Who is paused.
    #[serde(default)]
    pub paused: Vec<String>,
    /// Who could not be reached three times before.
    #[serde(default)]
    pub resting: Vec<String>,
    /// What the journal is told, in this order, among other facts. Not read here.
    #[serde(default)]
    pub facts: Vec<String>,
    /// Which calls have begun before. Not read here.
    #[serde(default)]
    pub before: Before,
    /// The steps.
    pub call: Vec<Step>,
}

/// Calls that have begun before.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Before {
    /// From the same caller.
    pub same: u32,
    /// From as many others.
    pub others: u32,
    /// So many minutes before.
    pub minutes: u32,
}

/// One step.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Step {
    /// These fragments were heard, in this order.
    Hear(Vec<String>),
    /// These were not.
    NotHeard(Vec<String>),
    /// The first words.
    Begins(String),
    /// The languages, whenever the voice changes.
    Voices(Vec<String>),
    /// The last fragment had been heard by this second.
    Within(f64),
    /// It had not been heard before this second.
    After(f64),
    /// The line waits so many seconds for a key.
    Waits(u32),
    /// The caller presses keys.
    Press(Press),
    /// So many waits pass in silence.
    Silence(u32),
    /// The last webhook is sent again.
    Duplicate(Yes),
    /// The line dials this number.
    Dials(String),
    /// Keys that are pressed while it rings are lost.
    Lost(String),
    /// Whoever answered heard these fragments, in this order.
    Whispers(Vec<String>),
    /// A status callback comes, where nobody asked for it.
    Status(Status),
    /// An older webhook is sent again.
    Replay(Replay),
    /// The server is started anew.
    Restart(Yes),
    /// The caller hangs up.
    HangUp(HangUp),
    /// The line has ended the call.
    Ends(Yes),
}

impl Scenario {
    /// Reads the text of `file`. Unknown fields and steps are errors, with their place.
    pub fn parse(file: &str, text: &str) -> Result<Scenario, ScenarioError> {
        match serde_saphyr::from_str::<ScenarioText>(text) {
            Ok(text) => Ok(Scenario { file: file.to_owned(), text }),
            Err(error) => Err(ScenarioError::Unreadable { file: file.to_owned(), message: error.to_string() }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::phone::{DialResult, When, Whose};

    /// The example of this module's head.
    fn example() -> String {
        let head = include_str!("scenario.rs").split("//! ```").nth(1).unwrap();
        head.lines()
            .skip(1)
            .map(|line| line.trim_start_matches("//!").strip_prefix(' ').unwrap_or("").to_owned() + "\n")
            .collect()
    }

    #[test]
    fn the_example_is_read() {
        let scenario = Scenario::parse("a.yaml", &example()).unwrap().text;
        assert_eq!(scenario.rules, ["L2", "L3", "L4"]);
        assert_eq!(scenario.at.as_deref(), Some("2026-12-25T03:00"));
        assert_eq!(scenario.directory.as_deref(), Some("ready"));
        assert_eq!(scenario.dial, [DialResult::Busy, DialResult::Completed(60)].map(Answers::from));
        assert_eq!(scenario.line.as_deref(), Some("association"));
        assert_eq!(scenario.facts, ["began", "goal urgent_help"]);
        assert_eq!(scenario.lines["day_line"], Results(vec![DialResult::Busy]));
        assert_eq!(scenario.lines["our_team/anne"], Results(vec![DialResult::Refused, DialResult::Accepted(60)]));
        assert_eq!([&scenario.full, &scenario.paused, &scenario.resting].map(|names| names.len()), [1, 1, 1]);
        let press = Press { keys: "9".into(), when: When::AfterWords, times: 1, pause: 0 };
        let expected = [
            Step::Hear(vec!["Bonjour".into(), "touche 9".into()]),
            Step::NotHeard(vec!["erreur".into()]),
            Step::Begins("Bonjour".into()),
            Step::Voices(["fr", "en", "fr"].map(Into::into).into()),
            Step::Within(12.0),
            Step::After(5.0),
            Step::Waits(6),
            Step::Press(press),
            Step::Silence(1),
            Step::Duplicate(Yes),
            Step::Dials("+33972394050".into()),
            Step::Lost("9".into()),
            Step::Whispers(vec!["Un appel".into()]),
            Step::Status(Status { of: Whose::Caller, says: "completed".into(), times: 1 }),
            Step::Replay(Replay { ago: 2, other: false }),
            Step::Restart(Yes),
            Step::HangUp(HangUp::Now),
            Step::Ends(Yes),
        ];
        assert_eq!(scenario.call, expected);
        for (step, when, times) in
            [("at_once: true", When::AtOnce, 1), ("times: 3", When::AfterWords, 3), ("pause: 4", When::AfterWords, 1)]
        {
            let text = format!("name: x\ncall:\n  - press: {{keys: \"1#\", {step}}}\n");
            let scenario = Scenario::parse("a", &text).unwrap();
            assert_eq!(
                scenario.text.call,
                [Step::Press(Press {
                    keys: "1#".into(),
                    when,
                    times,
                    pause: if step.starts_with("pause") { 4 } else { 0 }
                })]
            );
        }
    }

    #[test]
    fn steps_out_of_turn_have_a_long_form() {
        let text = "name: x\ncall:\n  - status: {of: responder, says: busy, times: 2}\n  - replay: {ago: 1, other: true}\n  \
                    - hang_up: while_asked\n  - hang_up: while_talking\n";
        let expected = [
            Step::Status(Status { of: Whose::Responder, says: "busy".into(), times: 2 }),
            Step::Replay(Replay { ago: 1, other: true }),
            Step::HangUp(HangUp::WhileAsked),
            Step::HangUp(HangUp::WhileTalking),
        ];
        assert_eq!(Scenario::parse("a", text).unwrap().text.call, expected);
    }

    #[test]
    fn mistakes_are_shown_with_their_place() {
        for (text, message) in [
            ("name: x\nwhen: y\ncall: []\n", "when"),
            ("name: x\ncall:\n  - hears: [a]\n", "hears"),
            ("name: x\ncall:\n  - press: {key: \"9\"}\n", "key"),
            ("name: x\ncall:\n  - press: \"9a\"\n", "9a"),
            ("name: x\ncall:\n  - press: {keys: \"9\", times: 0}\n", "1 or more"),
            ("name: x\ncall:\n  - press: 9\n", "keys in quotes"),
            ("name: x\ncall:\n  - ends: false\n", "write true"),
            ("name: x\ncall:\n  - hang_up: later\n", "later"),
            ("name: x\ncall:\n  - status: {of: nobody, says: busy}\n", "of: responder"),
            ("name: x\nlines: {a: [engaged]}\ncall: []\n", "engaged"),
            ("name: x\ndial: [engaged]\ncall: []\n", "engaged"),
        ] {
            let error = Scenario::parse("calls/x.yaml", text).unwrap_err().to_string();
            assert!(error.starts_with("calls/x.yaml: ") && error.contains(message), "{error}");
            assert!(error.contains("line ") || error.contains("-->"), "{error}");
        }
    }
}
