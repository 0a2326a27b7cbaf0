//! What a document asks the telephone to do, whoever wrote it in whichever dialect: sounds, waits for keys, transfers.
//!
//! Each dialect has a reader that makes these instructions of its documents, with the provider's defaults filled in; the
//! interpreter obeys them and knows no element of any dialect.

use super::spoken::Spoken;
use crate::provider::Method;

/// One thing to do.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Verb {
    Sound(Sound),
    Gather(Gather),
    Dial(Dial),
    Sms { to: Option<String>, text: String, action: Option<Next> },
    Redirect(Next),
    Hangup,
    Reject { busy: bool },
}

impl Verb {
    /// What it lets the caller hear.
    pub(super) fn sounds_mut(&mut self) -> &mut [Sound] {
        match self {
            Verb::Sound(sound) => std::slice::from_mut(sound),
            Verb::Gather(gather) => &mut gather.sounds,
            _ => &mut [],
        }
    }
}

/// Something that is heard, or silence, `times` times; 0 stands for "until the caller hangs up".
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Sound {
    pub(super) kind: SoundKind,
    pub(super) times: u32,
}

#[derive(Clone, PartialEq, Debug)]
pub(super) enum SoundKind {
    Say(Spoken),
    /// Its length is known once it was fetched.
    Play {
        url: String,
        seconds: f64,
    },
    Tones {
        seconds: f64,
    },
    Pause {
        seconds: f64,
    },
}

impl SoundKind {
    pub(super) fn seconds(&self) -> f64 {
        match self {
            SoundKind::Say(spoken) => spoken.seconds(),
            SoundKind::Play { seconds, .. } | SoundKind::Tones { seconds } | SoundKind::Pause { seconds } => *seconds,
        }
    }
}

/// Where to go on, and how. Without a URL: the current document's.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Next {
    pub(super) url: Option<String>,
    pub(super) method: Method,
}

#[derive(Clone, PartialEq, Debug)]
pub(super) struct Gather {
    pub(super) sounds: Vec<Sound>,
    /// Seconds without a key after the sounds, and between two keys.
    pub(super) timeout: u32,
    pub(super) between: u32,
    pub(super) num_digits: Option<u32>,
    pub(super) finish_on_key: Option<char>,
    pub(super) on_empty: bool,
    pub(super) action: Next,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Dial {
    pub(super) targets: Vec<Target>,
    pub(super) caller_id: Option<String>,
    pub(super) timeout: u32,
    pub(super) time_limit: u32,
    pub(super) action: Option<Next>,
    /// The caller may end the conversation with the star key and goes on.
    pub(super) star_leaves: bool,
    pub(super) confirm: Option<Confirm>,
}

/// Whoever answers is asked by the provider: it plays what `sound` holds, and connects whoever presses the key in time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Confirm {
    pub(super) sound: Next,
    pub(super) key: char,
    pub(super) seconds: u32,
    /// Who is told of each answer, connection and end.
    pub(super) told: Option<Next>,
}

/// A telephone that rings.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Target {
    pub(super) address: String,
    /// Whoever answers hears this first, and may be asked something.
    pub(super) whisper: Option<Next>,
}
