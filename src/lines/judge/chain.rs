//! The chains of `chains.yaml`: what they name, and whether anybody of it can be called.

use std::collections::BTreeSet;

use super::{Book, Finder};
use crate::{
    diagnostic::Diagnostic,
    files::{Name, nearest},
    lines::{CHAIN_SECONDS, Chain, Chains},
};

/// What is wrong with every chain. `people_unread`: the file of the people is there, and could not be read.
pub(super) fn judge(book: &Book<'_>, chains: &Chains, people_unread: bool) -> Vec<Diagnostic> {
    let mut finder = Finder { file: &chains.chains.file, found: Vec::new() };
    let judge = Judge { book, chains, people_unread };
    for (name, chain) in &chains.chains.value {
        judge.members(name, chain, &mut finder);
        judge.callable(name, chain, &mut finder);
        if let Some(most) = chain.most_seconds.as_ref().filter(|most| !CHAIN_SECONDS.contains(*most)) {
            finder.error(
                "ring-time",
                format!("{} seconds is no time for a chain to ring", **most),
                most.place(finder.file),
                "between 10 and 300: nobody waits longer",
            );
        }
        finder.empty_words(name, chain.announced_only.iter());
    }
    finder.found
}

struct Judge<'a> {
    book: &'a Book<'a>,
    chains: &'a Chains,
    people_unread: bool,
}

impl Judge<'_> {
    fn members(&self, of: &Name, chain: &Chain, finder: &mut Finder<'_>) {
        if chain.attempts.is_empty() {
            let message = format!("the chain `{}` calls nobody", **of);
            finder.error("empty-chain", message, of.place(finder.file), "name lines and groups behind `try`");
        }
        let mut named = BTreeSet::new();
        for name in &chain.attempts {
            let place = name.place(finder.file);
            if !named.insert(name.as_str()) {
                let message = format!("`{}` stands twice in this chain", **name);
                finder.error("line-twice", message, place, "name it once: whoever did not answer is not called again");
                continue;
            }
            match self.book.lines.and_then(|lines| lines.get(name)) {
                Some(line) if line.is_emergency() => finder.error(
                    "emergency-dialled",
                    format!("`{}` is an emergency number: it can't be dialled for the caller", **name),
                    place,
                    "remove it here, and say it before the chain: the caller dials it",
                ),
                Some(line) if !line.verified => finder.error(
                    "unverified-line",
                    format!("nobody has verified `{}`: it is not called", **name),
                    place,
                    "dial it, write the day of it under `source`, and remove `verified: false` in lines.yaml",
                ),
                Some(_) => {}
                None => self.unknown(name, finder),
            }
        }
    }

    fn unknown(&self, name: &Name, finder: &mut Finder<'_>) {
        let place = name.place(finder.file);
        if self.is_group(name) || self.is_unread(name) {
            return;
        }
        let is_chain = self.chains.get(name).is_some() || self.chains.broken.contains(name.as_str());
        if is_chain {
            let message = format!("`{}` is a chain, and a chain can't be part of a chain", **name);
            finder.error("chain-in-chain", message, place, "name its lines and groups here");
            return;
        }
        let lines = self.book.lines.iter().flat_map(|lines| lines.lines.value.keys());
        let groups = self.book.responders.iter().flat_map(|responders| responders.groups.value.keys());
        let known: Vec<&str> = lines.chain(groups).map(|name| name.as_str()).collect();
        let help = match nearest(name, known.iter().copied()) {
            Some(nearest) => format!("did you mean `{nearest}`? Else write it in lines.yaml or responders.yaml"),
            None => "write it in lines.yaml or responders.yaml, or name one that stands there".to_owned(),
        };
        finder.error("unknown-line", format!("no line and no group is called `{}`", **name), place, help);
    }

    /// A chain is there to call somebody.
    fn callable(&self, of: &Name, chain: &Chain, finder: &mut Finder<'_>) {
        let only_announced = |name: &Name| {
            let line = self.book.lines.and_then(|lines| lines.get(name));
            line.is_some_and(|line| !line.is_emergency() && !line.is_called())
        };
        if !chain.attempts.is_empty() && chain.attempts.iter().all(only_announced) {
            finder.error(
                "line-not-dialled",
                format!("nobody of the chain `{}` can be called", **of),
                of.place(finder.file),
                "give one of its lines a `dial` number in lines.yaml, or announce them with a `say` node",
            );
        }
    }

    fn is_group(&self, name: &str) -> bool {
        let mut groups = self.book.responders.iter().flat_map(|responders| responders.groups.value.keys());
        groups.any(|group| group.as_str() == name)
    }

    /// Whether it may be written, in a place that could not be read.
    fn is_unread(&self, name: &str) -> bool {
        let lines = self.book.lines.is_none_or(|lines| lines.lines.value.is_empty() || lines.broken.contains(name));
        let people =
            self.book.responders.is_some_and(|people| people.groups.value.is_empty() || people.broken.contains(name));
        lines || people || self.people_unread
    }
}
