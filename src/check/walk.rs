//! The exhaustive walk: every state that a call can come to, with every key, silence, and outcome of every transfer.
//!
//! Two states are the same where nothing that leads anywhere differs: what was said once does not count; of the way
//! behind a caller only its last step does, and only as long as nothing failed (a failure leads to the same from wherever
//! the caller came). The time stands still in a walk, and there is one for each moment at which the line differs; the
//! bound of the call is walked by tests of its own. What it proves: never an empty answer, never a hang-up that was not
//! chosen, urgent help one key away, and a caller who never presses comes to the gentle end.

use std::collections::{HashSet, VecDeque};

use crate::{
    call::{
        CallState, DialOutcome, Event, Key, Keys, Lang, NodeId, Outcome, Pace, PartId, Phase, Spot, Step, Transfer,
        Verb,
    },
    diagnostic::Diagnostic,
    engine::{self, Kind, Now, World},
    flow::Flow,
};

/// A silent caller has come to the end after so many events, and what is dictated on the way, or never will.
const MOST_SILENCES: usize = 80;

/// Events of a silent caller who hears all that is dictated, each phrase as often as it is said.
fn dictated(world: &World) -> usize {
    let documents = world.nodes().filter_map(|node| match &node.kind {
        Kind::Read(document) if document.dictation => Some(document.parts.len()),
        _ => None,
    });
    documents.sum::<usize>() * (1 + usize::from(engine::MOST_REPEATS))
}

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
    let mut whole = Walk { states: 0, steps: 0, findings: Vec::new() };
    for now in world.moments() {
        let walk = walk_at(world, now);
        whole.states += walk.states;
        whole.steps += walk.steps;
        whole.findings.extend(walk.findings);
    }
    whole.findings.sort_by_key(|finding| (finding.node, finding.what));
    whole.findings.dedup();
    whole
}

fn walk_at(world: &World, now: Now) -> Walk {
    let mut walker = Walker {
        world,
        now,
        seen: HashSet::new(),
        ends: HashSet::new(),
        todo: VecDeque::new(),
        findings: HashSet::new(),
        steps: 0,
        most_silences: MOST_SILENCES + dictated(world),
    };
    walker.arrive(engine::begin(world, &walker.now), None);
    for lang in [None, world.langs.first().copied()] {
        walker.arrive(engine::recover(world, lang, &Event::Silence, &walker.now), None);
    }
    while let Some(state) = walker.todo.pop_front() {
        for event in events(&state) {
            let step = engine::step(world, state.clone(), &event, &walker.now);
            walker.steps += 1;
            walker.arrive(step, Some((&state, &event)));
        }
        walker.urgent_help(&state);
        walker.silent_caller(&state);
    }
    Walk { states: walker.seen.len(), steps: walker.steps, findings: walker.findings.into_iter().collect() }
}

/// What tells states apart.
#[derive(PartialEq, Eq, Hash)]
struct Sort {
    node: NodeId,
    part: PartId,
    awaits: NodeId,
    phase: Phase,
    lang: Option<Lang>,
    pace: Pace,
    repeats: u8,
    failures: u8,
    flags: [bool; 4],
    behind: Option<Spot>,
}

impl Sort {
    fn of(state: &CallState) -> Sort {
        Sort {
            node: state.node,
            part: state.part,
            awaits: state.awaits,
            phase: state.phase,
            lang: state.lang,
            pace: state.pace,
            repeats: state.repeats,
            failures: state.failures,
            flags: [state.pressed, state.answered, state.ladder_answered, state.by_ladder],
            behind: state.back.last().copied().filter(|_| state.failures == 0),
        }
    }
}

struct Walker<'w> {
    world: &'w World,
    now: Now,
    seen: HashSet<Sort>,
    /// From these a silent caller comes to the end.
    ends: HashSet<CallState>,
    todo: VecDeque<CallState>,
    findings: HashSet<Finding>,
    steps: usize,
    most_silences: usize,
}

impl Walker<'_> {
    fn find(&mut self, node: NodeId, what: &'static str) {
        self.findings.insert(Finding { node, what });
    }

    fn arrive(&mut self, step: Step, from: Option<(&CallState, &Event)>) {
        match step {
            Step::Do { state, .. } => self.remember(state),
            Step::Answer { state, verbs, .. } => {
                let node = from.map_or(state.node, |(before, _)| before.node);
                match verbs.last() {
                    Some(Verb::Hangup) => {
                        if !from.is_some_and(|(before, event)| self.is_end(before) && *event == Event::Silence) {
                            self.find(node, "the call is ended without a goodbye");
                        }
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
                        self.remember(state);
                    }
                    Some(Verb::Dial(_)) => self.remember(state),
                    Some(Verb::Say(_)) | None => self.find(node, "the answer leads nowhere"),
                }
            }
        }
    }

    fn remember(&mut self, mut state: CallState) {
        state.turn = 0;
        let behind = state.back.len().saturating_sub(1);
        state.back.drain(..behind);
        if self.seen.insert(Sort::of(&state)) {
            self.todo.push_back(state);
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

    fn urgent_help(&mut self, state: &CallState) {
        let Some(nine) = Key::from_char('9') else { return };
        let Step::Answer { state: after, verbs, .. } =
            engine::step(self.world, state.clone(), &Event::Keys(nine.into()), &self.now)
        else {
            return self.find(state.node, "key 9 does not lead to urgent help");
        };
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
    fn silent_caller(&mut self, state: &CallState) {
        let mut at = state.clone();
        let mut way = Vec::new();
        for _ in 0..self.most_silences {
            if self.ends.contains(&at) {
                self.ends.extend(way);
                return;
            }
            way.push(at.clone());
            let event = match at.phase {
                Phase::Place | Phase::Ending => Event::Silence,
                Phase::Reserving => Event::Done(Outcome::Reserved),
                Phase::Ringing => Event::TransferEnded(Transfer { outcome: DialOutcome::NoAnswer, talked: None }),
            };
            match engine::step(self.world, at, &event, &self.now) {
                Step::Answer { verbs, .. } if verbs.last() == Some(&Verb::Hangup) => {
                    self.ends.extend(way);
                    return;
                }
                Step::Answer { state, .. } | Step::Do { state, .. } => at = state,
            }
            at.turn = 0;
        }
        self.find(state.node, "a caller who presses nothing goes round for ever");
    }
}

fn events(state: &CallState) -> Vec<Event> {
    match state.phase {
        Phase::Place | Phase::Ending => {
            let keys = Key::ALL.into_iter().map(|key| Event::Keys(key.into()));
            keys.chain([Event::Silence, Event::Keys(Keys::default())]).collect()
        }
        Phase::Reserving => {
            [Outcome::Reserved, Outcome::Full, Outcome::Unreachable, Outcome::Unknown].map(Event::Done).into()
        }
        Phase::Ringing => {
            let ends = DialOutcome::ALL.map(|outcome| Event::TransferEnded(Transfer { outcome, talked: None }));
            // What a provider may send instead of an outcome.
            ends.into_iter().chain([Event::Silence]).collect()
        }
    }
}
