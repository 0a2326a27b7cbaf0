//! The flows: what the line does, as the operator wrote it in `call_flows/*.yaml`, with the position of every name.
//!
//! One file per node kind, each with an example. Nothing here speaks or decides: `engine` turns flows and scripts into
//! a world. Comes from `files`, goes to `engine` and `check`.

mod ask;
mod called;
mod choose;
mod draw;
mod end;
mod find;
mod goals;
mod graph;
mod language;
mod menu;
mod notices;
mod parse;
mod read;
mod say;
mod schema;
mod transfer;
mod universal;

use std::collections::{BTreeMap, BTreeSet};

pub use ask::{Ask, Wanted};
pub use called::{Called, CalledNumbers, OwnNumber};
pub use choose::{Choose, When};
pub use end::End;
pub use find::{Find, Whom};
pub use goals::{From, Goal, Goals, MOST_KEYS};
pub use graph::{Graph, GraphEdge, GraphNode};
pub use language::{Intro, Language};
pub use menu::{Choice, Menu, OnSilence};
pub use notices::{GREETING, Notice, Notices};
pub use parse::{GOALS_FILE, UNIVERSAL_FILE};
pub use read::{Pace, Read};
pub use say::Say;
pub use schema::NodeName;
use schemars::JsonSchema;
use serde::Deserialize;
pub use transfer::Transfer;
pub use universal::Universal;

use crate::{
    call::Lang,
    diagnostic::Place,
    files::{At, Located, Name, even},
};

/// All call flows of a line.
#[derive(Debug)]
pub struct Flow {
    /// Every node by name, across all files.
    pub nodes: BTreeMap<String, Node>,
    /// The places that the program itself must know, if that file could be understood.
    pub universal: Option<Located<Universal>>,
    /// What people call for, if somebody wrote it down.
    pub goals: Option<Located<Goals>>,
    /// What differs between the numbers that are called, if somebody wrote it down.
    pub called: Option<CalledNumbers>,
    /// What is announced for a time, if anything is.
    pub notices: Option<Notices>,
    /// Nodes that are written, and could not be understood.
    pub broken: BTreeSet<String>,
    /// Some file could not be read at all: it may hold any node.
    pub incomplete: bool,
}

impl Flow {
    /// Every role with the node that plays it.
    pub fn roles(&self) -> impl Iterator<Item = (&'static str, &Name)> {
        self.universal.iter().flat_map(|universal| universal.value.roles())
    }

    /// The nodes that the program itself leads to: the roles, and what the numbers begin with.
    pub fn beginnings(&self) -> impl Iterator<Item = &Name> {
        let firsts = self.called.iter().flat_map(|called| called.value.values()).filter_map(|of| of.first.as_ref());
        self.roles().map(|(_, name)| name).chain(firsts)
    }

    /// The language that calls begin with: its texts are the originals, those of other languages translate them. French,
    /// where no language is chosen.
    pub fn first_language(&self) -> Lang {
        let start = self.universal.as_ref().and_then(|universal| self.nodes.get(universal.value.start.as_str()));
        match start.map(|node| &node.kind) {
            Some(Kind::Language(language)) => language.keys.values().next().map_or(Lang::FR, |lang| **lang),
            _ => Lang::FR,
        }
    }

    /// Whether the key pressed at this node counts neither for a goal nor for the depth.
    pub fn is_uncounted(&self, node: &str) -> bool {
        self.goals.iter().flat_map(|goals| &goals.value.uncounted).any(|name| name.as_str() == node)
    }

    /// Whether a node of that name is written, and could not be understood, or has a name that none may have.
    pub fn is_broken(&self, name: &str) -> bool {
        self.broken.contains(name) || self.broken.contains(&even(name)) && !self.nodes.contains_key(name)
    }

    /// Whether everything that is written was understood: only then can something be said to be missing.
    pub fn is_whole(&self) -> bool {
        self.universal.is_some() && self.broken.is_empty() && !self.incomplete
    }
}

/// One place of the flow.
#[derive(Debug)]
pub struct Node {
    /// Its name, unique in the line.
    pub name: String,
    /// Where its name stands.
    pub place: Place,
    /// What it does.
    pub kind: Kind,
}

/// A place of the line. It does one thing.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(transform = schema::one_kind)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub enum Kind {
    /// Choices by key.
    Menu(Menu),
    /// Words, then another node.
    Say(Say),
    /// A document, part by part.
    Read(Read),
    /// A question that is answered with digits.
    Ask(Ask),
    /// The nearest centres.
    Find(Find),
    /// A way that the program chooses.
    Choose(Choose),
    /// The choice of a language.
    Language(Language),
    /// Another line is called.
    Transfer(Transfer),
    /// A goodbye that was chosen.
    End(End),
}

impl Node {
    /// The place of something written inside this node.
    pub fn at<T>(&self, at: &At<T>) -> Place {
        at.place(&self.place.file)
    }

    /// The node that must have been passed on every way to this one.
    pub fn only_behind(&self) -> Option<&Name> {
        match &self.kind {
            Kind::Menu(menu) => menu.only_behind.as_ref(),
            Kind::Say(say) => say.only_behind.as_ref(),
            Kind::Read(read) => read.only_behind.as_ref(),
            Kind::Ask(ask) => ask.only_behind.as_ref(),
            Kind::Find(find) => find.only_behind.as_ref(),
            _ => None,
        }
    }

    /// The nodes that this one leads to, with where it says so. Universal keys are not among them.
    pub fn targets(&self) -> Vec<&Name> {
        match &self.kind {
            Kind::Menu(menu) => menu
                .keys
                .values()
                .map(|choice| &choice.go)
                .chain(menu.silence.iter().map(|silence| &silence.go))
                .chain(&menu.back)
                .collect(),
            Kind::Say(say) => [&say.then].into_iter().chain(&say.back).collect(),
            Kind::Read(read) => [&read.end.go, &read.then].into_iter().chain(&read.back).collect(),
            Kind::Ask(ask) => [&ask.then, &ask.unknown].into_iter().chain(&ask.back).collect(),
            Kind::Find(find) => [&find.then, &find.none].into_iter().chain(&find.back).collect(),
            Kind::Choose(choose) => choose.when.iter().map(|when| &when.go).chain([&choose.otherwise]).collect(),
            Kind::Language(language) => language.then.iter().collect(),
            Kind::Transfer(transfer) => [&transfer.then, &transfer.failed].into_iter().chain(&transfer.back).collect(),
            Kind::End(_) => Vec::new(),
        }
    }

    /// The scripts that this node speaks, with where it says so.
    pub fn scripts(&self) -> Vec<&Name> {
        match &self.kind {
            Kind::Menu(menu) => {
                menu.intro.iter().chain(menu.keys.values().map(|choice| &choice.say)).chain(&menu.once).collect()
            }
            Kind::Say(say) => say.scripts.iter().collect(),
            Kind::Read(read) => [&read.title, &read.end.say].into_iter().chain(&read.parts).collect(),
            Kind::Ask(ask) => vec![&ask.say],
            Kind::Find(find) => vec![&find.call],
            Kind::Choose(_) => Vec::new(),
            Kind::Language(language) => language.intro.iter().flat_map(|intro| intro.0.values()).collect(),
            Kind::Transfer(transfer) => vec![&transfer.say],
            Kind::End(end) => vec![&end.say],
        }
    }
}
