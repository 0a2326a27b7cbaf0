//! What the line has promised to say is said, in every language, and in pieces that a listener can hold.

use std::collections::BTreeSet;

use allo_cmp::{
    call::{Lang, Piece, Reading, Speech},
    check::{check, coverage},
    engine::{Kind, Said, World},
    script::{Script, Scripts},
};

use crate::line::{SHIPPED, TODAY};

/// A part of a document lasts so many seconds at most (R7).
const PART_SECONDS: f32 = 20.0;
/// A sentence has so many words at most.
const SENTENCE_WORDS: usize = 15;
/// What its last character may be.
const SENTENCE_ENDS: [char; 3] = ['.', '?', '!'];

fn shipped() -> (&'static World, &'static Scripts) {
    (SHIPPED.world.as_ref().unwrap(), &SHIPPED.scripts)
}

/// The words of a piece of speech, counted as its seconds are.
fn words(text: &str) -> usize {
    let words = text.split(|c: char| c.is_whitespace() || c == '-');
    words.filter(|word| word.contains(char::is_alphanumeric)).count()
}

/// The sentences of what is said in one language: a switch of voices ends none, a rest does.
fn sentences(speeches: &[&Speech]) -> Vec<String> {
    let mut text = String::new();
    for speech in speeches {
        if speech.dictated.is_some() {
            // One sentence, whatever signs stand in it.
            text.push_str(&format!("\n{}\n", speech.written().replace(SENTENCE_ENDS, "")));
            continue;
        }
        for piece in &speech.pieces {
            match piece {
                Piece::Text(words) | Piece::Spelled { spoken: words, .. } => text.push_str(words),
                Piece::Pause(_) => text.push('\n'),
            }
        }
        text.push(' ');
    }
    let ends = |c: char| c == '\n' || SENTENCE_ENDS.contains(&c);
    text.split(ends).map(|sentence| sentence.trim().to_owned()).filter(|sentence| words(sentence) > 0).collect()
}

/// Every script that a document says, with the name of the document, and whether it is a part.
fn spoken(world: &World) -> Vec<(&str, &Said, bool)> {
    let documents = world.nodes().filter_map(|node| match &node.kind {
        Kind::Read(document) => Some((&*node.name, document)),
        _ => None,
    });
    let spoken = documents.flat_map(|(name, document)| {
        let parts = document.parts.iter().map(move |(_, said)| (name, said, true));
        let around = [&document.title, &document.begins].into_iter().chain(&document.end_choices);
        parts.chain(around.map(move |said| (name, said, false)))
    });
    spoken.collect()
}

#[test]
fn every_item_of_the_sources_is_carried_in_every_language_or_left_out_with_a_reason() {
    let items = coverage(&SHIPPED).expect("the line comes with sources.yaml");
    let ids: BTreeSet<&str> = items.iter().map(|item| item.id.as_str()).collect();
    for number in 1..=31 {
        assert!(ids.contains(format!("S2.{number}").as_str()), "S2.{number}");
    }
    let missing: Vec<&str> = items.iter().filter(|item| item.is_missing()).map(|item| item.id.as_str()).collect();
    assert!(missing.is_empty(), "no script that callers hear carries {}", missing.join(", "));
}

#[test]
fn a_script_has_the_same_sources_in_every_language() {
    let (_, scripts) = shipped();
    let french = &scripts.scripts[&Lang::FR];
    for (lang, others) in &scripts.scripts {
        for (name, Script { front, .. }) in others {
            // A few scripts are needed in one language only: what is spoken on a line that does not speak it.
            let Some(french) = french.get(name) else { continue };
            assert_eq!(front.sources, french.front.sources, "{name} in `{lang}`");
        }
    }
}

#[test]
fn nothing_in_the_shipped_line_is_warned_of() {
    let loaded = &*SHIPPED;
    let found = check(loaded, TODAY).into_iter();
    let found: Vec<String> = found.map(|found| found.render(false)).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
    for lang in loaded.scripts.languages.keys() {
        let words = loaded.scripts.words.get(lang).unwrap_or_else(|| panic!("`{lang}` has no words.yaml"));
        let sections = [words.not_said.len(), words.explained.len(), words.urgent_first.len(), words.common.len()];
        assert!(sections.iter().all(|section| *section > 10), "`{lang}`: a section of words.yaml is empty");
        assert!(!words.web.words.is_empty() && !words.web.ways.is_empty(), "`{lang}` does not watch websites");
    }
}

#[test]
fn a_part_is_short_and_so_are_its_sentences() {
    let (world, _) = shipped();
    let spoken = spoken(world);
    assert!(spoken.iter().filter(|(_, _, is_part)| *is_part).count() >= 26);
    let mut wrong = Vec::new();
    for (document, said, is_part) in spoken {
        for (position, lang) in world.langs.iter().enumerate() {
            // What is dictated counts once.
            let once = said.language(position).iter().filter(|speech| speech.dictated != Some(Reading::InGroups));
            let speeches: Vec<&Speech> = once.map(AsRef::as_ref).collect();
            let seconds: f32 = speeches.iter().map(|speech| speech.seconds()).sum();
            if is_part && seconds > PART_SECONDS {
                wrong.push(format!("{document} in `{lang}`: {seconds:.1} s: {}", sentences(&speeches).join(". ")));
            }
            for sentence in sentences(&speeches).iter().filter(|sentence| words(sentence) > SENTENCE_WORDS) {
                wrong.push(format!("{document} in `{lang}`: {} words: {sentence}", words(sentence)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
