//! The values of a scenario's steps, and how they are written: most have a short form and a long one.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, Visitor, value::MapAccessDeserializer},
};

use super::{DialResult, HangUp, When, Whose};

/// Keys to press: a text, or `{keys: "9", at_once: true}`, or `{keys: "*", times: 200}`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Press {
    /// The keys.
    pub keys: String,
    /// When.
    pub when: When,
    /// In so many waits, one after the other.
    pub times: u32,
    /// Seconds between two of them.
    pub pause: u32,
}

/// The word `true`, for steps that have nothing else to say.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Yes;

/// What one telephone does, ring after ring: one outcome, or a list.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(try_from = "OneOrMore")]
pub struct Results(pub Vec<DialResult>);

/// A status callback: `completed`, or `{of: responder, says: completed, times: 2}`.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(from = "StatusText")]
pub struct Status {
    /// Of whose call it tells.
    pub of: Whose,
    /// The provider's word.
    pub says: String,
    /// How often it comes.
    pub times: u32,
}

/// A webhook that comes again: `2`, or `{ago: 2, other: true}`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(from = "ReplayText")]
pub struct Replay {
    /// Of so many documents ago.
    pub ago: usize,
    /// Its answer may be another one than then.
    pub other: bool,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "write one outcome, or a list of them")]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl TryFrom<OneOrMore> for Results {
    type Error = super::NotAnOutcome;

    fn try_from(text: OneOrMore) -> Result<Results, super::NotAnOutcome> {
        let words = match text {
            OneOrMore::One(word) => vec![word],
            OneOrMore::More(words) => words,
        };
        words.iter().map(|word| word.parse()).collect::<Result<_, _>>().map(Results)
    }
}

#[derive(Deserialize)]
#[serde(untagged, deny_unknown_fields, expecting = "write `completed`, or {of: responder, says: completed, times: 2}")]
enum StatusText {
    Word(String),
    Whole {
        #[serde(default)]
        of: Whose,
        says: String,
        #[serde(default = "once")]
        times: u32,
    },
}

impl From<StatusText> for Status {
    fn from(text: StatusText) -> Status {
        match text {
            StatusText::Word(says) => Status { of: Whose::Caller, says, times: 1 },
            StatusText::Whole { of, says, times } => Status { of, says, times },
        }
    }
}

#[derive(Deserialize)]
#[serde(untagged, deny_unknown_fields, expecting = "write 2, or {ago: 2, other: true}")]
enum ReplayText {
    Ago(usize),
    Whole {
        ago: usize,
        #[serde(default)]
        other: bool,
    },
}

impl From<ReplayText> for Replay {
    fn from(text: ReplayText) -> Replay {
        match text {
            ReplayText::Ago(ago) => Replay { ago, other: false },
            ReplayText::Whole { ago, other } => Replay { ago, other },
        }
    }
}

impl<'de> Deserialize<'de> for Whose {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Whose, D::Error> {
        match String::deserialize(d)?.as_str() {
            "caller" => Ok(Whose::Caller),
            "responder" => Ok(Whose::Responder),
            other => Err(D::Error::custom(format!("`{other}` is neither caller nor responder"))),
        }
    }
}

impl<'de> Deserialize<'de> for HangUp {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<HangUp, D::Error> {
        d.deserialize_any(HangUpVisitor)
    }
}

struct HangUpVisitor;

impl Visitor<'_> for HangUpVisitor {
    type Value = HangUp;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("true, while_asked or while_talking")
    }

    fn visit_bool<E: Error>(self, now: bool) -> Result<HangUp, E> {
        if now { Ok(HangUp::Now) } else { Err(E::custom("write true, or leave the step out")) }
    }

    fn visit_str<E: Error>(self, word: &str) -> Result<HangUp, E> {
        match word {
            "true" => Ok(HangUp::Now),
            "while_asked" => Ok(HangUp::WhileAsked),
            "while_talking" => Ok(HangUp::WhileTalking),
            other => Err(E::custom(format!("`{other}` is no moment: true, while_asked or while_talking"))),
        }
    }
}

impl<'de> Deserialize<'de> for Yes {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Yes, D::Error> {
        match bool::deserialize(d)? {
            true => Ok(Yes),
            false => Err(D::Error::custom("write true, or leave the step out")),
        }
    }
}

impl<'de> Deserialize<'de> for Press {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Press, D::Error> {
        d.deserialize_any(PressVisitor)
    }
}

struct PressVisitor;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PressMap {
    keys: String,
    #[serde(default)]
    at_once: bool,
    #[serde(default = "once")]
    times: u32,
    #[serde(default)]
    pause: u32,
}

fn once() -> u32 {
    1
}

impl<'de> Visitor<'de> for PressVisitor {
    type Value = Press;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("keys in quotes, as in \"9\", or {keys: \"9\", at_once: true}")
    }

    fn visit_str<E: Error>(self, keys: &str) -> Result<Press, E> {
        pressed(PressMap { keys: keys.to_owned(), at_once: false, times: 1, pause: 0 })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Press, A::Error> {
        pressed(PressMap::deserialize(MapAccessDeserializer::new(map))?)
    }
}

fn pressed<E: Error>(PressMap { keys, at_once, times, pause }: PressMap) -> Result<Press, E> {
    if times == 0 {
        return Err(E::custom("`times` is 1 or more"));
    }
    if keys.is_empty() || !keys.chars().all(|key| matches!(key, '0'..='9' | '*' | '#')) {
        return Err(E::custom(format!("`{keys}` is no row of keys: 0-9, * and #")));
    }
    Ok(Press { keys, when: if at_once { When::AtOnce } else { When::AfterWords }, times, pause })
}
