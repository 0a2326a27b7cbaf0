//! Makes entries of what a webhook hands over: each with its id and the mark of its call. What tells of the caller ends here.

use hmac::{Hmac, Mac};
use sha2::Sha256;

use super::{Batch, CallMark, Entry, EntryId, entry::kept};
use crate::call::keyed;

/// Names facts with a key: whoever has the secret gives the same fact the same id, nobody else can tell the call.
pub(super) struct Gatherer {
    calls: Hmac<Sha256>,
    facts: Hmac<Sha256>,
}

impl Gatherer {
    /// Derives its keys from the secret of the settings.
    pub(super) fn new(secret: &str) -> Gatherer {
        let derived = |label| keyed(&named(&keyed(secret.as_bytes()), &[label]));
        Gatherer { calls: derived(b"allo-cmp journal call v1"), facts: derived(b"allo-cmp journal fact v1") }
    }

    /// The entries of a batch, behind those in `entries`.
    pub(super) fn gather(&self, batch: Batch, entries: &mut Vec<Entry>) {
        let (key, turn) = (batch.call, batch.turn);
        let call = CallMark(first(&named(&self.calls, &[key.as_bytes()])));
        entries.extend((0_u16..).zip(batch.facts).map(|(position, fact)| {
            let kind = u16::try_from(fact.kind.number()).unwrap_or(u16::MAX);
            let [at, kind, place] = [turn, kind, position].map(u16::to_be_bytes);
            Entry {
                id: EntryId(first(&named(&self.facts, &[key.as_bytes(), &at, &kind, &place]))),
                call,
                turn,
                second: batch.second,
                lang: batch.lang,
                kind: fact.kind,
                subject: kept(&fact.subject),
                outcome: fact.outcome,
                talked: fact.talked,
            }
        }));
    }
}

fn named(key: &Hmac<Sha256>, parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = key.clone();
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().into()
}

fn first<const N: usize>(bytes: &[u8; 32]) -> [u8; N] {
    std::array::from_fn(|at| bytes[at])
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::{
        call::CallKey,
        journal::{Happening, Kind, MOST_SUBJECT},
    };

    fn batch(call: &str, turn: u16, kinds: &[Kind]) -> Batch {
        let fact = |kind: &Kind| Happening { kind: *kind, subject: "a".into(), outcome: None, talked: None };
        let facts = kinds.iter().map(fact).collect();
        Batch { call: CallKey::of(Some(call)), turn, second: 5, lang: None, caller: None, facts }
    }

    fn gathered(secret: &str, batch: Batch) -> Vec<Entry> {
        let mut entries = Vec::new();
        Gatherer::new(secret).gather(batch, &mut entries);
        entries
    }

    #[test]
    fn a_webhook_that_comes_twice_gives_the_same_ids_on_every_machine_with_the_secret() {
        let twice = || gathered("s", batch("c", 3, &[Kind::Began, Kind::Reached]));
        assert_eq!(twice(), twice());
        let other = gathered("t", batch("c", 3, &[Kind::Began, Kind::Reached]));
        for (ours, theirs) in twice().iter().zip(&other) {
            assert!(ours.id != theirs.id && ours.call != theirs.call);
        }
    }

    #[test]
    fn other_calls_turns_kinds_and_positions_give_other_ids() {
        let batches = [
            batch("c", 3, &[Kind::Reached, Kind::Reached, Kind::Heard]),
            batch("c", 4, &[Kind::Reached]),
            batch("d", 3, &[Kind::Reached]),
            batch("c", 3, &[Kind::Goal]),
        ];
        let all: Vec<Entry> = batches.into_iter().flat_map(|batch| gathered("s", batch)).collect();
        assert_eq!(all.iter().map(|entry| entry.id).collect::<HashSet<_>>().len(), 6);
        assert_eq!(all.iter().map(|entry| entry.call).collect::<HashSet<_>>().len(), 2, "a mark a call");
    }

    #[test]
    fn a_long_subject_is_cut_between_two_characters_and_holds_nothing_that_a_store_refuses() {
        let mut long = batch("c", 0, &[Kind::Reached]);
        long.facts[0].subject = format!("\0\n{}", "é".repeat(MOST_SUBJECT + 1)).into();
        assert_eq!(*gathered("s", long)[0].subject, *"é".repeat(MOST_SUBJECT));
    }
}
