//! An operator's files: one file of a small line is any text. It is loaded and judged as `check` does, and every finding is
//! drawn; where the line can still be spoken, it is.

use std::{collections::BTreeMap, sync::LazyLock};

use allo_cmp::{
    call::Lang,
    check::lints,
    diagnostic::Diagnostic,
    engine::{self, Loaded, Now, Settings},
    files::Files,
    flow::Graph,
    script::{Speaker, stamped},
};
use jiff::civil::{Date, date};

const TODAY: Date = date(2026, 11, 21);

type Texts = BTreeMap<String, String>;

/// The line of the tests of `check`, with the words that the program says by itself: flows and scripts by name.
static SMALL: LazyLock<(Texts, Texts)> = LazyLock::new(|| {
    let texts: Texts = serde_saphyr::from_str(include_str!("../../../tests/check/minimal.yaml")).unwrap();
    let of = |folder: &str| {
        let texts = texts.iter().filter_map(|(name, text)| Some((name.strip_prefix(folder)?.to_owned(), text.clone())));
        texts.collect::<Texts>()
    };
    let (flows, mut scripts) = (of("flows/"), of("scripts/"));
    for file in Files::embedded_scripts().files {
        if file.name.contains("/phrases/") || file.name.contains("/speaks/") || file.name.ends_with("language.yaml") {
            scripts.insert(file.name, file.source.text.clone());
        }
    }
    (flows, scripts)
});

/// The files of a line that an input of `flows` can be, by its first byte.
pub(super) const FLOW_FILES: [(u8, &str); 9] = [
    (b'c', "chains.yaml"),
    (b'g', "goals.yaml"),
    (b'l', "lines.yaml"),
    (b'm', "main.yaml"),
    (b'n', "numbers.yaml"),
    (b'o', "notices.yaml"),
    (b'p', "people.yaml"),
    (b'r', "responders.yaml"),
    (b'u', "universal.yaml"),
];

/// The same of the scripts: without a folder it is written in each language.
pub(super) const SCRIPT_FILES: [(u8, &str); 8] = [
    (b'a', "announce.md"),
    (b'd', "numbers.md"),
    (b'f', "facts.yaml"),
    (b'h', "hours.yaml"),
    (b'k', "talk.md"),
    (b'l', "language.yaml"),
    (b's', "sources.yaml"),
    (b'w', "words.yaml"),
];

fn file_of(data: &[u8], files: &[(u8, &'static str)]) -> (&'static str, String) {
    let (kind, text) = data.split_first().unwrap_or((&0, &[]));
    let named = files.iter().find(|(byte, _)| byte == kind);
    let (_, name) = named.unwrap_or(&files[usize::from(*kind) % files.len()]);
    (name, String::from_utf8_lossy(text).into_owned())
}

/// The first byte chooses the file of the flows, the rest is its text.
pub(super) fn flows(data: &[u8]) {
    let (name, text) = file_of(data, &FLOW_FILES);
    let mut flows = SMALL.0.clone();
    flows.insert(name.to_owned(), text);
    judged(&flows, &SMALL.1);
}

/// The first byte chooses the file of the scripts, the rest is its text.
pub(super) fn scripts(data: &[u8]) {
    let (name, text) = file_of(data, &SCRIPT_FILES);
    let mut scripts = SMALL.1.clone();
    if matches!(name, "facts.yaml" | "sources.yaml") {
        scripts.insert(name.to_owned(), text.clone());
    } else {
        for lang in ["fr", "en"] {
            scripts.insert(format!("{lang}/{name}"), text.clone());
        }
    }
    // What a stamp writes into the head of a script is read from it.
    if let Some(stamped) = stamped(&text, "0123456789abcdef").filter(|_| name.ends_with(".md")) {
        assert!(stamped.contains("0123456789abcdef"), "{stamped:?}");
    }
    let loaded = judged(&SMALL.0, &scripts);
    for (lang, words) in &loaded.scripts.languages {
        let speaker = Speaker::new(*lang, words, &loaded.scripts.facts);
        for script in loaded.scripts.scripts.get(lang).into_iter().flatten().map(|(_, script)| script) {
            for speech in speaker.speech(script) {
                let seconds = speech.seconds();
                assert!(seconds.is_finite() && seconds >= 0.0, "{seconds}");
            }
        }
    }
}

fn judged(flows: &Texts, scripts: &Texts) -> Loaded {
    let files = |texts: &Texts| Files::from_texts(texts.iter().map(|(name, text)| (name.as_str(), text.as_str())));
    let loaded = Loaded::new(&files(flows), &files(scripts), &Settings::default());
    lints(&loaded, TODAY).iter().for_each(drawn);
    if let Some(flow) = &loaded.flow {
        let graph = Graph::new(flow, |script| script.to_owned());
        assert!(!graph.dot().is_empty() && !graph.mermaid().is_empty());
    }
    if let Some(world) = &loaded.world {
        // A world that was made can be spoken from every place.
        for node in world.nodes() {
            let mut state = allo_cmp::call::CallState::new(0, node.id);
            state.awaits = node.id;
            for lang in [None, Some(Lang::FR), Some(Lang::EN)] {
                state.lang = lang.filter(|lang| world.langs.contains(lang));
                let _ = engine::step(world, state.clone(), &allo_cmp::call::Event::Silence, &Now::at(0));
            }
        }
    }
    loaded
}

/// A finding is drawn with its line, and written for programs.
pub(super) fn drawn(found: &Diagnostic) {
    if let Some(place) = &found.place {
        let (line, column) = place.line_column();
        let text = &place.file.text;
        assert!(text.get(place.span.clone()).is_some(), "{found:?}");
        assert!(line <= text.matches('\n').count() + 1 && column >= 1, "{line}:{column}: {found:?}");
    }
    assert!(!found.render(false).is_empty() && found.to_json().is_object());
}
