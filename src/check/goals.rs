//! What each goal costs a caller: the fewest keys, and the seconds until it is heard, found by a search over the engine.
//!
//! The caller hears every answer until the key that they want is named in their language, and presses it at once. Keys
//! that mean the same everywhere, or in every document, are known from the first time that they were heard. Silence is
//! listening: it counts no key, and leads on only where it is no failure. The first of the ways is the one with the
//! fewest keys, and among those the quickest one.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap, HashSet},
    rc::Rc,
    sync::Arc,
};

use serde::Serialize;

use crate::{
    call::{CallState, Event, Key, Lang, Listen, PartId, Phase, Speech, Step, UniversalKey, Verb},
    engine::{self, Kind, Loaded, Now, Said, World},
    flow,
    script::Language,
};

/// What people call for beside documents, urgent help and a listener: the scripts that say it first.
const LISTED: [&str; 5] =
    ["documents/no-card", "documents/no-papers", "privacy/what-we-keep", "about/who", "help/keys"];

/// From the moment when a caller knows the key to the first word of the answer.
const KEY_MS: u32 = 300;

/// Goals, what they cost, and the pairs between which there is no way.
#[derive(Debug)]
pub struct Goals {
    /// By goal, then by language.
    pub ways: Vec<Way>,
    /// "in `fr`, no way leads from `privacy` to `numbers`".
    pub apart: Vec<String>,
}

/// What one goal costs in one language.
#[derive(Clone, Debug, Serialize)]
pub struct Way {
    /// The node, or the script of a part.
    pub goal: String,
    /// The language of the caller.
    pub lang: Lang,
    /// Counted from the answer of the call; nothing where no way leads there.
    pub from_answer: Option<Cost>,
    /// Counted from the key of the language.
    pub from_language: Option<Cost>,
}

/// Keys and seconds.
#[derive(Clone, Debug, Serialize)]
pub struct Cost {
    /// How many keys are pressed.
    pub keys: usize,
    /// Which ones, a blank between two of them.
    pub pressed: String,
    /// Seconds until the first word is heard, in whichever voice: before a language is chosen they follow each other.
    pub seconds: f32,
    /// Seconds until the first word is heard in the caller's own language.
    pub seconds_own: f32,
}

/// Searches every goal in every language. `None` where the line can't be served.
pub fn goals(loaded: &Loaded) -> Option<Goals> {
    let (flow, world) = (loaded.flow.as_ref()?, loaded.world.as_ref()?);
    let goals = all(flow, world);
    let mut found = Goals { ways: Vec::new(), apart: Vec::new() };
    for (position, lang) in world.langs.iter().copied().enumerate() {
        let words = loaded.scripts.languages.get(&lang)?;
        let search = Search { world, lang, position, words, goals: &goals };
        let from_answer = search.run(search.answer()?);
        let from_language = search.language_chosen().map(|start| search.run(start)).unwrap_or_default();
        for (name, _) in &goals {
            found.ways.push(Way {
                goal: name.clone(),
                lang,
                from_answer: from_answer.get(name.as_str()).map(Reached::cost),
                from_language: from_language.get(name.as_str()).map(Reached::cost),
            });
        }
        for (from, reached) in &from_language {
            // Key 0 leads away from every place: here the caller knows the keys that mean the same everywhere.
            let onward = search.run(Place { known: u16::MAX, ..reached.place.clone() });
            let missing = goals.iter().filter(|(name, _)| !onward.contains_key(name.as_str()));
            found.apart.extend(missing.map(|(to, _)| format!("in `{lang}`, no way leads from `{from}` to `{to}`")));
        }
    }
    let order = |way: &Way| goals.iter().position(|(name, _)| *name == way.goal);
    found.ways.sort_by_key(order);
    Some(found)
}

/// Every goal, with the words that it begins with.
fn all<'w>(flow: &flow::Flow, world: &'w World) -> Vec<(String, &'w Said)> {
    let roles = [world.roles.urgent_help, world.roles.listener, world.roles.numbers];
    let of_roles = roles.into_iter().filter_map(|id| {
        let node = world.node(id)?;
        Some((node.name.clone(), begins_with(&node.kind)?))
    });
    let mut goals: Vec<(String, &Said)> = of_roles.collect();
    let mut documents: Vec<_> = world.nodes().filter(|node| matches!(node.kind, Kind::Read(_))).collect();
    documents.sort_by(|a, b| a.name.cmp(&b.name));
    goals.extend(documents.iter().filter_map(|node| Some((node.name.clone(), begins_with(&node.kind)?))));
    for script in LISTED {
        let said = flow.nodes.values().find_map(|node| said_by(node, script, world));
        goals.extend(said.map(|said| (script.to_owned(), said)));
    }
    goals
}

fn begins_with(kind: &Kind) -> Option<&Said> {
    match kind {
        Kind::Say { scripts, .. } => scripts.first(),
        Kind::Menu { intro, choices, .. } => intro.as_ref().or_else(|| choices.first().map(|choice| &choice.said)),
        Kind::Read(document) => Some(&document.title),
        Kind::Transfer { say, .. } | Kind::End { say } => Some(say),
        Kind::Choose(..) | Kind::Language { .. } => None,
    }
}

/// The words of `script`, where `node` says it as a part or among its scripts.
fn said_by<'w>(node: &flow::Node, script: &str, world: &'w World) -> Option<&'w Said> {
    match (&node.kind, &world.node(crate::call::NodeId::of(&node.name))?.kind) {
        (flow::Kind::Say(say), Kind::Say { scripts, .. }) => {
            scripts.get(say.scripts.iter().position(|name| name.as_str() == script)?)
        }
        (flow::Kind::Read(_), Kind::Read(document)) => {
            document.parts.iter().find(|(id, _)| *id == PartId::of(script)).map(|(_, said)| said)
        }
        _ => None,
    }
}

/// Somewhere in a call: what is being said, and what the caller has learnt and done so far.
#[derive(Clone)]
struct Place {
    pressed: String,
    keys: usize,
    ms: u32,
    state: CallState,
    /// The keys that the caller has heard of, a bit each.
    known: u16,
    listen: Rc<Listen>,
}

/// A goal that was heard, so many milliseconds after the start: in any voice, and in the caller's own language.
struct Reached {
    place: Place,
    ms: u32,
    own_ms: u32,
}

impl Reached {
    fn cost(&self) -> Cost {
        #[expect(clippy::cast_precision_loss, reason = "no call lasts long enough")]
        let [seconds, seconds_own] = [self.ms, self.own_ms].map(|ms| ms as f32 / 1000.0);
        Cost { keys: self.place.keys, pressed: self.place.pressed.clone(), seconds, seconds_own }
    }
}

struct Search<'w> {
    world: &'w World,
    lang: Lang,
    /// Of the language among those of the world.
    position: usize,
    words: &'w Language,
    goals: &'w [(String, &'w Said)],
}

impl<'w> Search<'w> {
    fn answer(&self) -> Option<Place> {
        self.place(engine::begin(self.world, &NOW), String::new(), 0, 0, 0)
    }

    /// The caller has just pressed the key of their language.
    fn language_chosen(&self) -> Option<Place> {
        let answer = self.answer()?;
        let key = match &self.world.node(answer.state.awaits)?.kind {
            Kind::Language { choices, .. } => choices.iter().find(|(_, lang, _)| *lang == self.lang)?.0,
            _ => return None,
        };
        let known = answer.listen.prompts.iter().fold(0, |known, prompt| known | self.named(&prompt.speech));
        let step = engine::step(self.world, answer.state, &Event::Keys(key.into()), &NOW);
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
        Some(Place { pressed, keys, ms, state, known, listen: Rc::new(listen) })
    }

    /// The cheapest way to each goal.
    fn run(&self, start: Place) -> BTreeMap<&'w str, Reached> {
        let start = Place { pressed: String::new(), keys: 0, ms: 0, ..start };
        let mut reached: BTreeMap<&str, Reached> = BTreeMap::new();
        let mut seen = HashSet::new();
        let mut todo = BinaryHeap::from([Reverse((0, 0, 0))]);
        let mut places = vec![start];
        while let Some(Reverse((_, _, index))) = todo.pop() {
            let place = places[index].clone();
            if !seen.insert((place.state.clone(), place.known)) {
                continue;
            }
            self.hear(&place, &mut reached);
            for next in self.next(&place) {
                todo.push(Reverse((next.keys, next.ms, places.len())));
                places.push(next);
            }
        }
        reached
    }

    fn hear(&self, place: &Place, reached: &mut BTreeMap<&'w str, Reached>) {
        for (name, said) in self.goals {
            let own = said.language(self.position).first();
            let Some(own_ms) = begins(&place.listen, |speech| own.is_some_and(|own| Arc::ptr_eq(own, speech))) else {
                continue;
            };
            let in_any = begins(&place.listen, |speech| said.all().any(|said| Arc::ptr_eq(said, speech)));
            let (ms, own_ms) = (place.ms + in_any.unwrap_or(own_ms), place.ms + own_ms);
            let is_better = |known: &Reached| (place.keys, ms) < (known.place.keys, known.ms);
            if reached.get(name.as_str()).is_none_or(is_better) {
                reached.insert(name, Reached { place: place.clone(), ms, own_ms });
            }
        }
    }

    /// Where each key leads that the caller knows or hears of, and silence.
    fn next(&self, place: &Place) -> Vec<Place> {
        let mut next = Vec::new();
        for key in Key::ALL {
            if let Some((ms, known)) = self.when(place, key) {
                let step = engine::step(self.world, place.state.clone(), &Event::Keys(key.into()), &NOW);
                let blank = if place.pressed.is_empty() { "" } else { " " };
                let pressed = format!("{}{blank}{}", place.pressed, key.to_char());
                next.extend(self.place(step, pressed, place.keys + 1, place.ms + ms + KEY_MS, known));
            }
        }
        if place.state.phase == Phase::Place {
            let ms: u32 = place.listen.prompts.iter().map(|prompt| milliseconds(&prompt.speech)).sum();
            let wait = u32::from(place.listen.wait) * 1000;
            let known = place.listen.prompts.iter().fold(place.known, |known, said| known | self.named(&said.speech));
            let step = engine::step(self.world, place.state.clone(), &Event::Silence, &NOW);
            next.extend(self.place(step, place.pressed.clone(), place.keys, place.ms + ms + wait, known));
        }
        // Failures and their ladder are no way that anybody means to go.
        next.retain(|next| next.state.failures == 0);
        next
    }

    /// Milliseconds into the answer until the caller can press `key`, and the keys that are known by then.
    fn when(&self, place: &Place, key: Key) -> Option<(u32, u16)> {
        let in_document = matches!(self.world.node(place.state.awaits).map(|node| &node.kind), Some(Kind::Read(_)));
        let lasting = match UniversalKey::of(key) {
            Some(meaning) => matches!(meaning, UniversalKey::Urgent | UniversalKey::Main),
            None => in_document,
        };
        if UniversalKey::of(key).is_some() && !lasting {
            return None;
        }
        let bit = bit(key);
        if lasting && place.known & bit != 0 {
            return Some((0, place.known));
        }
        let (mut ms, mut known) = (0, place.known);
        for prompt in &place.listen.prompts {
            let named = self.named(&prompt.speech);
            ms += milliseconds(&prompt.speech);
            known |= named;
            if named & bit != 0 {
                return Some((ms, known));
            }
        }
        None
    }

    /// The keys that these words name to a caller of this language.
    fn named(&self, speech: &Speech) -> u16 {
        if speech.lang != self.lang {
            return 0;
        }
        let text = speech.written();
        let is_named = |key: &Key| {
            let key = key.to_char();
            text.contains(&self.words.press(key)) || text.contains(&self.words.key(key))
        };
        Key::ALL.into_iter().filter(is_named).fold(0, |named, key| named | bit(key))
    }
}

/// The time stands still, as in the walk.
const NOW: Now = Now { minute: 0 };

/// Milliseconds into the answer until the first speech that `is_it`.
fn begins(listen: &Listen, is_it: impl Fn(&Arc<Speech>) -> bool) -> Option<u32> {
    let position = listen.prompts.iter().position(|prompt| is_it(&prompt.speech))?;
    Some(listen.prompts[..position].iter().map(|prompt| milliseconds(&prompt.speech)).sum())
}

fn bit(key: Key) -> u16 {
    Key::ALL.iter().position(|known| *known == key).map_or(0, |position| 1 << position)
}

fn milliseconds(speech: &Speech) -> u32 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "seconds of speech are few")]
    let ms = (speech.seconds() * 1000.0).round() as u32;
    ms
}
