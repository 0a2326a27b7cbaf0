//! One turn: what is gathered while one event is answered. The other files of the engine give it its methods.

use super::{Now, Phrase, Said, World, place::LAST_MOMENT};
use crate::call::{CallState, Digits, E164, Fact, Listen, NodeId, Pace, Phase, Prompt, Speech, Step, Verb};
use std::sync::Arc;

pub(super) struct Turn<'w> {
    pub(super) world: &'w World,
    pub(super) state: CallState,
    pub(super) now: Now,
    pub(super) prompts: Vec<Prompt>,
    pub(super) facts: Vec<Fact>,
    /// Speak this answer slowly, whatever pace the caller chose.
    pub(super) slowly: bool,
    /// The title of the menu has just been said in other words.
    pub(super) untitled: bool,
    /// After a failure the choices are what counts: the words that led to them are not said again.
    pub(super) choices_only: bool,
    /// Of a part of a document only what is dictated is said, and what follows it.
    pub(super) dictated_only: bool,
    /// The bound of the call does not strike in this answer.
    pub(super) unbound: bool,
    /// The arrival is being left: the notices are said before the place where the caller comes to wait.
    pub(super) arriving: bool,
    /// The caller comes to the place that is being spoken, and neither comes back to it nor hears it again.
    pub(super) coming: bool,
    /// The keys that make an answer at the place that is being spoken.
    pub(super) digits: Digits,
}

impl<'w> Turn<'w> {
    pub(super) fn new(world: &'w World, state: CallState, now: Now) -> Turn<'w> {
        Turn {
            world,
            state,
            now,
            prompts: Vec::with_capacity(8),
            facts: Vec::new(),
            slowly: false,
            untitled: false,
            choices_only: false,
            dictated_only: false,
            unbound: false,
            arriving: false,
            coming: false,
            digits: Digits::One,
        }
    }

    /// The first turn of a call, to the number `called` if that is known.
    pub(super) fn beginning(world: &'w World, called: Option<&E164>, now: &Now) -> Turn<'w> {
        let called = called.and_then(|number| world.called(number));
        let mut state = CallState::new(now.minute, world.roles.start);
        state.first = called.and_then(|called| called.first);
        state.lang = called.and_then(|called| called.lang);
        let mut turn = Turn::new(world, state, *now);
        turn.facts.push(Fact::Began);
        turn
    }

    pub(super) fn pace(&self) -> Pace {
        if self.slowly { Pace::Slow } else { self.state.pace }
    }

    pub(super) fn speak(&mut self, speech: &Arc<Speech>) {
        // R6: a hand writes slowly, whatever the ear is used to.
        let pace = if speech.dictated.is_some() && speech.recorded.is_none() { Pace::Slow } else { self.pace() };
        self.prompts.push(Prompt { speech: speech.clone(), pace });
    }

    /// Says it in the caller's language; while none is chosen, in every one.
    pub(super) fn say(&mut self, said: &Said) {
        match self.position_of_language() {
            Some(position) => self.speak_all(&said.0[position]),
            None => said.0.iter().for_each(|speeches| self.speak_all(speeches)),
        }
    }

    /// Says it in the caller's language; while none is chosen, in the first one.
    pub(super) fn say_once(&mut self, said: &Said) {
        self.speak_all(self.words_once(said));
    }

    /// The words that `say_once` says.
    pub(super) fn words_once<'s>(&self, said: &'s Said) -> &'s [Arc<Speech>] {
        &said.0[self.position_of_language().unwrap_or(0)]
    }

    pub(super) fn speak_all(&mut self, speeches: &[Arc<Speech>]) {
        speeches.iter().for_each(|speech| self.speak(speech));
    }

    pub(super) fn phrase(&mut self, phrase: Phrase) {
        let world = self.world;
        self.say(world.phrase(phrase));
    }

    /// While no language is chosen: how to get the other ones, each in its own voice.
    pub(super) fn language_hints(&mut self) {
        if self.position_of_language().is_none() {
            let world = self.world;
            world.phrase(Phrase::LanguageHint).0.iter().skip(1).for_each(|speeches| self.speak_all(speeches));
        }
    }

    fn position_of_language(&self) -> Option<usize> {
        // A language that a reload has removed is as good as none.
        self.state.lang.and_then(|lang| self.world.langs.iter().position(|l| *l == lang))
    }

    /// Speaks what was gathered and listens for keys.
    pub(super) fn listen(mut self, wait: u8) -> Step {
        let verb = self.listening(wait);
        self.answer(vec![verb])
    }

    /// What was gathered, and a wait for keys.
    pub(super) fn listening(&mut self, wait: u8) -> Verb {
        Verb::Listen(Listen { prompts: std::mem::take(&mut self.prompts), wait, digits: self.digits })
    }

    pub(super) fn answer(mut self, verbs: Vec<Verb>) -> Step {
        self.state.turn = self.state.turn.saturating_add(1);
        Step::Answer { state: self.state, verbs, facts: self.facts }
    }

    /// The call is over: nothing can be said.
    pub(super) fn nothing(self) -> Step {
        self.answer(Vec::new())
    }

    /// K1: the last words of an `end` node are a place like any other; only the silence after them hangs up.
    pub(super) fn goodbye(mut self, id: NodeId, said: &Said) -> Step {
        self.say(said);
        self.facts.push(Fact::SaidGoodbye(id));
        self.state.node = id;
        self.state.awaits = id;
        self.state.keymap = self.world.node(id).map_or(0, |node| node.keymap);
        self.state.phase = Phase::Place;
        self.listen(LAST_MOMENT)
    }
}
