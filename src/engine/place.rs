//! How a place is reached and spoken: words that lead on and the node behind them are one place, in one answer.

use super::{Phrase, condition::Asked, find::Spoken, turn::Turn, world::Kind};
use crate::call::{Event, Fact, MAX_BACK, MAX_HEARD, NodeId, Pace, PartId, Phase, Progress, Spot, Step, Verb};

/// Seconds of waiting for a key.
pub(super) const WAIT: u8 = 6;
/// After the second failure in a row.
pub(super) const LONG_WAIT: u8 = 8;
/// After a goodbye, before the line hangs up.
pub(super) const LAST_MOMENT: u8 = 1;
/// Where silence has a meaning of its own: before a transfer, in urgent help.
pub(super) const SHORT_WAIT: u8 = 4;
/// After dictated words, to write them down.
pub(super) const DICTATION_WAIT: u8 = 15;

impl Turn<'_> {
    /// A caller goes from the present place to `target`; `#` will lead back here.
    pub(super) fn go(mut self, target: NodeId) -> Step {
        if self.state.node != target {
            self.leave_mark();
        }
        self.enter(target)
    }

    /// `#` will lead back to the present place.
    pub(super) fn leave_mark(&mut self) {
        let chain = Progress::of_state(&self.state);
        let here = Spot { node: self.state.node, part: chain.map_or(self.state.part, Progress::part) };
        if self.state.back.last() != Some(&here) {
            if self.state.back.len() == MAX_BACK {
                self.state.back.remove(0);
            }
            self.state.back.push(here);
        }
    }

    /// A caller arrives at `target`.
    pub(super) fn enter(mut self, target: NodeId) -> Step {
        self.coming = true;
        self.come_back(Spot { node: target, part: PartId::BEGINNING })
    }

    /// A caller comes back to where they were: to the same part of a document.
    pub(super) fn come_back(mut self, spot: Spot) -> Step {
        self.facts.push(Fact::Reached(spot.node));
        self.stand_at(spot);
        self.place(WAIT)
    }

    /// The present place is this one, yet unspoken.
    pub(super) fn stand_at(&mut self, spot: Spot) {
        self.state.node = spot.node;
        self.state.part = spot.part;
        self.state.phase = Phase::Place;
        self.reset_chain();
        if let Some(progress) = Progress::of(spot.part) {
            self.resume_chain(progress);
        }
    }

    /// The present place again.
    pub(super) fn again(self) -> Step {
        self.place(WAIT)
    }

    /// Speaks the present place and listens. `wait` where the place does not say better.
    pub(super) fn place(mut self, wait: u8) -> Step {
        let world = self.world;
        if self.state.phase.is_in_chain()
            && let Some(node) = world.node(self.state.node)
            && let Kind::Transfer { chain, .. } = &node.kind
        {
            return self.chain_place(node, chain);
        }
        let mut calling = self.state.phase == Phase::BeforeCentre;
        self.state.phase = Phase::Place;
        if !self.dictated_only {
            self.state.repeats = 0;
        }
        self.state.by_ladder &= self.is_unchosen_transfer();
        // The caller was told that a person comes next: the bound of the call waits until that is done.
        self.unbound |= self.state.by_ladder;
        self.state.node = self.behind_words_said_once(self.state.node);
        let mut id = self.state.node;
        // At most as many steps as nodes: `check` refuses words that lead round in a circle.
        for _ in 0..=world.nodes.len() {
            let Some(mut node) = world.node(id) else { break };
            if self.arriving
                && !matches!(node.kind, Kind::Say { .. })
                && let Some(first) = self.arrived().and_then(|first| world.node(first))
            {
                node = first;
                id = node.id;
            }
            self.state.awaits = id;
            self.state.keymap = node.keymap;
            match &node.kind {
                Kind::Say { scripts, then, once, every_language } => {
                    if !(self.choices_only || *once && self.heard(id)) {
                        self.words(scripts, *every_language);
                        self.told(node);
                        if *once {
                            self.hear(id);
                        }
                    }
                    id = *then;
                }
                Kind::Choose(when, otherwise) => {
                    let asked = Asked::new(&self.state, self.now, &world.zone, world.call_is_free);
                    id = when.iter().find(|(condition, _)| condition.holds(&asked)).map_or(*otherwise, |(_, go)| *go);
                }
                Kind::Read(document) => {
                    let wait = self.part(node, document);
                    self.language_hints();
                    return self.bounded(wait);
                }
                Kind::Ask(ask) => {
                    self.speak_ask(node, ask);
                    self.told(node);
                    self.language_hints();
                    return self.bounded(wait);
                }
                Kind::Find(find) => match self.speak_find(node, find, calling) {
                    Spoken::Page => {
                        self.told(node);
                        self.language_hints();
                        return self.bounded(wait.max(LONG_WAIT));
                    }
                    Spoken::Announced => {
                        self.told(node);
                        return self.bounded(SHORT_WAIT);
                    }
                    Spoken::On(target) => {
                        self.facts.push(Fact::Reached(target));
                        self.choices_only = false;
                        calling = false;
                        id = self.behind_words_said_once(target);
                        self.state.node = id;
                        self.state.part = PartId::BEGINNING;
                    }
                },
                Kind::Menu { intro, choices, once, silence } => {
                    if let Some(intro) = intro.as_ref().filter(|_| !self.untitled) {
                        self.say_once(intro);
                    }
                    for choice in choices {
                        self.say_once(&choice.said);
                    }
                    if let Some(once) = once.as_ref().filter(|_| !self.heard(id)) {
                        self.say_once(once);
                        self.hear(id);
                    }
                    self.told(node);
                    self.language_hints();
                    let wait = silence.as_ref().map_or(wait, |(after, _)| *after);
                    return self.bounded(wait);
                }
                Kind::Language { .. } => {
                    self.languages(node);
                    return self.bounded(wait);
                }
                Kind::Transfer { chain, failed, .. } => {
                    if self.announce(chain) {
                        return self.bounded(SHORT_WAIT);
                    }
                    if self.state.by_ladder {
                        return self.in_vain();
                    }
                    // Nobody can be called now: what follows is said at once.
                    if *failed == world.roles.numbers {
                        self.phrase(Phrase::NumbersTwice);
                    }
                    self.facts.push(Fact::Reached(*failed));
                    // The caller did not call for it.
                    self.coming = false;
                    self.choices_only = false;
                    id = self.behind_words_said_once(*failed);
                    self.state.node = id;
                }
                Kind::End { say } => {
                    self.told(node);
                    return self.goodbye(id, say);
                }
            }
        }
        // Only a world that `check` refuses comes here: never silence, all the same.
        let verbs = self.apology(0);
        self.answer(verbs)
    }

    fn words(&mut self, scripts: &[super::Said], every_language: bool) {
        for (i, said) in scripts.iter().enumerate() {
            if i == 0 || every_language { self.say(said) } else { self.say_once(said) }
        }
    }

    /// A place that begins with words said once is, from the second time on, the place behind them.
    pub(super) fn behind_words_said_once(&self, mut id: NodeId) -> NodeId {
        while let Some(Kind::Say { then, once: true, .. }) = self.world.node(id).map(|node| &node.kind)
            && self.heard(id)
        {
            id = *then;
        }
        id
    }

    pub(super) fn heard(&self, id: NodeId) -> bool {
        self.state.heard.contains(&id)
    }

    pub(super) fn hear(&mut self, id: NodeId) {
        if !(self.heard(id) || self.cut_short()) {
            if self.state.heard.len() == MAX_HEARD {
                self.state.heard.remove(0);
            }
            self.state.heard.push(id);
        }
    }

    /// The place, or the token, is gone: 9 is obeyed, else an apology and the main menu.
    pub(super) fn lost(mut self, event: &Event) -> Step {
        self.facts.push(Fact::Lost);
        match event {
            Event::Ended | Event::Connected => return self.nothing(),
            Event::Keys(keys) if keys.first().is_some_and(super::is_urgent) => {
                self.state.node = self.world.roles.main_menu;
                return self.urgent();
            }
            _ => {}
        }
        self.unbound = true;
        self.phrase(Phrase::Fault);
        let main_menu = self.world.roles.main_menu;
        self.enter(main_menu)
    }

    /// The spoken failure answer. Needs nothing of the call but its language.
    pub(super) fn apology(&mut self, round: u8) -> Vec<Verb> {
        let world = self.world;
        self.phrase(Phrase::Fault);
        if round < 3 {
            self.numbers_once();
            return vec![self.listening(WAIT)];
        }
        self.numbers();
        if let Some(Kind::End { say }) = world.node(world.roles.gentle_end).map(|node| &node.kind) {
            self.say(say);
        }
        vec![Verb::Say(std::mem::take(&mut self.prompts)), Verb::Hangup]
    }

    /// The numbers as they are read when nobody can be reached: the whole node, which says them twice.
    pub(super) fn numbers(&mut self) {
        if let Some(Kind::Say { scripts, .. }) = self.world.node(self.world.roles.numbers).map(|node| &node.kind) {
            for said in scripts {
                self.say(said);
            }
        }
    }

    fn numbers_once(&mut self) {
        if let Some(Kind::Say { scripts, .. }) = self.world.node(self.world.roles.numbers).map(|node| &node.kind)
            && let Some(first) = scripts.first()
        {
            self.say(first);
        }
    }

    /// 7: slower, and again normal.
    pub(super) fn change_pace(mut self) -> Step {
        let (pace, phrase) = match self.state.pace {
            Pace::Normal => (Pace::Slow, Phrase::Slower),
            Pace::Slow => (Pace::Normal, Phrase::NormalPace),
        };
        self.state.pace = pace;
        self.phrase(phrase);
        self.again()
    }
}
