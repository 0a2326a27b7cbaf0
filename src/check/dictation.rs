//! What is dictated: in documents that wait for the hand that writes, and the same words in every language.

use std::collections::BTreeMap;

use crate::{
    call::Lang,
    diagnostic::{Diagnostic, Place},
    engine::Phrase,
    flow::{Flow, Kind},
    script::{DICTATED_IN, Script, Scripts},
};

pub(super) fn check(flow: &Flow, scripts: &Scripts) -> Vec<Diagnostic> {
    let mut found = elsewhere(flow, scripts);
    found.extend(without(flow, scripts));
    found.extend(differs(scripts));
    found
}

/// Phrases that something else says than a document that waits for them.
fn elsewhere(flow: &Flow, scripts: &Scripts) -> Vec<Diagnostic> {
    let mut said_by: BTreeMap<&str, String> = Phrase::scripts().map(|id| (id, "the program itself".into())).collect();
    for node in flow.nodes.values() {
        let names = match &node.kind {
            Kind::Read(read) if read.pace.is_some() => vec![&read.title, &read.end.say],
            _ => node.scripts(),
        };
        said_by.extend(names.into_iter().map(|name| (name.as_str(), format!("`{}`", node.name))));
    }
    let of_scripts = scripts.scripts.values().flatten().filter_map(|(id, script)| {
        let announced = || id.starts_with("speaks/").then(|| "an announcement".to_owned());
        Some((said_by.get(id.as_str()).cloned().or_else(announced)?, script))
    });
    let of_notices = scripts.notices.values().flatten().map(|(_, script)| ("a notice".to_owned(), script));
    let mut found = Vec::new();
    for (by, script) in of_scripts.chain(of_notices) {
        for dictated in script.dictated() {
            let place = Place { file: script.file.clone(), span: dictated.span.clone() };
            let message = format!("{by} says this phrase, and does not wait until it is written down");
            let help = "dictate in the parts of a document with `pace: dictation`, in scripts that nothing else says";
            found.push(Diagnostic::error("dictation-elsewhere", message).at(place).help(help));
        }
    }
    found
}

/// Documents to write down, with nothing to write.
fn without(flow: &Flow, scripts: &Scripts) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for node in flow.nodes.values() {
        let Kind::Read(read) = &node.kind else { continue };
        let Some(pace) = read.pace.as_ref().filter(|_| !read.parts.is_empty()) else { continue };
        let in_languages = |id: &str| scripts.scripts.values().filter_map(|of| of.get(id)).collect::<Vec<_>>();
        let parts: Vec<_> = read.parts.iter().map(|name| in_languages(name)).collect();
        // A script that is missing or broken, and is said to be so, may hold it.
        let all_read = scripts.is_whole() && parts.iter().all(|part| !part.is_empty());
        if all_read && !parts.iter().flatten().any(|script| script.dictated().next().is_some()) {
            found.push(
                Diagnostic::error("no-dictation", format!("nothing is dictated in the document `{}`", node.name))
                    .at(node.at(pace))
                    .help("write {dictate: ...} in its parts, or remove `pace: dictation`"),
            );
        }
    }
    found
}

/// Translations that dictate something else.
fn differs(scripts: &Scripts) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (lang, translations) in &scripts.scripts {
        for (id, script) in translations {
            let first = scripts.scripts.iter().find(|(_, of)| of.contains_key(id)).map(|(first, _)| *first);
            let original = scripts.get(DICTATED_IN, id).map(|script| (DICTATED_IN, script));
            let original = original.or_else(|| first.and_then(|first| Some((first, scripts.get(first, id)?))));
            // Where the French script is broken, it is not known what it dictates.
            if let Some((first, original)) = original.filter(|_| !scripts.is_broken_script(DICTATED_IN, id)) {
                found.extend(difference((first, original), (*lang, script)));
            }
        }
    }
    found
}

/// The first difference.
fn difference((first, original): (Lang, &Script), (lang, script): (Lang, &Script)) -> Option<Diagnostic> {
    let (mut wanted, mut dictated) = (original.dictated(), script.dictated());
    let (message, place) = loop {
        break match (wanted.next(), dictated.next()) {
            (None, None) => return None,
            (Some(wanted), Some(said)) if wanted.text == said.text => continue,
            (Some(wanted), Some(said)) => (
                format!("`{lang}` dictates \"{}\" here, and `{first}` \"{}\"", said.text, wanted.text),
                Place { file: script.file.clone(), span: said.span.clone() },
            ),
            (None, Some(said)) => (
                format!("`{lang}` dictates \"{}\" here, and `{first}` does not", said.text),
                Place { file: script.file.clone(), span: said.span.clone() },
            ),
            (Some(wanted), None) => {
                (format!("`{lang}` does not dictate \"{}\", as `{first}` does", wanted.text), Place::top(&script.file))
            }
        };
    };
    let help = "what a caller writes down is the same in every language, sign by sign";
    Some(Diagnostic::error("dictation-differs", message).at(place).help(help))
}
