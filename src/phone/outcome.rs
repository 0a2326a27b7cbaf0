//! What becomes of a number that the line dials: given from outside, since nobody is there to answer.
//!
//! The words are the provider's (`DialCallStatus`), with the seconds of talk where somebody answers: `completed:60`.

use std::{collections::VecDeque, fmt, str::FromStr};

use serde::{Deserialize, Deserializer};

/// Seconds of a conversation for which no length is given.
const DEFAULT_TALK: u32 = 300;
/// Seconds until an answer, or until the network says that it can't.
const ANSWER_SECONDS: u32 = 5;
const REFUSAL_SECONDS: u32 = 2;

/// The outcome of one `Dial`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DialResult {
    /// Somebody answered; they talked for so many seconds.
    Completed(u32),
    /// The other side was busy.
    Busy,
    /// Nobody answered within the time-out.
    NoAnswer,
    /// The number could not be reached.
    Failed,
    /// Given up before an answer.
    Canceled,
}

impl DialResult {
    /// The word for it in `DialCallStatus`.
    pub fn as_str(self) -> &'static str {
        match self {
            DialResult::Completed(_) => "completed",
            DialResult::Busy => "busy",
            DialResult::NoAnswer => "no-answer",
            DialResult::Failed => "failed",
            DialResult::Canceled => "canceled",
        }
    }

    /// Seconds from the dialling to the end of it, ringing at most `timeout` seconds.
    pub(super) fn seconds(self, timeout: u32) -> u32 {
        match self {
            DialResult::Completed(talk) => ANSWER_SECONDS.min(timeout) + talk,
            DialResult::NoAnswer | DialResult::Canceled => timeout,
            DialResult::Busy | DialResult::Failed => REFUSAL_SECONDS,
        }
    }
}

impl fmt::Display for DialResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text is no outcome.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is no outcome: completed, completed:SECONDS, busy, no-answer, failed or canceled")]
pub struct NotAnOutcome(String);

impl FromStr for DialResult {
    type Err = NotAnOutcome;

    fn from_str(text: &str) -> Result<DialResult, NotAnOutcome> {
        let wrong = || NotAnOutcome(text.to_owned());
        match text.split_once(':') {
            Some(("completed", seconds)) => seconds.parse().map(DialResult::Completed).map_err(|_| wrong()),
            Some(_) => Err(wrong()),
            None => match text {
                "completed" => Ok(DialResult::Completed(DEFAULT_TALK)),
                "busy" => Ok(DialResult::Busy),
                "no-answer" => Ok(DialResult::NoAnswer),
                "failed" => Ok(DialResult::Failed),
                "canceled" => Ok(DialResult::Canceled),
                _ => Err(wrong()),
            },
        }
    }
}

impl<'de> Deserialize<'de> for DialResult {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<DialResult, D::Error> {
        String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
    }
}

/// The outcomes of a call's transfers, in order. With none given everyone answers; after the last one nobody does.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Outcomes {
    left: VecDeque<DialResult>,
    given: bool,
}

impl Outcomes {
    /// The outcomes in order; an empty list stands for "not given".
    pub fn new(list: impl IntoIterator<Item = DialResult>) -> Outcomes {
        let left: VecDeque<_> = list.into_iter().collect();
        Outcomes { given: !left.is_empty(), left }
    }

    /// The outcome of the next transfer.
    pub fn take(&mut self) -> DialResult {
        let default = if self.given { DialResult::NoAnswer } else { DialResult::Completed(DEFAULT_TALK) };
        self.left.pop_front().unwrap_or(default)
    }
}

impl FromStr for Outcomes {
    type Err = NotAnOutcome;

    /// Reads `busy,no-answer,completed:60`.
    fn from_str(text: &str) -> Result<Outcomes, NotAnOutcome> {
        let words = text.split(',').map(str::trim).filter(|word| !word.is_empty());
        Ok(Outcomes::new(words.map(str::parse).collect::<Result<Vec<_>, _>>()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outcomes_come_in_order_then_nobody_answers() {
        let mut outcomes: Outcomes = "busy, completed:60".parse().unwrap();
        let taken = [(); 4].map(|()| outcomes.take());
        assert_eq!(taken, [DialResult::Busy, DialResult::Completed(60), DialResult::NoAnswer, DialResult::NoAnswer]);
        let mut none: Outcomes = "".parse().unwrap();
        assert_eq!([none.take(), none.take()], [DialResult::Completed(300); 2]);
        for wrong in ["engaged", "busy:3", "completed:", "completed:-1", "busy,,x"] {
            assert!(wrong.parse::<Outcomes>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn nobody_rings_longer_than_the_time_out() {
        assert_eq!(DialResult::Completed(60).seconds(25), 65);
        assert_eq!(DialResult::Completed(60).seconds(3), 63);
        assert_eq!(DialResult::NoAnswer.seconds(25), 25);
        assert_eq!(DialResult::Busy.seconds(25), 2);
    }
}
