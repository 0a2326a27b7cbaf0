//! What a caller comes to when nobody of a chain could be called: the numbers that are said there, and the lines that
//! are called, or that a key calls.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use super::Called;
use crate::{
    call::Lang,
    engine::Loaded,
    flow::{Flow, Kind, Node},
    lines::{hours::Prepared, only_digits},
    script::Part,
};

/// The places from one node on, as far as a caller comes who presses nothing.
pub(super) struct After<'a> {
    first: &'a str,
    stops: BTreeMap<&'a str, Stop<'a>>,
    langs: Vec<Lang>,
}

/// One of these places.
struct Stop<'a> {
    /// The hours of the numbers that are said, by language; `None`: they are not known.
    numbers: HashMap<Lang, Vec<Option<Arc<Prepared>>>>,
    /// Languages in which words are missing, which may hold the number.
    unread: Vec<Lang>,
    /// What is called there, or by a key.
    calls: Vec<&'a Called<'a>>,
    /// What follows: all of it must be right.
    next: Vec<&'a str>,
}

impl<'a> After<'a> {
    pub(super) fn new(
        loaded: &'a Loaded,
        flow: &'a Flow,
        all: &'a [Called<'a>],
        first: &'a str,
        minute: u32,
    ) -> After<'a> {
        let langs: Vec<Lang> = loaded.scripts.languages.keys().copied().collect();
        let mut stops = BTreeMap::new();
        let mut todo = vec![first];
        let mut hours = HashMap::new();
        while let Some(name) = todo.pop() {
            let Some(node) = flow.nodes.get(name).filter(|node| !stops.contains_key(node.name.as_str())) else {
                continue;
            };
            let mut stop =
                Stop { numbers: HashMap::new(), unread: Vec::new(), calls: calls(flow, all, node), next: next(node) };
            for lang in &langs {
                for script in said(node) {
                    let Some(script) = loaded.scripts.get(*lang, script) else {
                        stop.unread.push(*lang);
                        continue;
                    };
                    let numbers = script.parts.iter().filter_map(|part| match part {
                        Part::Number(number) => Some(only_digits(&number.written)),
                        _ => None,
                    });
                    for digits in numbers {
                        let known = hours.entry(digits).or_insert_with_key(|digits| of_number(loaded, digits, minute));
                        stop.numbers.entry(*lang).or_default().extend(known.iter().cloned());
                    }
                }
            }
            todo.extend(&stop.next);
            stops.insert(node.name.as_str(), stop);
        }
        After { first, stops, langs }
    }

    /// The minutes at which anything there changes.
    pub(super) fn changes(&self) -> impl Iterator<Item = u32> {
        let hours = self.stops.values().flat_map(|stop| stop.numbers.values().flatten().flatten());
        let calls = self.stops.values().flat_map(|stop| &stop.calls);
        hours.flat_map(|hours| hours.changes().map(|(at, _)| at)).chain(calls.flat_map(|called| called.changes()))
    }

    /// Whether somebody answers at `minute` who is called there, or whose number is said, in every language.
    pub(super) fn is_answered(&self, minute: u32) -> bool {
        self.langs.iter().all(|lang| self.answered(self.first, *lang, minute, &mut HashMap::new()))
    }

    fn answered(&self, name: &'a str, lang: Lang, minute: u32, known: &mut HashMap<&'a str, bool>) -> bool {
        // A node that is missing is said to be missing.
        let Some(stop) = self.stops.get(name) else { return true };
        if let Some(known) = known.get(name) {
            return *known;
        }
        // What leads in a circle answers nobody.
        known.insert(name, false);
        let is_open = |hours: &Option<Arc<Prepared>>| hours.as_ref().is_none_or(|hours| hours.is_open(minute));
        let answered = stop.unread.contains(&lang)
            || stop.numbers.get(&lang).is_some_and(|numbers| numbers.iter().any(is_open))
            || stop.calls.iter().any(|called| called.is_open(minute))
            || (!stop.next.is_empty() && stop.next.iter().all(|next| self.answered(next, lang, minute, known)));
        known.insert(name, answered);
        answered
    }
}

/// The hours of every verified line with this number.
fn of_number(loaded: &Loaded, digits: &str, minute: u32) -> Vec<Option<Arc<Prepared>>> {
    let Some(lines) = &loaded.lines else { return Vec::new() };
    let same = lines.lines.value.values().filter(|line| line.verified && only_digits(&line.announce) == digits);
    same.map(|line| line.times(&lines.lines.file).0.map(|hours| Arc::new(hours.prepare(minute)))).collect()
}

/// The scripts that every caller hears there.
fn said(node: &Node) -> Vec<&str> {
    match &node.kind {
        Kind::Menu(menu) => {
            menu.intro.iter().chain(menu.keys.values().map(|choice| &choice.say)).map(|name| name.as_str()).collect()
        }
        Kind::Say(say) if say.once => Vec::new(),
        Kind::Choose(_) | Kind::Language(_) => Vec::new(),
        _ => node.scripts().into_iter().map(|name| name.as_str()).collect(),
    }
}

/// What is called there, and what a key of its menu calls.
fn calls<'a>(flow: &Flow, all: &'a [Called<'a>], node: &Node) -> Vec<&'a Called<'a>> {
    let names: Vec<&str> = match &node.kind {
        Kind::Transfer(_) => vec![&node.name],
        Kind::Menu(menu) => menu.keys.values().map(|choice| choice.go.as_str()).collect(),
        _ => Vec::new(),
    };
    let is_transfer = |name: &&str| flow.nodes.get(*name).is_some_and(|node| matches!(node.kind, Kind::Transfer(_)));
    let names: Vec<&str> = names.into_iter().filter(is_transfer).collect();
    all.iter().filter(|called| called.nodes.iter().any(|node| names.contains(&node.name.as_str()))).collect()
}

/// Where a caller comes to who presses nothing. A menu is the end of it.
fn next(node: &Node) -> Vec<&str> {
    match &node.kind {
        Kind::Say(say) => vec![&say.then],
        Kind::Read(read) => vec![&read.then],
        Kind::Choose(choose) => {
            choose.when.iter().map(|when| when.go.as_str()).chain([choose.otherwise.as_str()]).collect()
        }
        Kind::Transfer(transfer) => vec![&transfer.failed],
        // Silence before a call goes on to it; without one, a caller hears what there is instead.
        Kind::Find(find) => vec![&find.then, &find.none],
        Kind::Menu(_) | Kind::Ask(_) | Kind::Language(_) | Kind::End(_) => Vec::new(),
    }
}
