//! The exhaustive walk: every state that a call can come to, with every key, silence, and outcome of every transfer.
//!
//! Two states are the same where nothing that leads anywhere differs: what was said once does not count; of the way
//! behind a caller only its last step does, and only as long as nothing failed (a failure leads to the same from wherever
//! the caller came) and nobody is called (`#` leads back there from the announcement before, too). The time stands still in a walk, and there is one for each moment at which the line differs; the
//! bound of the call is walked by tests of its own. What it proves: never an empty answer, never a hang-up that was not
//! chosen, urgent help one key away, and a caller who never presses comes to the gentle end.

use std::collections::{HashMap, HashSet, VecDeque, hash_map};

use crate::{
    call::{
        Asking, CallState, DialOutcome, Entry, Event, Key, Keys, Lang, NodeId, Outcome, Pace, PartId, Phase, SoFar,
        Spot, Step, Transfer, Verb,
    },
    diagnostic::Diagnostic,
    engine::{self, Kind, Now, World},
    flow::{Flow, Wanted},
};

/// What a walk has seen.
#[derive(Debug)]
pub struct Walk {
    /// How many states there are.
    pub states: usize,
    /// How many pairs of state and event were tried.
    pub steps: usize,
    /// What must not be, at most one of each kind and node.
    pub findings: Vec<Finding>,
}

/// Something that must not be.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Finding {
    /// At which node.
    pub node: NodeId,
    /// What.
    pub what: &'static str,
}

impl Finding {
    pub(super) fn diagnostic(self, flow: &Flow) -> Diagnostic {
        let node = flow.nodes.values().find(|node| NodeId::of(&node.name) == self.node);
        let name = node.map_or("?", |node| node.name.as_str());
        let diagnostic = Diagnostic::error("walk", format!("`{name}`: {}", self.what))
            .help("every way through the flows was walked; this one is wrong");
        match node {
            Some(node) => diagnostic.at(node.place.clone()),
            None => diagnostic,
        }
    }
}

/// Walks the whole world, at every moment of a week at which it differs.
pub fn walk(world: &World) -> Walk {
    walk_and_see(world, &mut |_| {})
}

/// The same, and calls `see` with every answer that is given on the way, as often as it is given.
pub fn walk_and_see(world: &World, see: &mut dyn FnMut(&[Verb])) -> Walk {
    let mut whole = Walk { states: 0, steps: 0, findings: Vec::new() };
    for now in world.moments() {
        let walk = walk_at(world, now, see);
        whole.states += walk.states;
        whole.steps += walk.steps;
        whole.findings.extend(walk.findings);
    }
    whole.findings.sort_by_key(|finding| (finding.node, finding.what));
    whole.findings.dedup();
    whole
}

fn walk_at(world: &World, now: Now, see: &mut dyn FnMut(&[Verb])) -> Walk {
    let mut walker = Walker {
        world,
        now,
        by_pace: world.asks_pace(),
        seen: HashMap::new(),
        silent: Vec::new(),
        todo: VecDeque::new(),
        findings: HashSet::new(),
        steps: 0,
        see,
    };
    for number in [None].into_iter().chain(world.called_numbers().map(Some)) {
        walker.arrive(engine::begin(world, number, &walker.now), None);
        walker.arrive(engine::begin_crowded(world, number, true, &walker.now), None);
    }
    for lang in [None, world.langs.first().copied()] {
        walker.arrive(engine::recover(world, lang, &Event::Silence, &walker.now), None);
    }
    // States are taken in the order in which they were first seen.
    let mut index = 0;
    while let Some(state) = walker.todo.pop_front() {
        let mut asked_for_help = false;
        let nine = urgent_key(world, &state);
        for event in events(world, &state) {
            let step = engine::step(world, state.clone(), &event, &walker.now);
            walker.steps += 1;
            if nine == event {
                walker.urgent_help(&state, &step);
                asked_for_help = true;
            }
            let next = walker.arrive(step, Some((&state, &event)));
            if event == without_a_key(&state) {
                walker.silent[index].1 = next;
            }
        }
        if !asked_for_help {
            let step = engine::step(world, state.clone(), &nine, &walker.now);
            walker.urgent_help(&state, &step);
        }
        index += 1;
    }
    walker.silent_callers();
    Walk { states: walker.seen.len(), steps: walker.steps, findings: walker.findings.into_iter().collect() }
}

/// What tells states apart.
#[derive(PartialEq, Eq, Hash)]
struct Sort {
    node: NodeId,
    part: PartId,
    awaits: NodeId,
    phase: Phase,
    attempt: (u8, u16, SoFar),
    lang: Option<Lang>,
    pace: Pace,
    repeats: u8,
    failures: u8,
    flags: [bool; 4],
    behind: Option<Spot>,
    first: Option<NodeId>,
}

impl Sort {
    /// The pace counts where a condition asks about it: words lead to the same however fast they are said.
    fn of(state: &CallState, by_pace: bool) -> Sort {
        Sort {
            node: state.node,
            part: state.part,
            awaits: state.awaits,
            phase: state.phase,
            attempt: (state.attempt, state.chain_seconds, state.so_far),
            lang: state.lang,
            pace: if by_pace { state.pace } else { Pace::Normal },
            repeats: state.repeats,
            failures: state.failures,
            flags: [state.pressed, state.answered, state.ladder_answered, state.by_ladder],
            behind: state.back.last().copied().filter(|_| state.failures == 0 && !is_called(state)),
            first: state.first,
        }
    }
}

struct Walker<'w, 's> {
    world: &'w World,
    now: Now,
    by_pace: bool,
    seen: HashMap<Sort, usize>,
    /// Of each state, in the order of `seen`: its node, and where a caller comes who presses nothing; nowhere at the end.
    silent: Vec<(NodeId, Option<usize>)>,
    todo: VecDeque<CallState>,
    findings: HashSet<Finding>,
    steps: usize,
    /// Is shown every answer.
    see: &'s mut dyn FnMut(&[Verb]),
}

impl Walker<'_, '_> {
    fn find(&mut self, node: NodeId, what: &'static str) {
        self.findings.insert(Finding { node, what });
    }

    /// The state that a step leads to; none where the call ends.
    fn arrive(&mut self, step: Step, from: Option<(&CallState, &Event)>) -> Option<usize> {
        match step {
            Step::Do { state, .. } => Some(self.remember(state)),
            Step::Answer { state, verbs, .. } => {
                (self.see)(&verbs);
                let node = from.map_or(state.node, |(before, _)| before.node);
                match verbs.last() {
                    Some(Verb::Hangup) => {
                        if !from.is_some_and(|(before, event)| self.is_end(before) && *event == Event::Silence) {
                            self.find(node, "the call is ended without a goodbye");
                        }
                        None
                    }
                    Some(Verb::Listen(listen)) => {
                        if self.is_end(&state)
                            && !from.is_some_and(|(before, event)| self.may_say_goodbye(before, event))
                        {
                            self.find(node, "the call is ended without the caller's choice");
                        }
                        if listen.prompts.is_empty() {
                            self.find(node, "nothing is said");
                        }
                        Some(self.remember(state))
                    }
                    Some(Verb::Dial(_)) => Some(self.remember(state)),
                    Some(Verb::Say(_)) | None => {
                        self.find(node, "the answer leads nowhere");
                        None
                    }
                }
            }
        }
    }

    fn remember(&mut self, mut state: CallState) -> usize {
        state.turn = 0;
        let behind = state.back.len().saturating_sub(1);
        state.back.drain(..behind);
        // Where a number leads is asked at the arrival alone.
        let roles = &self.world.roles;
        let begins = |node| node == roles.start || node == roles.crowded;
        if !begins(state.node) && state.back.last().is_none_or(|spot| !begins(spot.node)) {
            state.first = None;
        }
        let next = self.silent.len();
        match self.seen.entry(Sort::of(&state, self.by_pace)) {
            hash_map::Entry::Occupied(known) => *known.get(),
            hash_map::Entry::Vacant(new) => {
                new.insert(next);
                self.silent.push((state.node, None));
                self.todo.push_back(state);
                next
            }
        }
    }

    fn is_end(&self, state: &CallState) -> bool {
        self.world.node(state.node).is_some_and(|node| matches!(node.kind, Kind::End { .. }))
    }

    /// L10: after the last wait of the ladder, or by a choice that leads to a goodbye.
    fn may_say_goodbye(&self, before: &CallState, event: &Event) -> bool {
        if before.phase == Phase::Ending {
            return *event == Event::Silence;
        }
        let Event::Keys(keys) = event else { return false };
        match self.world.node(before.awaits).map(|node| &node.kind) {
            Some(Kind::Menu { choices, .. }) => choices.iter().any(|choice| {
                Some(choice.key) == keys.first()
                    && self.world.node(choice.go).is_some_and(|node| matches!(node.kind, Kind::End { .. }))
            }),
            _ => false,
        }
    }

    /// `step` is what key 9 does in `state`.
    fn urgent_help(&mut self, state: &CallState, step: &Step) {
        let Step::Answer { state: after, verbs, .. } = step else {
            return self.find(state.node, "key 9 does not lead to urgent help");
        };
        (self.see)(verbs);
        let first_words = match self.world.node(self.world.roles.urgent_help).map(|node| &node.kind) {
            Some(Kind::Say { scripts, .. }) => scripts.first(),
            Some(Kind::Menu { intro, .. }) => intro.as_ref(),
            _ => None,
        };
        let heard_first = match (verbs.first(), first_words) {
            (Some(Verb::Listen(listen)), Some(said)) => {
                listen.prompts.first().is_some_and(|prompt| said.all().any(|speech| *speech == prompt.speech))
            }
            (Some(Verb::Listen(_)), None) => true,
            _ => false,
        };
        if after.node != self.world.roles.urgent_help || !heard_first {
            self.find(state.node, "key 9 does not lead to urgent help");
        }
    }

    /// Whoever never presses again comes to a person or the numbers, and to the gentle end; never round in a circle.
    fn silent_callers(&mut self) {
        // Whether a state comes to the end, where it is known already.
        let mut ends: Vec<Option<bool>> = vec![None; self.silent.len()];
        for first in 0..self.silent.len() {
            let mut way = Vec::new();
            let mut on_way = HashSet::new();
            let mut at = Some(first);
            let comes_out = loop {
                match at {
                    None => break true,
                    Some(index) if ends[index].is_some() => break ends[index] == Some(true),
                    Some(index) if !on_way.insert(index) => break false,
                    Some(index) => {
                        way.push(index);
                        at = self.silent[index].1;
                    }
                }
            };
            for index in way {
                ends[index] = Some(comes_out);
                if !comes_out {
                    self.find(self.silent[index].0, "a caller who presses nothing goes round for ever");
                }
            }
        }
    }
}

/// Whether a chain is on its way: its announcement is over.
fn is_called(state: &CallState) -> bool {
    state.phase.is_in_chain() || matches!(state.phase, Phase::Reserving | Phase::Ringing | Phase::LastHope)
}

/// What happens where the caller presses nothing, and nobody answers.
fn without_a_key(state: &CallState) -> Event {
    match state.phase {
        Phase::Reserving | Phase::LastHope => Event::Done(Outcome::Reserved),
        Phase::Ringing => Event::TransferEnded(Transfer::of(DialOutcome::NoAnswer)),
        _ => Event::Silence,
    }
}

/// What is asked for, and what was typed so far, where digits are awaited.
fn asked(world: &World, state: &CallState) -> Option<(Wanted, Entry)> {
    match world.node(state.awaits).map(|node| &node.kind) {
        Some(Kind::Ask(ask)) if state.phase == Phase::Place => Some((ask.wanted, Entry::of(state.part))),
        _ => None,
    }
}

/// Key 9; where digits were typed, it stands alone behind a star (E4).
fn urgent_key(world: &World, state: &CallState) -> Event {
    let typed = asked(world, state).is_some_and(|(_, entry)| entry.asking == Asking::Digits && !entry.typed.is_empty());
    Event::Keys(Keys::parse(if typed { "*9" } else { "9" }))
}

/// What is typed where digits are asked for: each sort of entry. Where some were typed before, those that end it alone.
fn entries(wanted: Wanted, entry: Entry) -> Vec<Event> {
    let short = ["", "#", "*", "*#", "*9", "00000"];
    let mut typed: Vec<&str> = short.into();
    if entry.typed.is_empty() {
        typed.extend(["1", "9", "75", "97", "750", "15", "3114", "99", "A", "0#", "7#", "8#", "9#", "1#"]);
        typed.extend(["15#", "20#", "75#", "97#", "974#", "00#", "750#", "75*#", "75011#"]);
        typed.extend(engine::examples(wanted));
    }
    typed.into_iter().map(|keys| Event::Keys(Keys::parse(keys))).chain([Event::Silence]).collect()
}

fn events(world: &World, state: &CallState) -> Vec<Event> {
    if let Some((wanted, entry)) = asked(world, state)
        && entry.asking == Asking::Digits
    {
        return entries(wanted, entry);
    }
    match state.phase {
        Phase::Reserving | Phase::LastHope => {
            Outcome::ALL.into_iter().chain([Outcome::Partly(1)]).map(Event::Done).collect()
        }
        Phase::Ringing => {
            let mut ends: Vec<Transfer> = DialOutcome::ALL.map(Transfer::of).into();
            for known in [false, true] {
                let answered = Transfer::of(DialOutcome::Completed);
                ends.push(Transfer { accepted: Some(known), ..answered });
                ends.push(Transfer { bridged: Some(known), ..answered });
            }
            // What a provider may send instead of an outcome.
            ends.into_iter().map(Event::TransferEnded).chain([Event::Silence]).collect()
        }
        _ => {
            let keys = Key::ALL.into_iter().map(|key| Event::Keys(key.into()));
            keys.chain([Event::Silence, Event::Keys(Keys::default())]).collect()
        }
    }
}
