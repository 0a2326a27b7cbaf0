//! Runs a scenario against a call, over any transport, and says where it failed and what was heard there.
//!
//! What the caller hears between two acts is the transcript since the last act, then the prompts of the present wait.

use super::{
    Answers, Call, Ending, HangUp, Heard, HeardWhat, Outcomes, PhoneError, Replay, Scenario, Step, Transport, Wait,
    When,
    heard_text::{Track, plain},
    human,
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

/// The line that a scenario calls, as far as a telephone can't see it.
pub trait Stage<T> {
    /// The numbers that a name stands for: a line, a person (`group/person`), or everybody in a group.
    fn numbers(&self, name: &str) -> Vec<String>;

    /// The server is started anew; `transport` is to reach the new one.
    fn restart(&mut self, transport: &mut T);
}

/// A line of which nothing is known but its documents.
impl<T> Stage<T> for () {
    fn numbers(&self, _: &str) -> Vec<String> {
        Vec::new()
    }

    fn restart(&mut self, _: &mut T) {}
}

impl Scenario {
    /// Places the call and takes the steps.
    pub async fn run<T: Transport>(&self, call: &mut Call<T>, stage: &mut impl Stage<T>) -> Result<(), ScenarioError> {
        let outcomes = self.outcomes(stage)?;
        let mut run = Run { call, stage, outcomes, since: 0, found: 0, last_end: None };
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

    fn outcomes<T>(&self, stage: &impl Stage<T>) -> Result<Outcomes, ScenarioError> {
        let mut outcomes = Outcomes::new(self.text.dial.iter().cloned());
        for (name, results) in &self.text.lines {
            let numbers = stage.numbers(name);
            if numbers.is_empty() {
                let message = format!("`lines`: nobody is called `{name}`");
                return Err(ScenarioError::Unreadable { file: self.file.clone(), message });
            }
            for number in numbers {
                outcomes = outcomes.at(&number, results.0.iter().copied());
            }
        }
        Ok(outcomes)
    }

    fn failed<T: Transport, S: Stage<T>>(
        &self,
        step: usize,
        Failure(message): Failure,
        run: &Run<'_, T, S>,
    ) -> ScenarioError {
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

struct Run<'a, T, S> {
    call: &'a mut Call<T>,
    stage: &'a mut S,
    outcomes: Outcomes,
    /// Where the transcript stood at the last act.
    since: usize,
    /// How much of the text heard since then the `hear` steps have found, in bytes.
    found: usize,
    /// The second at which the last fragment had been said.
    last_end: Option<f64>,
}

impl<T: Transport, S: Stage<T>> Run<'_, T, S> {
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
            Step::Duplicate(_) => self.replay(Replay { ago: 0, other: false }).await,
            Step::Replay(replay) => self.replay(*replay).await,
            Step::Status(status) => {
                for _ in 0..status.times {
                    self.call.tell_status(status.of, &status.says).await?;
                }
                Ok(())
            }
            Step::Restart(_) => {
                self.stage.restart(self.call.transport());
                Ok(())
            }
            Step::Dials(whom) => self.dials(whom).await,
            Step::Lost(keys) => match self.call.wait() {
                Wait::Dial(_) => Ok(self.call.press(keys, When::AtOnce).await?),
                other => Err(Failure(format!("`lost`: the line does not dial; {}", described(other)))),
            },
            Step::Whispers(fragments) => self.whispers(fragments),
            Step::HangUp(HangUp::Now) => {
                self.acted();
                Ok(self.call.hang_up().await?)
            }
            Step::HangUp(moment) => self.hang_up_in_transfer(*moment).await,
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

    async fn replay(&mut self, Replay { ago, other }: Replay) -> Result<(), Failure> {
        let (again, then) = self.call.replay(ago).await?;
        if other || then.as_bytes() == again.body {
            return Ok(());
        }
        let found = String::from_utf8_lossy(&again.body);
        Err(Failure(format!("the repeated webhook got another answer:\n{found}")))
    }

    async fn dials(&mut self, whom: &str) -> Result<(), Failure> {
        let answers = self.taken(whom)?;
        let before = self.acted();
        self.call.dialled(answers).await?;
        self.skip_to(before, |what| matches!(what, HeardWhat::Dial { .. }));
        Ok(())
    }

    /// What those do who ring now; they must be those whom `whom` names, if it is not empty.
    fn taken(&mut self, whom: &str) -> Result<Answers, Failure> {
        let number = |name: &str| match self.stage.numbers(name) {
            none if none.is_empty() => name.to_owned(),
            numbers => numbers.join(", "),
        };
        let wanted = whom.split(", ").map(number).collect::<Vec<_>>().join(", ");
        let ringing = match self.call.wait() {
            Wait::Dial(dialled) if whom.is_empty() || dialled.number() == wanted => dialled.number(),
            other => return Err(Failure(format!("expected the line to dial {whom}; {}", described(other)))),
        };
        Ok(self.outcomes.take_for(&ringing.split(", ").collect::<Vec<_>>()))
    }

    async fn hang_up_in_transfer(&mut self, moment: HangUp) -> Result<(), Failure> {
        let answers = self.taken("")?;
        self.acted();
        let talked = self.call.hang_up_in_transfer(answers, moment).await?;
        match (moment, talked) {
            (HangUp::WhileAsked, true) => Err(Failure("somebody was connected to a caller who had gone".into())),
            (HangUp::WhileTalking, false) => Err(Failure("nobody talked with the caller".into())),
            _ => Ok(()),
        }
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

#[cfg(test)]
#[path = "scenario_tests.rs"]
mod tests;
