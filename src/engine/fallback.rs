//! What is said when our server can't be reached at all: words without keys, one call, words again, the end.
//!
//! A provider performs it from a file, so nothing in it may come back to us: no wait for keys, nobody asked to accept, no
//! recording. Every language speaks, since none was chosen.

use std::sync::Arc;

use super::{Kind, Phrase, Said, World};
use crate::call::{Address, Dial, E164, Lang, Pace, Prompt, Speech, Target, Verb};

/// The verbs of the document for the fallback URL: spoken in `langs`, put through to `number`, which rings `ring` seconds.
pub fn fallback(world: &World, langs: &[Lang], number: &E164, ring: u8) -> Vec<Verb> {
    let (numbers, gentle) = (numbers(world), gentle(world));
    let mut before = Vec::new();
    for lang in langs {
        say(world, *lang, [Some(world.phrase(Phrase::Fault)), numbers], &mut before);
    }
    for lang in langs {
        say(world, *lang, [Some(world.phrase(Phrase::FallbackCall))], &mut before);
    }
    let to = Address::Number(number.clone());
    let targets = vec![Target { to, lang: langs.first().copied().unwrap_or(Lang::FR) }];
    let dial = Dial { targets, ring, accept: false, star_leaves: false };
    let mut after = Vec::new();
    for lang in langs {
        say(world, *lang, [Some(world.phrase(Phrase::FallbackAgain)), numbers], &mut after);
    }
    for lang in langs {
        say(world, *lang, [gentle], &mut after);
    }
    vec![Verb::Say(before), Verb::Dial(dial), Verb::Say(after), Verb::Hangup]
}

fn say<const N: usize>(world: &World, lang: Lang, words: [Option<&Said>; N], prompts: &mut Vec<Prompt>) {
    for speech in words.into_iter().flatten().flat_map(|said| world.words(said, lang)) {
        // A recording is fetched from us: its words take its place.
        let read: Vec<Arc<Speech>> = match &speech.recorded {
            Some(recorded) => recorded.words.iter().cloned().map(Arc::new).collect(),
            None => vec![speech.clone()],
        };
        prompts.extend(read.into_iter().map(|speech| Prompt { speech, pace: Pace::Normal }));
    }
}

/// The numbers of urgent help, once.
fn numbers(world: &World) -> Option<&Said> {
    match world.node(world.roles.numbers).map(|node| &node.kind) {
        Some(Kind::Say { scripts, .. }) => scripts.first(),
        _ => None,
    }
}

/// The last words of all.
fn gentle(world: &World) -> Option<&Said> {
    match world.node(world.roles.gentle_end).map(|node| &node.kind) {
        Some(Kind::End { say }) => Some(say),
        _ => None,
    }
}
