//! What becomes of a number that the line dials: given from outside, since nobody is there to answer.
//!
//! The words are the provider's (`DialCallStatus`), with the seconds of talk where somebody answers: `completed:60`. Others
//! say what somebody does who answers and is asked to accept: `accepted:60`, `refused`, `voicemail`, `hung-up`; and
//! `starred:30`: they answer, accept if they are asked, and the caller leaves with the star key after so long. Where
//! several ring at once, each has one: `busy+accepted:60`.

use std::{
    collections::{HashMap, VecDeque},
    fmt,
    str::FromStr,
};

use serde::{Deserialize, Deserializer};

/// Seconds of a conversation for which no length is given.
const DEFAULT_TALK: u32 = 300;
/// Seconds of a message that a voicemail takes.
const VOICEMAIL_TALK: u32 = 20;
/// Seconds until an answer, or until the network says that it can't.
pub(super) const ANSWER_SECONDS: u32 = 5;
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
    /// Somebody answered and accepted; they talked for so many seconds.
    Accepted(u32),
    /// Somebody answered, and accepted if they were asked; after so many seconds the caller pressed the star key.
    Starred(u32),
    /// Somebody answered and refused.
    Refused,
    /// A voicemail answered: it presses nothing.
    Voicemail,
    /// Somebody answered and hung up while being asked.
    HungUp,
}

impl DialResult {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            DialResult::Completed(_) => "completed",
            DialResult::Busy => "busy",
            DialResult::NoAnswer => "no-answer",
            DialResult::Failed => "failed",
            DialResult::Canceled => "canceled",
            DialResult::Accepted(_) => "accepted",
            DialResult::Starred(_) => "starred",
            DialResult::Refused => "refused",
            DialResult::Voicemail => "voicemail",
            DialResult::HungUp => "hung-up",
        }
    }

    /// What the network says of it, where nobody is asked.
    pub(super) fn network(self) -> &'static str {
        match self {
            DialResult::Refused => "busy",
            DialResult::Accepted(_) | DialResult::Starred(_) | DialResult::Voicemail | DialResult::HungUp => {
                "completed"
            }
            other => other.as_str(),
        }
    }

    /// Whether somebody, or something, picks up.
    pub(super) fn is_answered(self) -> bool {
        !matches!(self, DialResult::Busy | DialResult::NoAnswer | DialResult::Failed | DialResult::Canceled)
    }

    /// Seconds of talk, where the two are connected without being asked. A voicemail is; who refuses is not.
    pub(super) fn talk(self) -> Option<u32> {
        match self {
            DialResult::Completed(talk) | DialResult::Accepted(talk) | DialResult::Starred(talk) => Some(talk),
            DialResult::Voicemail => Some(VOICEMAIL_TALK),
            DialResult::HungUp => Some(1),
            _ => None,
        }
    }

    /// Seconds from the dialling to the end of it, ringing at most `timeout` seconds.
    pub(super) fn seconds(self, timeout: u32) -> u32 {
        match self {
            DialResult::Completed(_)
            | DialResult::Accepted(_)
            | DialResult::Starred(_)
            | DialResult::Voicemail
            | DialResult::HungUp => ANSWER_SECONDS.min(timeout) + self.talk().unwrap_or(0),
            DialResult::NoAnswer | DialResult::Canceled => timeout,
            DialResult::Busy | DialResult::Failed | DialResult::Refused => REFUSAL_SECONDS,
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
#[error(
    "`{0}` is no outcome: completed, completed:SECONDS, accepted, accepted:SECONDS, starred, \
     starred:SECONDS, busy, no-answer, failed, canceled, refused, voicemail or hung-up"
)]
pub struct NotAnOutcome(String);

impl FromStr for DialResult {
    type Err = NotAnOutcome;

    fn from_str(text: &str) -> Result<DialResult, NotAnOutcome> {
        let wrong = || NotAnOutcome(text.to_owned());
        match text.split_once(':') {
            Some(("completed", seconds)) => seconds.parse().map(DialResult::Completed).map_err(|_| wrong()),
            Some(("accepted", seconds)) => seconds.parse().map(DialResult::Accepted).map_err(|_| wrong()),
            Some(("starred", seconds)) => seconds.parse().map(DialResult::Starred).map_err(|_| wrong()),
            Some(_) => Err(wrong()),
            None => match text {
                "completed" => Ok(DialResult::Completed(DEFAULT_TALK)),
                "busy" => Ok(DialResult::Busy),
                "no-answer" => Ok(DialResult::NoAnswer),
                "failed" => Ok(DialResult::Failed),
                "canceled" => Ok(DialResult::Canceled),
                "accepted" => Ok(DialResult::Accepted(DEFAULT_TALK)),
                "starred" => Ok(DialResult::Starred(DEFAULT_TALK)),
                "refused" => Ok(DialResult::Refused),
                "voicemail" => Ok(DialResult::Voicemail),
                "hung-up" => Ok(DialResult::HungUp),
                _ => Err(wrong()),
            },
        }
    }
}

/// What all of those do who ring at once, in the order in which they are dialled. Those who are not named do not answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Answers(Vec<DialResult>);

impl Answers {
    /// Whether the caller leaves one of them with the star key.
    pub(super) fn leave_by_star(&self) -> bool {
        self.0.iter().any(|result| matches!(result, DialResult::Starred(_)))
    }

    /// What the one at `position` does.
    pub fn of(&self, position: usize) -> DialResult {
        // A single word is for all that the network can say of all of them.
        match self.0.as_slice() {
            [one] if !one.is_answered() => *one,
            all => all.get(position).copied().unwrap_or(DialResult::NoAnswer),
        }
    }
}

impl From<DialResult> for Answers {
    fn from(result: DialResult) -> Answers {
        Answers(vec![result])
    }
}

impl fmt::Display for Answers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.iter().map(|result| result.as_str()).collect::<Vec<_>>().join("+"))
    }
}

impl FromStr for Answers {
    type Err = NotAnOutcome;

    fn from_str(text: &str) -> Result<Answers, NotAnOutcome> {
        Ok(Answers(text.split('+').map(|word| word.trim().parse()).collect::<Result<_, _>>()?))
    }
}

impl<'de> Deserialize<'de> for Answers {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Answers, D::Error> {
        String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
    }
}

/// The outcomes of a call's transfers, in order. With none given everyone answers; after the last one nobody does. What
/// some telephones do can be given by their number instead.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Outcomes {
    left: VecDeque<Answers>,
    given: bool,
    telephones: HashMap<String, VecDeque<DialResult>>,
}

impl Outcomes {
    /// The outcomes in order; an empty list stands for "not given".
    pub fn new(list: impl IntoIterator<Item = impl Into<Answers>>) -> Outcomes {
        let left: VecDeque<_> = list.into_iter().map(Into::into).collect();
        Outcomes { given: !left.is_empty(), left, telephones: HashMap::new() }
    }

    /// The telephone with this number does so, ring after ring, whatever the list says; after the last one nobody answers
    /// there. Of the others those of the list are left.
    pub fn at(mut self, number: &str, results: impl IntoIterator<Item = DialResult>) -> Outcomes {
        self.given = true;
        self.telephones.insert(number.to_owned(), results.into_iter().collect());
        self
    }

    /// The outcome of a transfer in which these ring.
    pub fn take_for(&mut self, numbers: &[&str]) -> Answers {
        if !numbers.iter().any(|number| self.telephones.contains_key(*number)) {
            return self.take();
        }
        let next = |number: &&str| self.telephones.get_mut(*number).and_then(VecDeque::pop_front);
        Answers(numbers.iter().map(next).map(|result| result.unwrap_or(DialResult::NoAnswer)).collect())
    }

    /// The outcome of the next transfer.
    pub fn take(&mut self) -> Answers {
        let default = if self.given { DialResult::NoAnswer } else { DialResult::Completed(DEFAULT_TALK) };
        self.left.pop_front().unwrap_or_else(|| default.into())
    }
}

impl FromStr for Outcomes {
    type Err = NotAnOutcome;

    /// Reads `busy,no-answer,completed:60`.
    fn from_str(text: &str) -> Result<Outcomes, NotAnOutcome> {
        let words = text.split(',').map(str::trim).filter(|word| !word.is_empty());
        Ok(Outcomes::new(words.map(str::parse::<Answers>).collect::<Result<Vec<_>, _>>()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outcomes_come_in_order_then_nobody_answers() {
        let mut outcomes: Outcomes = "busy, completed:60".parse().unwrap();
        let taken = [(); 4].map(|()| outcomes.take());
        let expected = [DialResult::Busy, DialResult::Completed(60), DialResult::NoAnswer, DialResult::NoAnswer];
        assert_eq!(taken, expected.map(Answers::from));
        let mut none: Outcomes = "".parse().unwrap();
        assert_eq!([none.take(), none.take()], [(); 2].map(|()| Answers::from(DialResult::Completed(300))));
        for wrong in ["engaged", "busy:3", "completed:", "completed:-1", "busy,,x", "busy+", "refused:3"] {
            assert!(wrong.parse::<Outcomes>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn each_of_those_who_ring_at_once_has_an_outcome() {
        let answers: Answers = "busy+accepted:60".parse().unwrap();
        let of = [0, 1, 2].map(|position| answers.of(position));
        assert_eq!(of, [DialResult::Busy, DialResult::Accepted(60), DialResult::NoAnswer]);
        assert_eq!(answers.to_string(), "busy+accepted");
        assert_eq!(Answers::from(DialResult::Busy).of(3), DialResult::Busy);
        assert_eq!(Answers::from(DialResult::Refused).of(1), DialResult::NoAnswer);
    }

    #[test]
    fn a_telephone_that_is_named_does_what_is_said_of_it_and_the_others_what_the_list_says() {
        let list = Outcomes::new([DialResult::Failed]);
        let mut outcomes = list.at("+331", [DialResult::Busy, DialResult::Accepted(9)]);
        assert_eq!(outcomes.take_for(&["+332"]), DialResult::Failed.into());
        assert_eq!(outcomes.take_for(&["+331"]), DialResult::Busy.into());
        assert_eq!(outcomes.take_for(&["+332", "+331"]), Answers(vec![DialResult::NoAnswer, DialResult::Accepted(9)]));
        assert_eq!(outcomes.take_for(&["+331"]), DialResult::NoAnswer.into());
        assert_eq!(outcomes.take_for(&["+332"]), DialResult::NoAnswer.into());
    }

    #[test]
    fn nobody_rings_longer_than_the_time_out() {
        assert_eq!(DialResult::Completed(60).seconds(25), 65);
        assert_eq!(DialResult::Completed(60).seconds(3), 63);
        assert_eq!(DialResult::NoAnswer.seconds(25), 25);
        assert_eq!(DialResult::Busy.seconds(25), 2);
    }
}
