//! The places of a chain: its announcement, the short place between two attempts, and the two questions in it (T1 to T4,
//! T7, T9). What happens between them stands in `transfer`.

use super::{
    Now, Phrase,
    place::WAIT,
    turn::Turn,
    world::{Attempt, Chain, Kind, Node},
};
use crate::{
    call::{Address, Key, Lang, LineId, PartId, Passed, Phase, Progress, Seat, SoFar, Step, Target},
    lines::{self, Telephone, in_turn, next_open},
};

/// Seconds of silence that go on to the next attempt.
const NEXT_WAIT: u8 = 2;
/// So many telephones ring together at most.
const MOST_TOGETHER: usize = 10;

impl Chain {
    /// The attempt at `position`; those who take turns begin with another one for each `turn_of`.
    pub(super) fn at(&self, position: usize, turn_of: u32) -> Option<&Attempt> {
        in_turn(&self.attempts, position, turn_of)
    }

    /// The first position from `from` on at which somebody may answer whom the provider of this call can dial.
    pub(super) fn next_open(&self, from: usize, now: &Now) -> Option<usize> {
        let Now { minute, turn_of, can, .. } = *now;
        // Positions travel in one byte of the token.
        next_open(&self.attempts, from, minute, turn_of, can.short_numbers)
            .filter(|position| *position < usize::from(u8::MAX))
    }
}

impl AsRef<lines::Attempt> for Attempt {
    fn as_ref(&self) -> &lines::Attempt {
        &self.line
    }
}

impl Attempt {
    /// The telephones that ring: those at which somebody may answer. What has closed since it was announced rings, too.
    pub(super) fn ready(&self, minute: u32) -> Vec<&Telephone> {
        let any = self.line.is_open(minute);
        let ready = self.line.telephones.iter().filter(|telephone| !any || telephone.is_open(minute));
        ready.take(MOST_TOGETHER).collect()
    }

    /// Under which it is counted: its line or person, or the group that rings together.
    pub(super) fn id(&self) -> LineId {
        match self.line.telephones.as_slice() {
            [one] => one.line,
            _ => LineId::of(&self.line.name),
        }
    }

    /// A line of `lines.yaml`, which callers hear of by its name. No group of people.
    pub(super) fn is_line(&self) -> bool {
        self.line.telephones.first().is_some_and(|one| one.name == self.line.name)
    }
}

pub(super) fn seat(telephone: &Telephone) -> Seat {
    Seat { line: telephone.line, counted: telephone.counted, capacity: telephone.capacity }
}

/// Whoever answers is spoken to in a language of theirs, if the line has it.
pub(super) fn target(telephone: &Telephone, langs: &[Lang]) -> Target {
    let own = telephone.speaks.iter().find(|lang| langs.contains(lang)).or(langs.first());
    let to: Address = telephone.address.clone();
    Target { to, lang: own.copied().unwrap_or(Lang::FR) }
}

impl<'w> Turn<'w> {
    /// The attempt at hand, and its chain.
    pub(super) fn at_hand(&self) -> Option<(&'w Chain, &'w Attempt)> {
        let world = self.world;
        let Some(Kind::Transfer { chain, .. }) = world.node(self.state.node).map(|node| &node.kind) else {
            return None;
        };
        Some((chain, chain.at(usize::from(self.state.attempt), self.now.turn_of)?))
    }
}

impl Turn<'_> {
    /// Says who is called, the first who can be; `false`: nobody can be called now, and this was said.
    pub(super) fn announce(&mut self, chain: &Chain) -> bool {
        self.reset_chain();
        let at = |position| chain.at(position, self.now.turn_of);
        let open = chain.next_open(0, &self.now);
        let Some((position, attempt)) = open.and_then(|position| Some((position, at(position)?))) else {
            if chain.attempts.is_empty() {
                self.phrase(Phrase::NotReached);
            } else {
                chain.attempts.iter().for_each(|attempt| self.notices(&attempt.notices));
                self.nobody(chain);
            }
            return false;
        };
        // Who is not on duty among the operator's own people is no news for a caller: they are never announced.
        if let Some(first) = at(0).filter(|first| position > 0 && first.is_line()) {
            self.notices(&first.notices);
            if !self.not_dialled(first) {
                self.closed(&[first]);
            }
        }
        self.state.attempt = u8::try_from(position).unwrap_or(u8::MAX);
        let star = self.star_leaves(attempt);
        self.notices(&attempt.notices);
        self.say(&attempt.first);
        if star {
            self.phrase(Phrase::StarLeaves);
        }
        true
    }

    /// Why nobody of `chain` can be called: in most cases that they are closed.
    fn nobody(&mut self, chain: &Chain) {
        let closed: Vec<&Attempt> = chain.attempts.iter().filter(|attempt| !self.not_dialled(attempt)).collect();
        self.closed(&closed);
    }

    /// Says the number of a line that is open, and that the provider of this call can't dial; whether it is such a line.
    fn not_dialled(&mut self, attempt: &Attempt) -> bool {
        if attempt.line.is_dialled(self.now.can.short_numbers) || !attempt.line.is_open(self.now.minute) {
            return false;
        }
        self.say(&attempt.by_yourself);
        true
    }

    /// T6: whether `*` comes back from a conversation there.
    pub(super) fn star_leaves(&self, attempt: &Attempt) -> bool {
        attempt.line.star_leaves && self.now.can.star
    }

    /// T3: a chain that the caller left between two attempts goes on at the one at hand.
    pub(super) fn resume_chain(&mut self, progress: Progress) {
        self.state.attempt = progress.attempt;
        if self.at_hand().is_none() {
            return self.reset_chain();
        }
        self.state.part = PartId::BEGINNING;
        self.state.chain_seconds = progress.seconds;
        self.state.so_far = progress.so_far;
        self.state.phase = if progress.asked { Phase::DidYouTalk } else { Phase::Between(Passed::Wished) };
    }

    /// Nothing of a chain is at hand any more.
    pub(super) fn reset_chain(&mut self) {
        self.state.attempt = 0;
        self.state.chain_seconds = 0;
        self.state.so_far = SoFar::None;
    }

    /// The files have changed under a chain: it begins anew. The question whether the two have talked stays the same.
    pub(super) fn restart_chain(&mut self) {
        if matches!(self.state.phase, Phase::Between(_) | Phase::WaitChoice) {
            self.state.phase = Phase::Place;
        }
    }

    /// Speaks the place within a chain that is at hand, and listens. The bound of the call never strikes here.
    pub(super) fn chain_place(mut self, node: &Node, chain: &Chain) -> Step {
        self.state.awaits = node.id;
        self.state.keymap = node.keymap;
        match self.state.phase {
            Phase::Between(passed) => {
                let Some(attempt) = chain.at(usize::from(self.state.attempt), self.now.turn_of) else {
                    return self.over(passed);
                };
                if let Some(phrase) = why(passed) {
                    // What is said at the end would sound as if nobody else were called.
                    self.phrase(if phrase == Phrase::NoAnswer { Phrase::NoAnswerYet } else { phrase });
                }
                let star = self.star_leaves(attempt);
                self.notices(&attempt.notices);
                self.say(&attempt.next);
                if star {
                    self.phrase(Phrase::StarLeaves);
                }
                self.listen(NEXT_WAIT)
            }
            Phase::WaitChoice => self.ask([Phrase::StillRinging, Phrase::KeyWait, Phrase::KeyNumbers]),
            _ => self.ask([Phrase::DidYouTalk, Phrase::KeyYes, Phrase::KeyOtherLine]),
        }
    }

    fn ask(mut self, words: [Phrase; 3]) -> Step {
        words.into_iter().for_each(|phrase| self.phrase(phrase));
        self.listen(WAIT)
    }

    /// Silence in a transfer: towards help (L8).
    pub(super) fn chain_silence(mut self, transfer: crate::call::NodeId) -> Step {
        match self.state.phase {
            Phase::WaitChoice => {
                self.state.phase = Phase::Between(Passed::Wished);
                self.again()
            }
            Phase::DidYouTalk => {
                self.state.phase = Phase::DidYouTalkAgain;
                self.again()
            }
            Phase::DidYouTalkAgain => self.conversation(),
            _ => self.reserve(transfer),
        }
    }

    /// Whether `key` answers a question of a chain.
    pub(super) fn answers_in_chain(&self, key: Key) -> bool {
        let asks = self.state.phase.is_in_chain() && !matches!(self.state.phase, Phase::Between(_));
        asks && self.at_hand().is_some() && matches!(key.to_char(), '1' | '2')
    }

    /// Key 1 or 2 in a question of a chain.
    pub(super) fn answer_in_chain(mut self, key: Key) -> Step {
        self.state.failures = 0;
        match (self.state.phase, key.to_char()) {
            (Phase::WaitChoice, '1') => {
                self.state.phase = Phase::Between(Passed::Wished);
                self.again()
            }
            (Phase::WaitChoice, _) => {
                if self.is_unchosen_transfer()
                    && let Some(place) = self.pop()
                {
                    // The caller did not come here: `#` leads to where they were.
                    self.stand_at(place);
                }
                self.unbound = true;
                let numbers = self.world.roles.numbers;
                self.go(numbers)
            }
            (_, '1') => self.conversation(),
            _ => self.next_attempt(Passed::Wished, 0),
        }
    }
}

/// What is said of an attempt before the next one.
pub(super) fn why(passed: Passed) -> Option<Phrase> {
    match passed {
        Passed::Busy => Some(Phrase::Busy),
        Passed::NoAnswer => Some(Phrase::NoAnswer),
        Passed::NotReached => Some(Phrase::NotReached),
        Passed::Full => Some(Phrase::LineFull),
        Passed::Resting => Some(Phrase::LineResting),
        Passed::Wished => None,
    }
}
