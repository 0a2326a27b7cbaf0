//! What a listener can't hold or should not hear: long sentences, prompts and menus, words that we do not say or explain,
//! danger without help, numbers that no marker reads, old translations. Warnings, each silenced by a written reason in the head of the
//! script: `allow: { sentence-length: "why" }`. One file per concern; `text` finds sentences and words where they stand.

mod choices;
mod depth;
mod expression;
mod foreign;
mod hard;
mod heard;
mod lengths;
mod numbers;
mod recordings;
mod sentences;
mod text;
mod translations;
mod urgent;
mod web;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use text::Text;

use crate::{
    call::Lang,
    diagnostic::Diagnostic,
    engine::{Loaded, Phrase},
    flow::{Flow, Kind},
    script::{Language, Script, Words},
};

/// What a reason in the head of a script can silence.
const CODES: [&str; 16] = [
    "banned-word",
    "choice-ends",
    "foreign-phrase",
    "menu-depth",
    "menu-length",
    "plain-number",
    "prompt-length",
    "recording-old",
    "recording-unstamped",
    "sentence-length",
    "sentence-mean",
    "translation-old",
    "translation-unstamped",
    "unexplained-word",
    "urgent-help-first",
    "web-only",
];

/// One script with what is known of it.
struct Read<'a> {
    lang: Lang,
    id: &'a str,
    script: &'a Script,
    words: &'a Language,
    /// The words that its language watches.
    watched: &'a Words,
    /// It names a choice: the program says its key behind it.
    is_choice: bool,
    /// It is said for a time.
    is_notice: bool,
    text: Text,
}

/// A finding, and the script whose head may silence it.
struct Found<'a> {
    script: &'a Script,
    diagnostic: Diagnostic,
}

impl Read<'_> {
    fn warn(&self, code: &'static str, message: String, span: std::ops::Range<usize>, help: &str) -> Found<'_> {
        let place = crate::diagnostic::Place { file: self.script.file.clone(), span };
        Found { script: self.script, diagnostic: Diagnostic::warning(code, message).at(place).help(help) }
    }
}

pub(super) fn check(loaded: &Loaded, flow: &Flow) -> Vec<Diagnostic> {
    let choices = choices_of(flow);
    let no_words = Words::default();
    let mut read = Vec::new();
    for (lang, scripts) in &loaded.scripts.scripts {
        let Some(words) = loaded.scripts.languages.get(lang) else { continue };
        let watched = loaded.scripts.words.get(lang).unwrap_or(&no_words);
        for (id, script) in scripts {
            let text = Text::read(script, *lang, words, &loaded.scripts.facts, loaded.lines.as_ref());
            let is_choice = choices.contains(id.as_str());
            read.push(Read { lang: *lang, id, script, words, watched, is_choice, is_notice: false, text });
        }
    }
    let notices = notices(loaded, &no_words);
    let (rows, urgent_help) = (heard::rows(flow), heard::urgent_help(flow));
    let mut by_id: BTreeMap<Lang, BTreeMap<&str, &Read<'_>>> = BTreeMap::new();
    for script in &read {
        by_id.entry(script.lang).or_default().insert(script.id, script);
    }
    let mut found = Vec::new();
    for script in &read {
        found.extend(sentences::check(script));
        found.extend(sentences::mean(script));
        found.extend(words::check(script));
        let Some(all) = by_id.get(&script.lang) else { continue };
        found.extend(hard::check(script, all, &rows));
        found.extend(urgent::check(script, all, &rows, &urgent_help));
        found.extend(web::check(script));
        found.extend(foreign::check(script, &loaded.scripts.words));
        found.extend(translations::check(script, &loaded.scripts, flow.first_language()));
        found.extend(recordings::check(script, &loaded.scripts));
        found.extend(numbers::check(script, loaded.lines.as_ref()));
        found.extend(choices::check(script));
    }
    for notice in &notices {
        found.extend(sentences::check(notice));
        found.extend(sentences::mean(notice));
        found.extend(words::check(notice));
        found.extend(hard::check(notice, &BTreeMap::new(), &[]));
        found.extend(web::check(notice));
        found.extend(foreign::check(notice, &loaded.scripts.words));
        found.extend(numbers::check(notice, loaded.lines.as_ref()));
    }
    found.extend(depth::menus(&loaded.scripts, flow));
    if let Some(world) = &loaded.world {
        found.extend(lengths::prompts(&read, flow, world));
        found.extend(lengths::menus(&loaded.scripts, flow, world));
    }
    let vain: Vec<Diagnostic> =
        read.iter().flat_map(|read| in_vain(read.script, &found, &|code| is_judged(loaded, read.lang, code))).collect();
    let not_allowed = |found: &Found<'_>| !is_allowed(found.script, found.diagnostic.code);
    let mut found: Vec<Diagnostic> = found.into_iter().filter(not_allowed).map(|found| found.diagnostic).collect();
    // A menu that stands too deep is found once a language.
    found.dedup();
    found.extend(vain);
    found
}

/// The words of notices. They have no head that could silence anything, and no original.
fn notices<'a>(loaded: &'a Loaded, no_words: &'a Words) -> Vec<Read<'a>> {
    let scripts = &loaded.scripts;
    let all = scripts.notices.iter().flat_map(|(lang, of)| of.iter().map(|(id, script)| (*lang, id, script)));
    let read = all.filter_map(|(lang, id, script)| {
        let words = scripts.languages.get(&lang)?;
        let watched = scripts.words.get(&lang).unwrap_or(no_words);
        let text = Text::read(script, lang, words, &scripts.facts, loaded.lines.as_ref());
        Some(Read { lang, id, script, words, watched, is_choice: false, is_notice: true, text })
    });
    read.collect()
}

fn is_allowed(script: &Script, code: &str) -> bool {
    script.front.allow.iter().any(|(name, reason)| name.as_str() == code && !reason.trim().is_empty())
}

/// Whether this was looked for at all: how long things last is known of a world only, words of a language with its list.
fn is_judged(loaded: &Loaded, lang: Lang, code: &str) -> bool {
    match code {
        "menu-length" | "prompt-length" => loaded.world.is_some(),
        "banned-word" | "foreign-phrase" | "unexplained-word" | "urgent-help-first" | "web-only" => {
            loaded.scripts.words.contains_key(&lang)
        }
        _ => true,
    }
}

/// What is allowed and is not there, or for no reason.
fn in_vain(script: &Script, found: &[Found<'_>], is_judged: &dyn Fn(&str) -> bool) -> Vec<Diagnostic> {
    let mut vain = Vec::new();
    for (name, reason) in &script.front.allow {
        let used = || {
            !is_judged(name)
                || found.iter().any(|f| std::ptr::eq(f.script, script) && f.diagnostic.code == name.as_str())
        };
        let (message, help) = if !CODES.contains(&name.as_str()) {
            (format!("`{}` is nothing that a script can allow", **name), format!("one of: {}", CODES.join(", ")))
        } else if reason.trim().is_empty() {
            (format!("`{}` is allowed without a reason", **name), "write why, in a few words".to_owned())
        } else if !used() {
            (format!("`{}` is allowed, and there is none here", **name), "remove it from the head".to_owned())
        } else {
            continue;
        };
        vain.push(Diagnostic::warning("allow-in-vain", message).at(name.place(&script.file)).help(help));
    }
    vain
}

/// The scripts that name a choice, and end where the program goes on with the key.
fn choices_of(flow: &Flow) -> BTreeSet<&str> {
    let mut choices = BTreeSet::from([Phrase::READ_PREVIOUS, Phrase::READ_PERSON]);
    for node in flow.nodes.values() {
        match &node.kind {
            Kind::Menu(menu) => choices.extend(menu.keys.values().map(|choice| choice.say.as_str())),
            Kind::Read(read) => {
                choices.insert(read.end.say.as_str());
            }
            _ => {}
        }
    }
    choices
}
