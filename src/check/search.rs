//! The search for the goals of a caller: over the engine, by the fewest keys, and among those by the seconds.
//!
//! What the caller knows of the keys, and when, stands in `goals`, which asks; here is how the ways are found.

use std::{
    cell::RefCell,
    cmp::Reverse,
    collections::{BinaryHeap, HashMap, HashSet},
    rc::Rc,
    sync::Arc,
};

use super::goals::{Cost, Goal};
use crate::{
    call::{Asking, CallState, E164, Entry, Event, Key, Keys, Lang, Listen, Phase, Speech, Step, UniversalKey, Verb},
    engine::{self, Kind, Now, Standing, World},
    flow::{Flow, Wanted},
    script::Language,
};

/// From the moment when a caller knows the key to the first word of the answer.
const KEY_MS: u32 = 300;

/// Somewhere in a call: what is being said, and what the caller has learnt and done so far.
#[derive(Clone)]
pub(super) struct Place {
    pressed: String,
    keys: usize,
    ms: u32,
    pub(super) state: CallState,
    /// The keys that the caller has heard of, a bit each.
    pub(super) known: u16,
    listen: Rc<Listen>,
}

/// A goal that was heard, so many milliseconds after the start: in any voice, and in the caller's own language.
pub(super) struct Reached {
    pub(super) place: Place,
    ms: u32,
    own_ms: u32,
}

impl Reached {
    pub(super) fn cost(&self) -> Cost {
        #[expect(clippy::cast_precision_loss, reason = "no call lasts long enough")]
        let [seconds, seconds_own] = [self.ms, self.own_ms].map(|ms| ms as f32 / 1000.0);
        Cost { keys: self.place.keys, pressed: self.place.pressed.clone(), seconds, seconds_own }
    }
}

/// Words, the keys that they name, and how many milliseconds they last.
type Known = (Arc<Speech>, u16, u32);

/// What was reached, by the position of the goal.
pub(super) type Found = Vec<Option<Reached>>;

pub(super) struct Search<'w> {
    world: &'w World,
    flow: &'w Flow,
    lang: Lang,
    goals: usize,
    /// The number that is called, if it matters.
    called: Option<&'w E164>,
    /// The time stands still, as in the walk: as many lines as possible are open.
    now: Now,
    /// The first words of goals, by where they lie in memory: the goal, and whether it is the caller's own language.
    begins: HashMap<*const Speech, Vec<(usize, bool)>>,
    /// Every key with its bit and the words that name it.
    keys: Vec<(u16, [String; 2])>,
    /// The keys that words name, and how long they last. Holds the words, so that no others come to lie in their place.
    known: RefCell<HashMap<*const Speech, Known>>,
}

impl<'w> Search<'w> {
    /// For a caller of the language that stands at `position` in the world.
    pub(super) fn new(
        world: &'w World,
        flow: &'w Flow,
        (position, lang): (usize, Lang),
        words: &Language,
        goals: &[Goal<'_>],
    ) -> Search<'w> {
        let mut begins: HashMap<*const Speech, Vec<(usize, bool)>> = HashMap::new();
        for (index, goal) in goals.iter().enumerate() {
            for said in &goal.said {
                let own = said.language(position).first().map(Arc::as_ptr);
                for speech in said.all().map(Arc::as_ptr) {
                    begins.entry(speech).or_default().push((index, own == Some(speech)));
                }
            }
        }
        let named = |key: Key| (bit(key), [words.press(key.to_char()), words.key(key.to_char())]);
        let keys = Key::ALL.into_iter().map(named).collect();
        Search {
            world,
            flow,
            lang,
            goals: goals.len(),
            called: None,
            now: world.open_moment(),
            begins,
            keys,
            known: RefCell::default(),
        }
    }

    /// The same, for those who call this number.
    pub(super) fn calling(self, number: &'w E164) -> Search<'w> {
        Search { called: Some(number), ..self }
    }

    /// Where key 0 leads, and everything onward from there, for callers who know the keys that mean the same everywhere.
    pub(super) fn main_menu(&self, place: &Place) -> Option<Place> {
        let zero = self.pressed(&place.state, Key::digit(0)?);
        let step = engine::step(self.world, place.state.clone(), &zero, &self.now);
        self.place(step, String::new(), 0, 0, u16::MAX)
    }

    pub(super) fn answer(&self) -> Option<Place> {
        self.place(engine::begin(self.world, self.called, &self.now), String::new(), 0, 0, 0)
    }

    /// The caller has just pressed the key of their language.
    pub(super) fn language_chosen(&self) -> Option<Place> {
        let answer = self.answer()?;
        let key = match &self.world.node(answer.state.awaits)?.kind {
            Kind::Language { choices, .. } => choices.iter().find(|(_, lang, _)| *lang == self.lang)?.0,
            _ => return None,
        };
        let known = answer.listen.prompts.iter().fold(0, |known, prompt| known | self.known(&prompt.speech).0);
        let step = engine::step(self.world, answer.state, &Event::Keys(key.into()), &self.now);
        self.place(step, String::new(), 0, 0, known)
    }

    /// Where a caller of this language is after `step`; nowhere if it calls, hangs up, or speaks another language.
    fn place(&self, step: Step, pressed: String, keys: usize, ms: u32, known: u16) -> Option<Place> {
        let Step::Answer { mut state, mut verbs, .. } = step else { return None };
        let Some(Verb::Listen(listen)) = verbs.pop() else { return None };
        if state.lang.is_some_and(|lang| lang != self.lang) {
            return None;
        }
        state.turn = 0;
        // `#` is not tried: a way back is no way to a goal.
        state.back.clear();
        // Behind a centre the line is the same as before: what was found is forgotten, or all of it would be searched again.
        if !matches!(self.world.node(state.awaits).map(|node| &node.kind), Some(Kind::Find(_))) {
            state.centre = None;
        }
        // In which order places were heard leads nowhere else.
        state.heard.sort_unstable();
        Some(Place { pressed, keys, ms, state, known, listen: Rc::new(listen) })
    }

    /// The cheapest way to each goal. Those that a line without a directory does not lead to are sought in one that has it.
    pub(super) fn run(&self, start: Place) -> Found {
        let mut reached = self.run_at(start.clone(), &self.now);
        if reached.iter().any(Option::is_none) {
            let others = self.run_at(start, &Now { directory: Standing::Ready, ..self.now });
            for (reached, other) in reached.iter_mut().zip(others) {
                *reached = reached.take().or(other);
            }
        }
        reached
    }

    fn run_at(&self, start: Place, now: &Now) -> Found {
        let start = Place { pressed: String::new(), keys: 0, ms: 0, ..start };
        let mut reached: Found = (0..self.goals).map(|_| None).collect();
        let mut seen = HashSet::new();
        let mut todo = BinaryHeap::from([Reverse((0, 0, 0))]);
        let mut places = vec![start];
        while let Some(Reverse((_, _, index))) = todo.pop() {
            let place = &places[index];
            if !seen.insert((place.state.clone(), place.known)) {
                continue;
            }
            self.hear(place, &mut reached);
            for next in self.next(place, now) {
                todo.push(Reverse((next.keys, next.ms, places.len())));
                places.push(next);
            }
        }
        reached
    }

    fn hear(&self, place: &Place, reached: &mut Found) {
        let mut ms = place.ms;
        // Of each goal: when it was heard in any voice.
        let mut heard: Vec<(usize, u32)> = Vec::new();
        for prompt in &place.listen.prompts {
            for (goal, is_own) in self.begins.get(&Arc::as_ptr(&prompt.speech)).into_iter().flatten() {
                let first = heard.iter().find(|(other, _)| other == goal).map(|(_, ms)| *ms);
                let in_any = first.unwrap_or_else(|| {
                    heard.push((*goal, ms));
                    ms
                });
                let is_better = |known: &Reached| (place.keys, in_any) < (known.place.keys, known.ms);
                if *is_own && reached[*goal].as_ref().is_none_or(is_better) {
                    reached[*goal] = Some(Reached { place: place.clone(), ms: in_any, own_ms: ms });
                }
            }
            ms += self.known(&prompt.speech).1;
        }
    }

    /// Where each key leads that the caller knows or hears of, and silence.
    fn next(&self, place: &Place, now: &Now) -> Vec<Place> {
        let mut next = Vec::new();
        let words: u32 = place.listen.prompts.iter().map(|prompt| self.known(&prompt.speech).1).sum();
        let all = place.listen.prompts.iter().fold(place.known, |known, said| known | self.known(&said.speech).0);
        for key in Key::ALL {
            if let Some((ms, known)) = self.when(place, key) {
                let event = self.pressed(&place.state, key);
                let step = engine::step(self.world, place.state.clone(), &event, now);
                let blank = if place.pressed.is_empty() { "" } else { " " };
                let counts = UniversalKey::of(key).is_some() || !self.is_uncounted(place);
                let shown = if counts { key.to_char().to_string() } else { format!("({})", key.to_char()) };
                let pressed = format!("{}{blank}{shown}", place.pressed);
                next.extend(self.place(step, pressed, place.keys + usize::from(counts), place.ms + ms + KEY_MS, known));
            }
        }
        if place.state.phase == Phase::Place {
            let wait = u32::from(place.listen.wait) * 1000;
            let step = engine::step(self.world, place.state.clone(), &Event::Silence, now);
            next.extend(self.place(step, place.pressed.clone(), place.keys, place.ms + words + wait, all));
        }
        if let Some(digits) = self.answer_in_digits(&place.state) {
            // They come on top of the keys: everyone knows their own, and has heard the question.
            let step = engine::step(self.world, place.state.clone(), &Event::Keys(Keys::parse(digits)), now);
            let ms = place.ms + words + KEY_MS * u32::try_from(digits.len()).unwrap_or(0);
            next.extend(self.place(step, format!("{} {digits}", place.pressed), place.keys, ms, all));
        }
        // Failures and their ladder are no way that anybody means to go.
        next.retain(|next| next.state.failures == 0);
        next
    }

    /// What is awaited where digits are asked for.
    fn asks_for(&self, state: &CallState) -> Option<Wanted> {
        match self.world.node(state.awaits).map(|node| &node.kind) {
            Some(Kind::Ask(ask)) if Entry::of(state.part).asking == Asking::Digits => Some(ask.wanted),
            _ => None,
        }
    }

    fn answer_in_digits(&self, state: &CallState) -> Option<&'static str> {
        self.asks_for(state)
            .filter(|_| Entry::of(state.part).typed.is_empty())
            .map(|wanted| engine::examples(wanted)[0])
    }

    /// A key with its usual meaning: where digits are asked for, `#` behind it makes it one (E5).
    fn pressed(&self, state: &CallState, key: Key) -> Event {
        match (self.asks_for(state), UniversalKey::of(key)) {
            (Some(_), Some(UniversalKey::Main)) => Event::Keys(Keys::parse(&format!("*{}#", key.to_char()))),
            _ => Event::Keys(key.into()),
        }
    }

    /// Whether the question that is asked here is one that everyone must answer.
    fn is_uncounted(&self, place: &Place) -> bool {
        self.world.node(place.state.awaits).is_some_and(|node| self.flow.is_uncounted(&node.name))
    }

    /// Milliseconds into the answer until the caller can press `key`, and the keys that are known by then.
    fn when(&self, place: &Place, key: Key) -> Option<(u32, u16)> {
        let in_document = matches!(self.world.node(place.state.awaits).map(|node| &node.kind), Some(Kind::Read(_)));
        let lasting = match UniversalKey::of(key) {
            Some(meaning) => matches!(meaning, UniversalKey::Urgent | UniversalKey::Main),
            None => in_document,
        };
        if UniversalKey::of(key).is_some() && !lasting
            || UniversalKey::of(key).is_none() && self.asks_for(&place.state).is_some()
        {
            return None;
        }
        let bit = bit(key);
        if lasting && place.known & bit != 0 {
            return Some((0, place.known));
        }
        let (mut ms, mut known) = (0, place.known);
        for prompt in &place.listen.prompts {
            let (named, lasts) = self.known(&prompt.speech);
            ms += lasts;
            known |= named;
            if named & bit != 0 {
                return Some((ms, known));
            }
        }
        None
    }

    /// The keys that these words name to a caller of this language, and how long they last.
    fn known(&self, speech: &Arc<Speech>) -> (u16, u32) {
        let mut known = self.known.borrow_mut();
        let (_, named, ms) = known.entry(Arc::as_ptr(speech)).or_insert_with(|| {
            let named = if speech.lang == self.lang { self.named(&speech.written()) } else { 0 };
            (speech.clone(), named, milliseconds(speech))
        });
        (*named, *ms)
    }

    fn named(&self, text: &str) -> u16 {
        let named = self.keys.iter().filter(|(_, words)| words.iter().any(|words| text.contains(words.as_str())));
        named.fold(0, |named, (bit, _)| named | bit)
    }
}

fn bit(key: Key) -> u16 {
    Key::ALL.iter().position(|known| *known == key).map_or(0, |position| 1 << position)
}

fn milliseconds(speech: &Speech) -> u32 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "seconds of speech are few")]
    let ms = (speech.seconds() * 1000.0).round() as u32;
    ms
}
