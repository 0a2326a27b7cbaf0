//! A chain laid out: which telephones ring, in which order, and when each can be called.

use std::sync::Arc;

use super::{Chain, Group, Line, Lines, MAX_RING_SECONDS, Responders, Ring, hours::Prepared, responders::person_id};
use crate::{
    call::{Address, E164, Lang, LineId},
    files::Name,
};

/// One ring of a chain: a line, one person of a group, or a group that rings together.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// The line or the group, as the operator names it.
    pub name: String,
    /// The names by which callers hear of it.
    pub spoken: Vec<(Lang, String)>,
    /// Who rings: several where a group rings together.
    pub telephones: Vec<Telephone>,
    /// Seconds that it rings at most.
    pub ring: u8,
    /// Whoever answers must press a key.
    pub accept: bool,
    /// The caller's `*` ends the conversation and comes back to us, where the provider can.
    pub star_leaves: bool,
    /// The place in its group, where the people of a group take turns.
    pub turn: Option<usize>,
}

/// One telephone of an attempt.
#[derive(Clone, Debug)]
pub struct Telephone {
    /// Under which it is known and paused: the line, or the group and the person in it.
    pub line: LineId,
    /// Under which its calls and failures are counted: the same, but for a person in two groups, who is counted once.
    pub counted: LineId,
    /// The same for people: `sos_amitie`, `our_team/anne`.
    pub name: String,
    /// How it is reached.
    pub address: Address,
    /// What is spoken there; nothing where it is not known.
    pub speaks: Vec<Lang>,
    /// How many of our calls it takes at once.
    pub capacity: Option<u32>,
    /// When somebody answers; `None`: not known, and always tried.
    pub hours: Option<Arc<Prepared>>,
}

/// What is needed to lay a chain out.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// Every line.
    pub lines: &'a Lines,
    /// The operator's own people.
    pub responders: Option<&'a Responders>,
    /// The minute from which hours are prepared.
    pub minute: u32,
    /// Whether lines with a short number alone are among those that can be called.
    pub dials_short: bool,
}

impl Known<'_> {
    /// The attempts of `chain`, in order. What can't be called is not among them.
    pub fn attempts(&self, chain: &Chain) -> Vec<Attempt> {
        chain.attempts.iter().flat_map(|name| self.of(name)).collect()
    }

    /// The attempts that one name of a chain stands for.
    pub fn of(&self, name: &str) -> Vec<Attempt> {
        if let Some(line) = self.lines.get(name) {
            return self.line(name, line).into_iter().collect();
        }
        let groups = self.responders.iter().flat_map(|responders| &responders.groups.value);
        groups.filter(|(key, _)| key.as_str() == name).flat_map(|(key, group)| self.group(key, group)).collect()
    }

    fn line(&self, name: &str, line: &Line) -> Option<Attempt> {
        let address = self.address(line).filter(|_| line.is_called())?;
        let hours = line.times(&self.lines.lines.file).0.map(|hours| Arc::new(hours.prepare(self.minute)));
        let telephone = Telephone {
            line: LineId::of(name),
            counted: LineId::of(name),
            name: name.to_owned(),
            address,
            speaks: line.speaks.clone(),
            capacity: line.capacity.as_ref().map(|capacity| **capacity),
            hours,
        };
        let spoken = spoken(line.name.iter());
        Some(Attempt {
            name: name.to_owned(),
            spoken,
            telephones: vec![telephone],
            ring: line.ring(),
            accept: line.accept,
            star_leaves: line.star_leaves,
            turn: None,
        })
    }

    fn address(&self, line: &Line) -> Option<Address> {
        let number = line.dial.as_ref().map(|number| Address::Number(E164::clone(number)));
        let sip = || line.sip.as_ref().map(|address| Address::Sip(address.to_string()));
        let short = || line.short_number().filter(|_| self.dials_short);
        number.or_else(sip).or_else(|| short().map(|number| Address::Short(number.to_string())))
    }

    fn group(&self, name: &Name, group: &Group) -> Vec<Attempt> {
        let Some(responders) = self.responders else { return Vec::new() };
        let file = &responders.groups.file;
        let telephones = group.in_order(file).into_iter().map(|(person, who)| {
            let id = person_id(name, person);
            Telephone {
                line: LineId::of(&id),
                counted: responders.counted(&who.dial).unwrap_or(LineId::of(&id)),
                name: id,
                address: Address::Number(E164::clone(&who.dial)),
                speaks: who.speaks.clone(),
                capacity: Some(1),
                hours: who.times(file).0.map(|hours| Arc::new(hours.prepare(self.minute))),
            }
        });
        let ring = group.ring_seconds.as_ref().map_or(MAX_RING_SECONDS, |seconds| **seconds);
        let attempt = |telephones, turn| Attempt {
            name: name.to_string(),
            spoken: spoken(group.name.iter()),
            telephones,
            ring,
            accept: true,
            star_leaves: false,
            turn,
        };
        match group.ring {
            Ring::Together => vec![attempt(telephones.collect(), None)],
            Ring::InOrder => telephones.map(|telephone| attempt(vec![telephone], None)).collect(),
            Ring::InTurn => telephones.enumerate().map(|(at, one)| attempt(vec![one], Some(at))).collect(),
        }
    }
}

fn spoken<'n>(names: impl Iterator<Item = (&'n Lang, &'n Name)>) -> Vec<(Lang, String)> {
    names.map(|(lang, name)| (*lang, name.to_string())).collect()
}

impl Telephone {
    /// Whether somebody may answer at `minute`.
    pub fn is_open(&self, minute: u32) -> bool {
        self.hours.as_ref().is_none_or(|hours| hours.is_open(minute))
    }
}

impl Attempt {
    /// What is spoken there, if nobody there is known to speak `lang`.
    pub fn other_language(&self, lang: Lang) -> Option<Lang> {
        let strange = self.telephones.iter().all(|one| !one.speaks.is_empty() && !one.speaks.contains(&lang));
        self.telephones.first().filter(|_| strange)?.speaks.first().copied()
    }

    /// Whether it can be dialled through a provider that dials short numbers, or doesn't.
    pub fn is_dialled(&self, dials_short: bool) -> bool {
        dials_short || !self.is_short()
    }

    /// Whether it has a short number alone, which not every provider dials.
    pub fn is_short(&self) -> bool {
        matches!(self.telephones.as_slice(), [Telephone { address: Address::Short(_), .. }])
    }

    /// Whether somebody may answer at `minute`.
    pub fn is_open(&self, minute: u32) -> bool {
        self.telephones.iter().any(|telephone| telephone.is_open(minute))
    }
}

impl AsRef<Attempt> for Attempt {
    fn as_ref(&self) -> &Attempt {
        self
    }
}

/// The attempt at `position` of a chain; those who take turns begin with another one for each `turn_of`.
pub fn in_turn<A: AsRef<Attempt>>(attempts: &[A], position: usize, turn_of: u32) -> Option<&A> {
    let here = attempts.get(position)?;
    if here.as_ref().turn.is_none() {
        return Some(here);
    }
    let together = |other: &&A| other.as_ref().turn.is_some() && other.as_ref().name == here.as_ref().name;
    let before = attempts[..position].iter().rev().take_while(together).count();
    let after = attempts[position..].iter().take_while(together).count();
    let shift = usize::try_from(turn_of).unwrap_or(0) % (before + after);
    attempts.get(position - before + (before + shift) % (before + after))
}

/// The first position from `from` on at which somebody may answer at `minute` who can be dialled.
pub fn next_open<A: AsRef<Attempt>>(
    attempts: &[A],
    from: usize,
    minute: u32,
    turn_of: u32,
    dials_short: bool,
) -> Option<usize> {
    let can_answer = |one: &Attempt| one.is_open(minute) && one.is_dialled(dials_short);
    let is_open = |at: &usize| in_turn(attempts, *at, turn_of).is_some_and(|one| can_answer(one.as_ref()));
    (from..attempts.len()).find(is_open)
}

#[cfg(test)]
mod tests;
