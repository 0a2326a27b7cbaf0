//! Runs a scenario against a call, over any transport, and says where it failed and what was heard there.
//!
//! What the caller hears between two acts is the transcript since the last act, then the prompts of the present wait.

use std::borrow::Cow;

use super::{
    Call, Ending, Heard, HeardWhat, Outcomes, PhoneError, Scenario, Spoken, Step, Transport, Wait, human, recording,
};

/// Width of the transcript in an error.
const WIDTH: usize = 100;

/// Why a scenario can't be read, or fails.
#[derive(Debug, thiserror::Error)]
pub enum ScenarioError {
    /// The file has a mistake.
    #[error("{file}: {message}")]
    Unreadable {
        /// The file.
        file: String,
        /// The mistake, with its place.
        message: String,
    },
    /// A step found something else.
    #[error("{file}, step {step}: {message}\nHeard since the last act:\n{heard}")]
    Step {
        /// The file.
        file: String,
        /// The step, from 1; 0 stands for the start of the call.
        step: usize,
        /// What was expected, and what was found.
        message: String,
        /// The transcript since the last act.
        heard: String,
    },
}

impl Scenario {
    /// Places the call and takes the steps.
    pub async fn run<T: Transport>(&self, call: &mut Call<T>) -> Result<(), ScenarioError> {
        let outcomes = Outcomes::new(self.text.dial.iter().cloned());
        let mut run = Run { call, outcomes, since: 0, found: 0, last_end: None };
        let mut result = run.call.start().await.map_err(Failure::from);
        for (index, step) in self.text.call.iter().enumerate() {
            if let Err(failure) = result {
                return Err(self.failed(index, failure, &run));
            }
            result = run.step(step).await;
        }
        if result.is_ok() && !matches!(run.call.wait(), Wait::Ended(_)) {
            result = run.call.hang_up().await.map_err(Failure::from);
        }
        result.map_err(|failure| self.failed(self.text.call.len(), failure, &run))
    }

    fn failed<T: Transport>(&self, step: usize, Failure(message): Failure, run: &Run<'_, T>) -> ScenarioError {
        let lines: Vec<_> = run.heard().iter().filter_map(|heard| human(heard, WIDTH)).collect();
        ScenarioError::Step { file: self.file.clone(), step, message, heard: lines.join("\n") }
    }
}

struct Failure(String);

impl From<PhoneError> for Failure {
    fn from(error: PhoneError) -> Failure {
        Failure(error.to_string())
    }
}

struct Run<'a, T> {
    call: &'a mut Call<T>,
    outcomes: Outcomes,
    /// Where the transcript stood at the last act.
    since: usize,
    /// How much of the text heard since then the `hear` steps have found, in bytes.
    found: usize,
    /// The second at which the last fragment had been said.
    last_end: Option<f64>,
}

impl<T: Transport> Run<'_, T> {
    async fn step(&mut self, step: &Step) -> Result<(), Failure> {
        match step {
            Step::Hear(fragments) => fragments.iter().try_for_each(|fragment| self.hear(fragment)),
            Step::NotHeard(fragments) => self.not_heard(fragments),
            Step::Begins(words) => self.begins(words),
            Step::Voices(languages) => self.voices(languages),
            Step::Within(seconds) => match self.last_end {
                None => Err(Failure("`within` needs a `hear` before it".into())),
                Some(end) if end > *seconds => Err(Failure(format!("said by {end:.1} s, not within {seconds} s"))),
                Some(_) => Ok(()),
            },
            Step::After(seconds) => match self.last_end {
                None => Err(Failure("`after` needs a `hear` before it".into())),
                Some(end) if end < *seconds => Err(Failure(format!("said by {end:.1} s, not after {seconds} s"))),
                Some(_) => Ok(()),
            },
            Step::Waits(seconds) => match self.call.wait() {
                Wait::Keys(listening) if listening.timeout() == *seconds => Ok(()),
                Wait::Keys(listening) => {
                    Err(Failure(format!("the line waits {} s for a key, not {seconds} s", listening.timeout())))
                }
                other => Err(Failure(format!("`waits`: the line does not wait for keys; {}", described(other)))),
            },
            Step::Press(press) => {
                for _ in 0..press.times {
                    self.expect_keys("press")?;
                    let before = self.acted();
                    self.call.press_slowly(&press.keys, press.when, press.pause).await?;
                    self.skip_to(before, |what| matches!(what, HeardWhat::Press { .. }));
                }
                Ok(())
            }
            Step::Silence(waits) => {
                for _ in 0..*waits {
                    self.expect_keys("silence")?;
                    let before = self.acted();
                    self.call.silence().await?;
                    self.skip_to(before, |what| matches!(what, HeardWhat::Silence { .. }));
                }
                Ok(())
            }
            Step::Duplicate(_) => {
                let again = self.call.send_again().await?;
                let same = self.call.last_document().is_some_and(|last| last.as_bytes() == again.body);
                let other =
                    || format!("the repeated webhook got another answer:\n{}", String::from_utf8_lossy(&again.body));
                if same && again.status == 200 { Ok(()) } else { Err(Failure(other())) }
            }
            Step::Dials(number) => self.dials(number).await,
            Step::Whispers(fragments) => self.whispers(fragments),
            Step::HangUp(_) => {
                self.acted();
                Ok(self.call.hang_up().await?)
            }
            Step::Ends(_) => match self.call.wait() {
                Wait::Ended(Ending::Line) => Ok(()),
                other => Err(Failure(format!("expected the line to have hung up; {}", described(other)))),
            },
        }
    }

    fn expect_keys(&self, step: &str) -> Result<(), Failure> {
        match self.call.wait() {
            Wait::Keys(_) => Ok(()),
            other => Err(Failure(format!("`{step}`: the line does not wait for keys; {}", described(other)))),
        }
    }

    async fn dials(&mut self, number: &str) -> Result<(), Failure> {
        match self.call.wait() {
            Wait::Dial(dialled) if dialled.number() == number => {}
            other => return Err(Failure(format!("expected the line to dial {number}; {}", described(other)))),
        }
        let before = self.acted();
        self.call.dialled(self.outcomes.take()).await?;
        self.skip_to(before, |what| matches!(what, HeardWhat::Dial { .. }));
        Ok(())
    }

    /// What was said to those who answered, since the last act.
    fn whispers(&self, fragments: &[String]) -> Result<(), Failure> {
        let words = self.heard().into_iter().filter_map(|heard| match heard.what {
            HeardWhat::Whisper { spoken, .. } => Some(plain(spoken.text()).0),
            _ => None,
        });
        let text = words.collect::<Vec<_>>().join(" ");
        let mut rest = text.as_str();
        for fragment in fragments {
            let wanted = plain(fragment).0;
            let Some(at) = rest.find(&wanted) else {
                return Err(Failure(format!("“{fragment}” was not whispered there; what was: {text}")));
            };
            rest = &rest[at + wanted.len()..];
        }
        Ok(())
    }

    /// A new act begins: what was heard before it is past. Returns where the transcript stands.
    fn acted(&mut self) -> usize {
        self.since = self.call.transcript().len();
        self.found = 0;
        self.last_end = None;
        self.since
    }

    /// The prompts that stood before the act itself (its last event of that kind) belong to the time before it.
    fn skip_to(&mut self, from: usize, act: fn(&HeardWhat) -> bool) {
        let new = self.call.transcript().iter().enumerate().skip(from);
        // A transfer or a key can't come without another act, so the last one is this one.
        self.since = new.filter(|(_, heard)| act(&heard.what)).map(|(at, _)| at + 1).next_back().unwrap_or(from);
    }

    fn heard(&self) -> Vec<Heard> {
        let past = self.call.transcript().get(self.since..).unwrap_or_default();
        past.iter().cloned().chain(self.call.hearing()).collect()
    }

    fn hear(&mut self, fragment: &str) -> Result<(), Failure> {
        let heard = self.heard();
        let track = Track::of(&heard);
        let wanted = plain(fragment).0;
        match track.text.get(self.found..).and_then(|rest| rest.find(&wanted)) {
            Some(at) => {
                self.found += at + wanted.len();
                self.last_end = track.second_at(self.found);
                Ok(())
            }
            None if track.text.contains(&wanted) => Err(Failure(format!("“{fragment}” was heard, but earlier"))),
            None => Err(Failure(format!("“{fragment}” was not heard"))),
        }
    }

    fn begins(&self, words: &str) -> Result<(), Failure> {
        match Track::of(&self.heard()).text.starts_with(&plain(words).0) {
            true => Ok(()),
            false => Err(Failure(format!("“{words}” were not the first words"))),
        }
    }

    fn voices(&self, expected: &[String]) -> Result<(), Failure> {
        let heard = self.heard();
        let mut languages: Vec<_> = heard
            .iter()
            .filter_map(|heard| match &heard.what {
                HeardWhat::Say(spoken) => Some(spoken.lang()),
                _ => None,
            })
            .collect();
        languages.dedup();
        match languages == expected {
            true => Ok(()),
            false => Err(Failure(format!("the voices were {}", languages.join(", ")))),
        }
    }

    fn not_heard(&self, fragments: &[String]) -> Result<(), Failure> {
        let heard = self.heard();
        let track = Track::of(&heard);
        match fragments.iter().find(|fragment| track.text.contains(&plain(fragment).0)) {
            Some(fragment) => Err(Failure(format!("“{fragment}” was heard"))),
            None => Ok(()),
        }
    }
}

fn described(wait: &Wait) -> String {
    match wait {
        Wait::Start => "the call has not been placed".into(),
        Wait::Keys(_) => "it waits for keys".into(),
        Wait::Dial(dialled) => format!("it dials {} (write `dials`)", dialled.number()),
        Wait::Ended(ending) => format!("the call is over ({})", ending.as_str()),
    }
}

/// What is heard at once.
enum Sounding<'a> {
    Voice(&'a Spoken),
    /// It lasts so many seconds, and is told by its name: `(recording 3f9a21c7)`.
    Recording(f64),
}

/// All that was said, as one plain text that knows its seconds.
struct Track<'a> {
    text: String,
    /// Where each speech begins in `text`, when, and for each of its bytes the byte of the written text.
    speeches: Vec<(usize, f64, Sounding<'a>, Vec<usize>)>,
}

impl<'a> Track<'a> {
    fn of(heard: &'a [Heard]) -> Track<'a> {
        let mut track = Track { text: String::new(), speeches: Vec::new() };
        for Heard { at, what } in heard {
            let (text, sounding) = match what {
                HeardWhat::Say(spoken) => (Cow::Borrowed(spoken.text()), Sounding::Voice(spoken)),
                HeardWhat::Play { url, seconds } => (Cow::Owned(recording::shown(url)), Sounding::Recording(*seconds)),
                _ => continue,
            };
            let (text, origins) = plain(&text);
            track.speeches.push((track.text.len(), *at, sounding, origins));
            track.text.push_str(&text);
            track.text.push(' ');
        }
        track
    }

    /// The second at which the byte before `end` had been said.
    fn second_at(&self, end: usize) -> Option<f64> {
        let (start, at, sounding, origins) = self.speeches.iter().rev().find(|(start, ..)| *start < end)?;
        Some(match sounding {
            Sounding::Voice(spoken) => {
                let origin = origins.get(end - start - 1).copied().unwrap_or(spoken.text().len());
                at + spoken.seconds_to(origin)
            }
            Sounding::Recording(seconds) => at + seconds,
        })
    }
}

/// The text with plain apostrophes and single blanks, and for each byte the end of its origin in `text`.
fn plain(text: &str) -> (String, Vec<usize>) {
    let mut plain = String::new();
    let mut origins = Vec::new();
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        let c = match c {
            '’' => '\'',
            c if c.is_whitespace() => ' ',
            c => c,
        };
        if c == ' ' && (plain.is_empty() || plain.ends_with(' ')) {
            continue;
        }
        plain.push(c);
        origins.resize(plain.len(), end);
    }
    if plain.ends_with(' ') {
        plain.pop();
        origins.pop();
    }
    (plain, origins)
}

#[cfg(test)]
#[path = "scenario_tests.rs"]
mod tests;
