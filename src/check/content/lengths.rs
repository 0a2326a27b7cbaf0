//! Prompts and menus that last too long, in estimated seconds.

use std::{collections::BTreeSet, sync::Arc};

use super::{Found, Read};
use crate::{
    call::{NodeId, Piece, Reading, Speech},
    diagnostic::{Diagnostic, Place},
    engine::{self, Said, World},
    flow::{Flow, Kind, Node},
    script::Scripts,
};

/// What is said at once lasts so many seconds at most.
const MOST_PROMPT: f32 = 20.0;
/// The words of a menu with its choices, at its first hearing. The rests between them are where its listeners choose.
const MOST_MENU: f32 = 25.0;

pub(super) fn prompts<'a>(read: &'a [Read<'_>], flow: &Flow, world: &World) -> Vec<Found<'a>> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    for node in flow.nodes.values() {
        for (id, said) in spoken(node, world) {
            for script in read.iter().filter(|read| read.id == id) {
                let seconds = seconds(world.words(said, script.lang));
                if seconds > MOST_PROMPT && seen.insert((script.lang, id)) {
                    let first = script.text.sentences.first();
                    let span = first.map_or(script.script.body.clone(), |sentence| sentence.span.clone());
                    let message =
                        format!("this lasts {:.0} seconds: nobody listens to so much at once", seconds.ceil());
                    let help = "20 seconds at most, about 40 words: make two scripts of it, or two parts";
                    found.push(script.warn("prompt-length", message, span, help));
                }
            }
        }
    }
    found
}

/// The scripts that a node says in one go, and how they sound.
fn spoken<'a>(node: &'a Node, world: &'a World) -> Vec<(&'a str, &'a Said)> {
    let Some(ready) = world.node(NodeId::of(&node.name)) else { return Vec::new() };
    match (&node.kind, &ready.kind) {
        (Kind::Say(say), engine::Kind::Say { scripts, .. }) => {
            say.scripts.iter().map(|name| name.as_str()).zip(scripts).collect()
        }
        (Kind::Read(read), engine::Kind::Read(document)) => {
            let parts = read.parts.iter().map(|name| name.as_str()).zip(document.parts.iter().map(|(_, said)| said));
            parts.chain([(read.title.as_str(), &document.title)]).collect()
        }
        (Kind::Menu(menu), engine::Kind::Menu { intro, once, .. }) => {
            let intro = menu.intro.as_ref().map(|name| name.as_str()).zip(intro.as_ref());
            let once = menu.once.as_ref().map(|name| name.as_str()).zip(once.as_ref());
            intro.into_iter().chain(once).collect()
        }
        (Kind::Transfer(transfer), engine::Kind::Transfer { chain, .. }) => {
            chain.attempts.iter().map(|attempt| (transfer.say.as_str(), &attempt.first)).collect()
        }
        (Kind::Ask(ask), engine::Kind::Ask(ready)) => vec![(ask.say.as_str(), &ready.say)],
        (Kind::Find(find), engine::Kind::Find(ready)) => vec![(find.call.as_str(), &ready.call)],
        (Kind::End(end), engine::Kind::End { say }) => vec![(end.say.as_str(), say)],
        _ => Vec::new(),
    }
}

/// At the node. The script that begins the menu may give the reason.
pub(super) fn menus<'a>(scripts: &'a Scripts, flow: &Flow, world: &World) -> Vec<Found<'a>> {
    let mut found = Vec::new();
    for node in flow.nodes.values() {
        let Kind::Menu(menu) = &node.kind else { continue };
        let Some(engine::Kind::Menu { intro, choices, once, .. }) =
            world.node(NodeId::of(&node.name)).map(|node| &node.kind)
        else {
            continue;
        };
        let first = menu.intro.as_ref().or_else(|| menu.keys.values().next().map(|choice| &choice.say));
        for lang in &world.langs {
            let said = intro.iter().chain(choices.iter().map(|choice| &choice.said)).chain(once);
            let seconds: f32 = said.map(|said| without_rests(world.words(said, *lang))).sum();
            if let Some(script) = first.and_then(|name| scripts.get(*lang, name)).filter(|_| seconds > MOST_MENU) {
                let message = format!("`{}` lasts {:.0} seconds in `{lang}`", node.name, seconds.ceil());
                let help = "25 seconds at most: shorten its choices, or put some of them behind another menu";
                let place: Place = node.place.clone();
                let diagnostic = Diagnostic::warning("menu-length", message).at(place).help(help);
                found.push(Found { script, diagnostic });
            }
        }
    }
    found
}

/// What is dictated counts once.
fn seconds(speeches: &[Arc<Speech>]) -> f32 {
    speeches.iter().filter(|speech| speech.dictated != Some(Reading::InGroups)).map(|speech| speech.seconds()).sum()
}

/// A recording counts whole: its rests are part of it.
fn without_rests(speeches: &[Arc<Speech>]) -> f32 {
    let (recorded, spoken): (Vec<_>, Vec<_>) = speeches.iter().partition(|speech| speech.recorded.is_some());
    let pieces = spoken.iter().flat_map(|speech| &speech.pieces);
    let words = pieces.map(|piece| match piece {
        Piece::Text(words) | Piece::Spelled { spoken: words, .. } => Speech::seconds_of(words),
        Piece::Pause(_) => 0.0,
    });
    words.chain(recorded.iter().map(|speech| speech.seconds())).sum()
}
