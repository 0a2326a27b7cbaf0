//! The world: flows, scripts and lines of one generation, made ready to be spoken. Immutable; swapped whole on reload.

use std::{collections::HashMap, sync::Arc};

use jiff::tz::TimeZone;

use super::{CentreWords, Condition, Notice, Phrase, Standing, closed::TimeWords, leg::Whispers};
use crate::{
    call::{E164, Key, Lang, LineId, NodeId, PartId, Recording, Speech},
    directory::Directory,
    flow::{Wanted, Whom},
    lines::{self, Listed},
};

/// Everything that a call needs.
#[derive(Debug)]
pub struct World {
    /// What tells it from other worlds: the same on every machine that says and does the same.
    pub mark: String,
    /// The languages, in the order in which the first node offers them. The first one speaks while none is chosen.
    pub langs: Vec<Lang>,
    /// The places that the engine must know.
    pub roles: Roles,
    pub(super) nodes: HashMap<NodeId, Node>,
    /// What conditions mean by "hour".
    pub(super) zone: TimeZone,
    pub(super) call_is_free: bool,
    /// Everything that is played.
    pub(super) recordings: Vec<Arc<Recording>>,
    /// Every telephone that can be called, in the order of the names.
    pub listed: Vec<Listed>,
    /// The names under which facts of lines and centres are kept; people have that of their group.
    pub(super) line_names: HashMap<LineId, Arc<str>>,
    /// By `Phrase as usize`.
    pub(super) phrases: Vec<Said>,
    /// How each language says when a line opens, in the order of `langs`.
    pub(super) times: Vec<TimeWords>,
    /// The minute at which it was loaded.
    pub(super) minute: u32,
    /// What differs for those who call one number.
    pub(super) called: HashMap<E164, Called>,
    /// What is said at the greeting for a time.
    pub(super) greeting: Vec<Notice>,
    /// What those hear who answer for us.
    pub(super) whispers: Whispers,
    /// What is said where digits are asked for.
    pub(super) asks: AskWords,
    /// The centres, if there is a directory.
    pub directory: Option<Arc<Directory>>,
    /// What is said of them, if some node does.
    pub(super) centres: Option<CentreWords>,
}

impl World {
    /// The node `id`, unless a reload has removed it.
    pub fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(&id)
    }

    /// Every node, in no order.
    pub fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.nodes.values()
    }

    /// The name under which facts of `line` are kept; of people that of their group.
    pub fn line_name(&self, line: LineId) -> Option<&Arc<str>> {
        self.line_names.get(&line)
    }

    /// What differs for those who call `number`, if anything does.
    pub fn called(&self, number: &E164) -> Option<&Called> {
        self.called.get(number)
    }

    /// The numbers for which something differs, in no order.
    pub fn called_numbers(&self) -> impl Iterator<Item = &E164> {
        self.called.keys()
    }

    /// How the directory of centres stands at `minute`.
    pub fn standing(&self, minute: u32) -> Standing {
        match &self.directory {
            None => Standing::None,
            Some(directory) if directory.is_stale(minute) => Standing::Stale,
            Some(_) => Standing::Ready,
        }
    }

    /// Every recording that may be played.
    pub fn recordings(&self) -> impl Iterator<Item = &Arc<Recording>> {
        self.recordings.iter()
    }

    /// What the engine says by itself.
    pub fn phrase(&self, phrase: Phrase) -> &Said {
        &self.phrases[phrase as usize]
    }

    /// What is said to a caller who chose `lang`; nothing where the line does not speak it.
    pub fn words<'s>(&self, said: &'s Said, lang: Lang) -> &'s [Arc<Speech>] {
        let position = self.langs.iter().position(|known| *known == lang);
        position.and_then(|position| said.0.get(position)).map_or(&[], Vec::as_slice)
    }
}

/// What differs for those who call one number.
#[derive(Clone, Default, Debug)]
pub struct Called {
    /// Their language, which is not asked.
    pub lang: Option<Lang>,
    /// What comes behind the words of the arrival in place of the main menu.
    pub first: Option<NodeId>,
    /// The number that is shown to the lines that we dial for them.
    pub caller_id: Option<E164>,
}

/// The places that the engine must know.
#[derive(Clone, Copy, Debug)]
pub struct Roles {
    /// Where a call begins.
    pub start: NodeId,
    /// Key 0.
    pub main_menu: NodeId,
    /// Key 0 in the main menu.
    pub help: NodeId,
    /// Key 9.
    pub urgent_help: NodeId,
    /// Key 8.
    pub languages: NodeId,
    /// Key 4 in documents.
    pub listener: NodeId,
    /// Third failure.
    pub person: NodeId,
    /// When nobody can be reached.
    pub numbers: NodeId,
    /// The last words of all.
    pub gentle_end: NodeId,
    /// Where a call begins while there are too many.
    pub crowded: NodeId,
}

/// The same words in every language of the line, in the order of `World::langs`. Several speeches where words of another
/// language stand in them.
#[derive(Clone, Debug)]
pub struct Said(pub(super) Vec<Vec<Arc<Speech>>>);

impl Said {
    /// The words in every language.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Speech>> {
        self.0.iter().flatten()
    }

    /// The words in the language that stands at `position` in `World::langs`.
    pub fn language(&self, position: usize) -> &[Arc<Speech>] {
        self.0.get(position).map_or(&[], Vec::as_slice)
    }
}

/// One place, ready to be spoken.
#[derive(Debug)]
pub struct Node {
    /// Its id.
    pub id: NodeId,
    /// Its name, for people.
    pub name: Arc<str>,
    /// What it does.
    pub kind: Kind,
    /// Where `#` leads when nothing is behind.
    pub back: Option<NodeId>,
    /// Hash of its keys and their targets: a call whose last answer had another one must hear the place again.
    pub keymap: u32,
    /// The goals that are reached with it, by their names.
    pub goals: Vec<Arc<str>>,
}

impl Node {
    /// Whether a call ends here.
    pub(super) fn is_end(&self) -> bool {
        matches!(self.kind, Kind::End { .. })
    }
}

/// What a place does.
#[derive(Debug)]
pub enum Kind {
    /// Choices by key.
    Menu {
        /// Said before the choices.
        intro: Option<Said>,
        /// The choices, in the order of their keys.
        choices: Vec<Choice>,
        /// Said after them, the first time.
        once: Option<Said>,
        /// Seconds of silence, and where it leads.
        silence: Option<(u8, NodeId)>,
    },
    /// Words that lead on.
    Say {
        /// The words.
        scripts: Vec<Said>,
        /// What follows.
        then: NodeId,
        /// Once a call.
        once: bool,
        /// Whole in every language while none is chosen.
        every_language: bool,
    },
    /// A document.
    Read(Document),
    /// A question that is answered with digits.
    Ask(Ask),
    /// The nearest centres.
    Find(Find),
    /// A way that the program chooses: the conditions with their nodes, and the node if none holds.
    Choose(Vec<(Condition, NodeId)>, NodeId),
    /// The choice of a language.
    Language {
        /// Said once a call, each speech in its own language.
        intro: Vec<Arc<Speech>>,
        /// The languages, each naming itself.
        choices: Vec<(Key, Lang, Arc<Speech>)>,
        /// What follows; else the place before.
        then: Option<NodeId>,
    },
    /// Other lines are called, one after the other.
    Transfer {
        /// Whom to call.
        chain: Chain,
        /// After a conversation.
        then: NodeId,
        /// When nobody could be reached.
        failed: NodeId,
        /// Any key but 9 leads back.
        any_key_stays: bool,
    },
    /// The last words.
    End {
        /// The words.
        say: Said,
    },
}

/// Lines and people that are called one after the other, until somebody answers.
#[derive(Debug)]
pub struct Chain {
    /// In this order; those who take turns begin with another one in each call. May be empty.
    pub attempts: Vec<Attempt>,
    /// Seconds that it rings in all.
    pub most_seconds: u16,
}

/// One ring of a chain.
#[derive(Debug)]
pub struct Attempt {
    /// Who is called.
    pub line: lines::Attempt,
    /// Said before it where it comes first: the script of the node.
    pub first: Said,
    /// Said before it where others were tried before.
    pub next: Said,
    /// That it is closed now.
    pub closed: Said,
    /// That it is closed on this public holiday.
    pub closed_holiday: Said,
    /// What is said before both for a time, and where the line is said to be closed.
    pub notices: Vec<Notice>,
    /// Its number, where the provider of a call can't dial it; empty where every provider can.
    pub by_yourself: Said,
}

/// One choice of a menu.
#[derive(Debug)]
pub struct Choice {
    /// The key.
    pub key: Key,
    /// "Pour parler à quelqu'un, appuyez sur la touche 1."
    pub said: Said,
    /// Where it leads.
    pub go: NodeId,
}

/// A question that is answered with digits.
#[derive(Debug)]
pub struct Ask {
    /// What is asked for.
    pub wanted: Wanted,
    /// The question.
    pub say: Said,
    /// What follows once the place is known.
    pub then: NodeId,
    /// What follows when a second place is unknown.
    pub unknown: NodeId,
}

/// The nearest centres, one after the other.
#[derive(Debug)]
pub struct Find {
    /// For whom.
    pub whom: Whom,
    /// So many at most.
    pub most: usize,
    /// The choice to be put through: the same words at every centre that can be called.
    pub key_call: Said,
    /// Said before a centre is called.
    pub call: Said,
    /// What follows a call.
    pub then: NodeId,
    /// What follows where there is nothing to offer, or nothing more.
    pub none: NodeId,
}

/// What the program says by itself where digits are asked for.
#[derive(Debug)]
pub struct AskWords {
    /// The choice to go on, behind a read-back.
    pub go_on: Said,
    /// The choice to correct, under key 2, 3 or 4.
    pub correct: [Said; 3],
    /// The choice of a département, under each key.
    pub departments: [Said; 4],
    /// That one digit is missing, or two, three, four.
    pub missing: [Said; 4],
}

/// A document, ready to be read.
#[derive(Debug)]
pub struct Document {
    /// Its title.
    pub title: Said,
    /// How many parts it has, and that silence is listening.
    pub begins: Said,
    /// Its parts, at least one.
    pub parts: Vec<(PartId, Said)>,
    /// How facts name them, in the same order.
    pub names: Vec<PartName>,
    /// The caller writes down what is dictated in it.
    pub dictation: bool,
    /// Where it is: the parts in which callers write something of their own.
    pub written: Vec<PartId>,
    /// The choices at its end, in the order of their keys.
    pub end_choices: Vec<Said>,
    /// Where key 1 leads at the end.
    pub follow: NodeId,
    /// Where silence leads at the end.
    pub then: NodeId,
}

/// A part of a document, as facts name it.
#[derive(Debug)]
pub struct PartName {
    /// Its script.
    pub script: Arc<str>,
    /// The goals that are reached with it.
    pub goals: Vec<Arc<str>>,
}
