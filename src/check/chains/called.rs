//! What is called: the chains of `chains.yaml`, and the lines that a `transfer` node calls alone. Who in them can be
//! called, and why the others can't.

use crate::{
    diagnostic::Place,
    engine::Loaded,
    files::Name,
    flow::{Kind, Node, Transfer},
    lines::{Attempt, Chain, Known, Line, MOST_CHAIN_SECONDS},
};

/// A chain, or a line that is called alone.
#[derive(Debug)]
pub struct Called<'l> {
    /// Its name, or that of the line.
    pub name: String,
    /// Whom it names, in order.
    pub members: Vec<Member>,
    /// Why it is all right that at times nobody can be called.
    pub announced_only: Option<&'l str>,
    /// The places that call it.
    pub nodes: Vec<&'l Node>,
    /// A chain of `chains.yaml`.
    pub is_chain: bool,
    /// Seconds that it rings in all, if they are written, and where.
    pub(super) most: Option<(u16, Place)>,
    /// Where its name stands.
    pub(super) place: Place,
}

/// A name in a chain.
#[derive(Debug)]
pub struct Member {
    /// The line or the group.
    pub name: String,
    /// The rings that it stands for.
    pub attempts: Vec<Attempt>,
    /// Why there are none.
    pub not_called: Option<NotCalled>,
}

/// Why a line is never called.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum NotCalled {
    /// Its number is said: this one.
    AnnouncedOnly(String),
    /// A short number that the provider does not dial.
    NotByThisProvider(String),
    /// Nobody has verified it.
    Unverified,
    /// The group has no people.
    NoPeople,
    /// No such line or group could be read.
    Unknown,
}

/// Everything that is called: the chains in the order in which they are written, then the lines called alone.
pub fn called<'l>(loaded: &'l Loaded, minute: u32) -> Vec<Called<'l>> {
    let Some(lines) = &loaded.lines else { return Vec::new() };
    let known = Known { lines, responders: loaded.responders.as_ref(), minute, dials_short: loaded.dials_short };
    let mut all: Vec<Called> =
        loaded.chains.iter().flat_map(|chains| &chains.chains.value).map(chain(loaded, known)).collect();
    all.sort_by_key(|called| called.place.span.start);
    let nodes = loaded.flow.iter().flat_map(|flow| flow.nodes.values());
    for (node, transfer) in nodes.filter_map(|node| Some((node, transfer(node)?))) {
        let Some((name, is_chain)) = names(transfer) else { continue };
        match all.iter_mut().find(|called| called.is_chain == is_chain && called.name == name.as_str()) {
            Some(called) => called.nodes.push(node),
            // A chain that nobody wrote is said so at the node.
            None if is_chain => {}
            None => all.push(Called {
                name: name.to_string(),
                members: vec![member(known, name)],
                announced_only: None,
                nodes: vec![node],
                is_chain,
                most: None,
                place: node.at(name),
            }),
        }
    }
    all
}

fn chain<'l>(loaded: &'l Loaded, known: Known<'l>) -> impl Fn((&'l Name, &'l Chain)) -> Called<'l> {
    move |(name, chain)| {
        let place = |name: &Name| loaded.chains.as_ref().map(|chains| name.place(&chains.chains.file));
        let most = chain.most_seconds.as_ref();
        let file = loaded.chains.as_ref().map(|chains| &chains.chains.file);
        Called {
            name: name.to_string(),
            members: chain.attempts.iter().map(|name| member(known, name)).collect(),
            announced_only: chain.announced_only.as_ref().map(|why| why.as_str()),
            nodes: Vec::new(),
            is_chain: true,
            most: most.and_then(|most| Some((**most, most.place(file?)))),
            place: place(name).unwrap_or_else(|| Place::top(&known.lines.lines.file)),
        }
    }
}

fn transfer(node: &Node) -> Option<&Transfer> {
    match &node.kind {
        Kind::Transfer(transfer) => Some(transfer),
        _ => None,
    }
}

/// What a transfer calls: the name, and whether it is that of a chain. Nothing where it names both or neither.
fn names(transfer: &Transfer) -> Option<(&Name, bool)> {
    match (&transfer.line, &transfer.chain) {
        (Some(line), None) => Some((line, false)),
        (None, Some(chain)) => Some((chain, true)),
        _ => None,
    }
}

fn member(known: Known, name: &str) -> Member {
    let attempts = known.of(name);
    let no_telephone = attempts.iter().all(|attempt| attempt.telephones.is_empty());
    let not_called = no_telephone.then(|| match (known.lines.get(name), known.responders) {
        (Some(line), _) => why_not(line),
        (None, Some(responders)) if responders.groups.value.keys().any(|key| key.as_str() == name) => {
            NotCalled::NoPeople
        }
        _ => NotCalled::Unknown,
    });
    Member { name: name.to_owned(), attempts: if no_telephone { Vec::new() } else { attempts }, not_called }
}

fn why_not(line: &Line) -> NotCalled {
    match line.short_number().filter(|_| line.is_called()) {
        _ if !line.verified => NotCalled::Unverified,
        Some(short) => NotCalled::NotByThisProvider(short.to_owned()),
        None => NotCalled::AnnouncedOnly(line.announce.to_string()),
    }
}

impl Called<'_> {
    /// The attempts, in order.
    pub fn attempts(&self) -> impl Iterator<Item = &Attempt> {
        self.members.iter().flat_map(|member| &member.attempts)
    }

    /// Seconds that it rings in all, before the last ring.
    pub fn most_seconds(&self) -> u16 {
        self.most.as_ref().map_or(MOST_CHAIN_SECONDS, |(seconds, _)| *seconds)
    }

    /// Whether somebody can be called at `minute`.
    pub fn is_open(&self, minute: u32) -> bool {
        self.attempts().any(|attempt| attempt.is_open(minute))
    }

    /// The minutes at which anybody opens or closes.
    pub fn changes(&self) -> impl Iterator<Item = u32> {
        let telephones = self.attempts().flat_map(|attempt| &attempt.telephones);
        telephones
            .filter_map(|telephone| telephone.hours.as_deref())
            .flat_map(|hours| hours.changes().map(|(at, _)| at))
    }
}
