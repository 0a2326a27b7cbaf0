//! What each goal costs a caller: the fewest keys, and the seconds until it is heard, found by a search over the engine.
//!
//! The caller hears every answer until the key that they want is named in their language, and presses it at once. Keys
//! that mean the same everywhere, or in every document, are known from the first time that they were heard. Silence is
//! listening: it counts no key, and leads on only where it is no failure. The first of the ways is the one with the
//! fewest keys, and among those the quickest one. What may be missed at most stands in `goals.yaml`.

use std::collections::HashMap;

use serde::Serialize;

use super::search::{Found, Place, Reached, Search};
use crate::{
    call::{CallState, E164, Lang, NodeId, PartId},
    diagnostic::{self, Diagnostic},
    engine::{Kind, Loaded, Said, World},
    files::nearest,
    flow::{self, Flow, From, MOST_KEYS},
    script::Scripts,
};

/// Goals, what they cost, and the pairs between which there is no way.
#[derive(Debug)]
pub struct Goals {
    /// By goal, then by language.
    pub ways: Vec<Way>,
    /// "in `fr`, no way leads from `privacy` to `numbers`".
    pub apart: Vec<String>,
    /// The aims that are missed, each at its goal.
    pub missed: Vec<Diagnostic>,
    /// What is missed for callers of one of several numbers, each at its number.
    pub missed_by_number: Vec<Diagnostic>,
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

/// One goal, and how far it may be.
pub(super) struct Goal<'w> {
    name: String,
    /// The words that it begins with: of a transfer, those for whoever is called first.
    pub(super) said: Vec<&'w Said>,
    keys: usize,
    seconds: Option<f32>,
    from: From,
    /// Whether it is what key 9 leads to.
    is_urgent: bool,
    place: Option<diagnostic::Place>,
}

impl Goal<'_> {
    /// What is missed of its aim.
    fn missed(&self, way: &Way) -> Option<Diagnostic> {
        let (cost, from) = match self.from {
            From::Answer => (&way.from_answer, "the answer of the call"),
            From::Language => (&way.from_language, "the key of the language"),
        };
        let begin = format!("`{}` in `{}`", self.name, way.lang);
        let key_9 = (self.is_urgent && self.from == From::Answer).then(|| {
            let lang = way.lang;
            format!("key 9 isn't named in `{lang}` before that: say it under `intro` of the node where the call begins, as in `- {{ {lang}: arrival/emergency }}`")
        });
        let (message, help) = match cost {
            None => (
                format!("{begin}: no way leads there"),
                key_9.unwrap_or_else(|| "let a menu lead there, and name its key in the caller's language".to_owned()),
            ),
            Some(cost) if cost.keys > self.keys => (
                format!("{begin} is {} keys from {from}: {}", cost.keys, cost.pressed),
                key_9
                    .unwrap_or_else(|| format!("{} at most: let a menu nearer to the beginning lead there", self.keys)),
            ),
            Some(cost) => {
                let most = self.seconds.filter(|most| cost.seconds > *most)?;
                (
                    format!("{begin} is heard {:.1} seconds after {from}", cost.seconds),
                    format!(
                        "{most} at most: shorten what is said before, or say its key sooner; or allow more `seconds`: each language that is offered adds some"
                    ),
                )
            }
        };
        let missed = Diagnostic::error("goal-missed", message).help(help);
        Some(match &self.place {
            Some(place) => missed.at(place.clone()),
            None => missed,
        })
    }
}

/// Searches every goal in every language. `None` where the line can't be served.
pub fn goals(loaded: &Loaded) -> Option<Goals> {
    let (flow, world) = (loaded.flow.as_ref()?, loaded.world.as_ref()?);
    let goals = all(flow, world);
    let mut found = Goals { ways: Vec::new(), apart: Vec::new(), missed: Vec::new(), missed_by_number: Vec::new() };
    for (position, lang) in world.langs.iter().copied().enumerate() {
        let words = loaded.scripts.languages.get(&lang)?;
        let search = Search::new(world, flow, (position, lang), words, &goals);
        let from_answer = search.run(search.answer()?);
        let from_language = search.language_chosen().map(|start| search.run(start)).unwrap_or_default();
        for (index, goal) in goals.iter().enumerate() {
            let cost = |found: &Found| found.get(index).and_then(Option::as_ref).map(Reached::cost);
            found.ways.push(Way {
                goal: goal.name.clone(),
                lang,
                from_answer: cost(&from_answer),
                from_language: cost(&from_language),
            });
        }
        found.apart.extend(apart(&search, &goals, &from_language, lang));
    }
    let order: HashMap<&str, usize> = goals.iter().enumerate().map(|(i, goal)| (goal.name.as_str(), i)).collect();
    found.ways.sort_by_key(|way| order.get(way.goal.as_str()));
    let goal_of = |way: &Way| order.get(way.goal.as_str()).map(|index| &goals[*index]);
    found.missed = found.ways.iter().filter_map(|way| goal_of(way)?.missed(way)).collect();
    found.missed_by_number = by_number(loaded, flow, world, &goals, &found.ways);
    Some(found)
}

/// What is missed for callers of one number: every goal that others reach (`ways`) is reached, and what is counted from the answer is near enough.
/// How far the others are from where that number leads is the operator's wish.
fn by_number(loaded: &Loaded, flow: &Flow, world: &World, goals: &[Goal<'_>], ways: &[Way]) -> Vec<Diagnostic> {
    let mut missed = Vec::new();
    let Some(written) = &flow.called else { return missed };
    for name in written.value.keys() {
        let Ok(number) = name.parse::<E164>() else { continue };
        let own = world.called(&number).and_then(|called| called.lang);
        let langs = world.langs.iter().copied().enumerate();
        for (position, lang) in langs.filter(|(_, lang)| own.is_none_or(|own| own == *lang)) {
            let Some(words) = loaded.scripts.languages.get(&lang) else { continue };
            let search = Search::new(world, flow, (position, lang), words, goals).calling(&number);
            let found = search.answer().map(|start| search.run(start)).unwrap_or_default();
            for (index, goal) in goals.iter().enumerate() {
                let cost = found.get(index).and_then(Option::as_ref).map(Reached::cost);
                let is_usual = |way: &Way| way.goal == goal.name && way.lang == lang && way.from_answer.is_some();
                let is_judged = if cost.is_some() { goal.from == From::Answer } else { ways.iter().any(is_usual) };
                if !is_judged {
                    continue;
                }
                let way = Way { goal: goal.name.clone(), lang, from_answer: cost.clone(), from_language: cost };
                missed.extend(goal.missed(&way).map(|found| {
                    let message = format!("for callers of this number, {}", found.message);
                    Diagnostic { message, place: Some(name.place(&written.file)), ..found }
                }));
            }
        }
    }
    missed
}

/// The pairs between which there is no way. Key 0 leads from everywhere to the main menu: what is reached from there is
/// searched once for each state of a call in which a goal comes there, and most come there in the same one. Only where
/// something is not reached in this way is the place of the goal searched itself.
fn apart(search: &Search<'_>, goals: &[Goal<'_>], reached: &Found, lang: Lang) -> Vec<String> {
    let mut from_main: HashMap<CallState, Vec<bool>> = HashMap::new();
    let mut apart = Vec::new();
    let all = |place: Place| search.run(place).iter().map(Option::is_some).collect::<Vec<bool>>();
    for (from, reached) in goals.iter().zip(reached) {
        let Some(Reached { place, .. }) = reached else { continue };
        let by_main = search.main_menu(place).is_some_and(|main| {
            from_main.entry(main.state.clone()).or_insert_with(|| all(main)).iter().all(|reached| *reached)
        });
        if by_main {
            continue;
        }
        // Key 0 leads away from every place: here the caller knows the keys that mean the same everywhere.
        let mut all_known = place.clone();
        all_known.known = u16::MAX;
        let onward = all(all_known);
        let missing = goals.iter().zip(onward).filter(|(_, reached)| !reached);
        apart.extend(missing.map(|(to, _)| format!("in `{lang}`, no way leads from `{}` to `{}`", from.name, to.name)));
    }
    apart
}

/// Every goal: the roles that people call for, the documents, and what `goals.yaml` names.
fn all<'w>(flow: &Flow, world: &'w World) -> Vec<Goal<'w>> {
    let roles = [world.roles.urgent_help, world.roles.listener, world.roles.numbers];
    let mut known: Vec<&str> = roles.into_iter().filter_map(|id| Some(&*world.node(id)?.name)).collect();
    let mut documents: Vec<&str> =
        world.nodes().filter(|node| matches!(node.kind, Kind::Read(_))).map(|node| &*node.name).collect();
    documents.sort_unstable();
    known.extend(documents);
    let named = || flow.goals.iter().flat_map(|goals| goals.value.goals.iter().map(move |goal| (goals, goal)));
    let of_file = |(goals, (name, goal)): (&crate::files::Located<flow::Goals>, (&crate::files::Name, &flow::Goal))| {
        Some(Goal {
            name: name.to_string(),
            said: first_words(flow, world, &goal.at)?,
            keys: goal.keys,
            seconds: goal.seconds,
            from: goal.from,
            is_urgent: world.node(NodeId::of(&goal.at)).is_some_and(|node| node.id == world.roles.urgent_help),
            place: Some(name.place(&goals.file)),
        })
    };
    let mut goals = Vec::new();
    for node in &known {
        let before = goals.len();
        goals.extend(named().filter(|(_, (_, goal))| goal.at.as_str() == *node).filter_map(of_file));
        if goals.len() == before
            && let Some(said) = first_words(flow, world, node)
        {
            let place = flow.nodes.get(*node).map(|node| node.place.clone());
            let name = (*node).to_owned();
            goals.push(Goal {
                name,
                said,
                keys: MOST_KEYS,
                seconds: None,
                from: From::Language,
                is_urgent: false,
                place,
            });
        }
    }
    goals.extend(named().filter(|(_, (_, goal))| !known.contains(&goal.at.as_str())).filter_map(of_file));
    goals
}

/// The first words of a node, or the words of a script that a node says.
fn first_words<'w>(flow: &Flow, world: &'w World, at: &str) -> Option<Vec<&'w Said>> {
    match world.node(NodeId::of(at)) {
        Some(node) => begins_with(&node.kind),
        None => flow.nodes.values().find_map(|node| said_by(node, at, world)).map(|said| vec![said]),
    }
}

fn begins_with(kind: &Kind) -> Option<Vec<&Said>> {
    let one = match kind {
        Kind::Transfer { chain, .. } => return Some(chain.attempts.iter().map(|attempt| &attempt.first).collect()),
        Kind::Say { scripts, .. } => scripts.first(),
        Kind::Menu { intro, choices, .. } => intro.as_ref().or_else(|| choices.first().map(|choice| &choice.said)),
        Kind::Read(document) => Some(&document.title),
        Kind::End { say } => Some(say),
        Kind::Ask(ask) => Some(&ask.say),
        Kind::Find(find) => Some(&find.key_call),
        Kind::Choose(..) | Kind::Language { .. } => None,
    };
    one.map(|said| vec![said])
}

/// The words of `script`, where `node` says it as a part or among its scripts.
fn said_by<'w>(node: &flow::Node, script: &str, world: &'w World) -> Option<&'w Said> {
    match (&node.kind, &world.node(NodeId::of(&node.name))?.kind) {
        (flow::Kind::Say(say), Kind::Say { scripts, .. }) => {
            scripts.get(say.scripts.iter().position(|name| name.as_str() == script)?)
        }
        (flow::Kind::Read(_), Kind::Read(document)) => {
            document.parts.iter().find(|(id, _)| *id == PartId::of(script)).map(|(_, said)| said)
        }
        _ => None,
    }
}

/// Names in `goals.yaml` that mean nothing.
pub(super) fn unknown_names(flow: &Flow, written: &Scripts) -> Vec<Diagnostic> {
    let Some(goals) = flow.goals.as_ref().filter(|_| flow.is_whole()) else { return Vec::new() };
    let mut found = Vec::new();
    for name in &goals.value.uncounted {
        found.extend(super::doors::unknown(flow, name).map(|unknown| unknown.at(name.place(&goals.file))));
    }
    let scripts = flow.nodes.values().flat_map(|node| match &node.kind {
        flow::Kind::Say(say) => say.scripts.iter(),
        flow::Kind::Read(read) => read.parts.iter(),
        _ => [].iter(),
    });
    let silent = |node: &flow::Node| matches!(node.kind, flow::Kind::Choose(_) | flow::Kind::Language(_));
    let nodes = flow.nodes.values().filter(|node| !silent(node)).map(|node| node.name.as_str());
    let scripts = scripts.map(|name| written.plain_name(name).unwrap_or(name));
    let known: Vec<&str> = nodes.chain(scripts).collect();
    for goal in goals.value.goals.values().filter(|goal| !known.contains(&goal.at.as_str())) {
        let (message, help) = if flow.nodes.contains_key(goal.at.as_str()) {
            let message = format!("`{}` says nothing by itself", *goal.at);
            (message, "name the node that it leads to".to_owned())
        } else {
            let help = "a goal is a node, a part of a document, or a script of a `say` node".to_owned();
            let near = nearest(&goal.at, known.iter().copied());
            let help = near.map_or(help, |near| format!("did you mean `{near}`?"));
            (format!("no place of the line is called `{}`, and none says it", *goal.at), help)
        };
        found.push(Diagnostic::error("unknown-goal", message).at(goal.at.place(&goals.file)).help(help));
    }
    found
}
