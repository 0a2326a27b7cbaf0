//! What `check` says of lines that are wrong. The cases are data: `tests/check/*.yaml`, each a change to `minimal.yaml`.
//!
//! A case names its changes (`edit` replaces a text in a file, `add` writes a file, `remove` takes one away) and every
//! finding that must come of them: code, file, line, column. Translations are stamped behind it, unless `as_stamped: true`. `drawn: true` also keeps the whole drawing as a snapshot.

mod on_disk;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use allo_cmp::{
    call::Lang,
    check::{check, for_provider},
    diagnostic::{CODES, Diagnostic, Severity},
    engine::{Loaded, Settings},
    files::Files,
    provider::Capabilities,
    script::{Scripts, stamped},
};
use serde::Deserialize;

use crate::line::TODAY;

/// Codes that no case can bring about, each with the reason.
const NOT_IN_CASES: [(&str, &str); 15] = [
    ("correction", "a finding on the directory: `src/directory/corrections/tests.rs`"),
    ("directory-stale", "a finding on the directory: `src/directory/served.rs`"),
    ("correction-old", "a finding on the directory: `src/directory/corrections/tests.rs`"),
    ("directory-table", "a finding on the directory: `src/directory/table/tests.rs`"),
    ("no-operator", "a finding on the settings: `tests/suite/check.rs` runs the program for it"),
    ("not-text", "needs bytes: `wrong_files` below"),
    ("provider-ring", "no provider is so weak: `src/check/provider.rs`"),
    ("provider-size", "no provider reads so little: `src/check/provider.rs`"),
    ("provider-together", "more than ten at once are an error already: `src/check/provider.rs`"),
    ("provider-voice", "needs a whole language: `src/check/provider.rs`"),
    ("recording", "needs bytes: `tests/suite/recordings.rs`"),
    ("recording-unstamped", "needs bytes: `tests/suite/recordings.rs`"),
    ("too-large", "needs ten megabytes: `wrong_files` below"),
    ("unreadable", "needs a folder: `wrong_files` below"),
    ("too-deep", "needs a hundred thousand brackets: `wrong_files` below"),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    case: String,
    #[serde(default)]
    edit: BTreeMap<String, BTreeMap<String, String>>,
    #[serde(default)]
    add: BTreeMap<String, String>,
    #[serde(default)]
    remove: Vec<String>,
    #[serde(default)]
    expect: Vec<String>,
    /// Words that must stand in what is said.
    #[serde(default)]
    says: Vec<String>,
    #[serde(default)]
    drawn: bool,
    /// Translations are left as they are written; else each is stamped, so that a case is about one thing.
    #[serde(default)]
    as_stamped: bool,
    /// The line is to go through this provider.
    #[serde(default)]
    provider: Option<String>,
}

type Texts = BTreeMap<String, String>;

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/check"))
}

/// The minimal line, by path: `flows/main.yaml`, `scripts/fr/hello.md`.
fn minimal() -> Texts {
    let mut texts = unstamped();
    stamp(&mut texts);
    texts
}

/// The same, as it is written: the cases change it before its translations are stamped.
fn unstamped() -> Texts {
    let text = std::fs::read_to_string(folder().join("minimal.yaml")).unwrap();
    let mut texts: Texts = serde_saphyr::from_str(&text).unwrap();
    for file in Files::embedded_scripts().files {
        if file.name.contains("/phrases/") || file.name.contains("/speaks/") || file.name.ends_with("language.yaml") {
            texts.insert(format!("scripts/{}", file.name), file.source.text.clone());
        }
    }
    texts
}

/// Stamps every translation. A head of one line keeps one line: what is said stays where the cases expect it.
fn stamp(texts: &mut Texts) {
    let scripts = texts.iter().filter_map(|(name, text)| Some((name.strip_prefix("scripts/")?, text.as_str())));
    let scripts = Scripts::parse(&Files::from_texts(scripts)).0;
    let Some(originals) = scripts.scripts.get(&Lang::FR) else { return };
    for (id, fingerprint) in originals.iter().map(|(id, original)| (id, original.fingerprint())) {
        for lang in scripts.languages.keys().filter(|lang| **lang != Lang::FR) {
            let Some(text) = texts.get_mut(&format!("scripts/{lang}/{id}.md")) else { continue };
            let one_line = format!("---\n{{ status: draft, translates: {fingerprint} }}\n---\n");
            *text = match text.strip_prefix("---\nstatus: draft\n---\n") {
                Some(body) => one_line + body,
                None if text.starts_with("---\n{") => continue,
                None => stamped(text, &fingerprint).unwrap_or_else(|| text.clone()),
            };
        }
    }
}

fn cases() -> Vec<(String, Case)> {
    let mut files: Vec<_> = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut cases = Vec::new();
    for path in files.iter().filter(|path| path.extension().is_some_and(|end| end == "yaml")) {
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        if stem != "minimal" {
            let text = std::fs::read_to_string(path).unwrap();
            let read: Vec<Case> = serde_saphyr::from_str(&text).unwrap_or_else(|error| panic!("{path:?}: {error}"));
            cases.extend(read.into_iter().map(|case| (stem.clone(), case)));
        }
    }
    cases
}

fn changed(case: &Case) -> Texts {
    let mut texts = unstamped();
    texts.extend(case.add.clone());
    for (file, edits) in &case.edit {
        let text = texts.get_mut(file).unwrap_or_else(|| panic!("{}: no file {file}", case.case));
        for (from, to) in edits {
            assert!(text.contains(from.as_str()), "{}: {file} does not hold `{from}`", case.case);
            *text = text.replacen(from.as_str(), to, 1);
        }
    }
    for file in &case.remove {
        texts.remove(file).unwrap_or_else(|| panic!("{}: no file {file}", case.case));
    }
    if !case.as_stamped {
        stamp(&mut texts);
    }
    texts
}

fn load(texts: &Texts) -> Loaded {
    let of = |folder: &'static str| {
        Files::from_texts(
            texts.iter().filter_map(move |(name, text)| Some((name.strip_prefix(folder)?, text.as_str()))),
        )
    };
    Loaded::new(&of("flows/"), &of("scripts/"), &Settings::default())
}

/// `unknown-node main.yaml 12:34`.
fn short(found: &Diagnostic) -> String {
    match &found.place {
        Some(place) => {
            let (line, column) = place.line_column();
            format!("{} {} {line}:{column}", found.code, place.file.path)
        }
        None => found.code.to_owned(),
    }
}

fn render(found: &[Diagnostic]) -> String {
    found.iter().map(|found| format!("{}\n\n", found.render(false))).collect()
}

/// What nobody who is no programmer should have to read.
const JARGON: [&str; 20] = [
    "mapping",
    "sequence",
    "scalar",
    "variant",
    "struct",
    "enum",
    "u8",
    "u32",
    "expected",
    "deserialize",
    "invalid type",
    "Option",
    "YAML",
    "alias",
    "minijinja",
    "undefined",
    "syntax",
    "token",
    "expression",
    "template",
];

#[test]
fn the_minimal_line_is_right() {
    let loaded = load(&minimal());
    assert_eq!(render(&check(&loaded, TODAY)), "");
    assert!(loaded.world.is_some());
}

#[test]
fn every_case_is_found_where_it_stands() {
    let mut wrong = String::new();
    for (stem, case) in cases() {
        let loaded = load(&changed(&case));
        let mut found = check(&loaded, TODAY);
        if let Some(provider) = &case.provider {
            found.extend(for_provider(&loaded, Capabilities::of(provider).unwrap(), false));
        }
        // Most cases write chains that the minimal line does not call: only a case of that says so.
        if !case.expect.iter().any(|expected| expected.starts_with("unused-chain ")) {
            found.retain(|found| found.code != "unused-chain");
        }
        let drawn = render(&found);
        let shorts: Vec<String> = found.iter().map(short).collect();
        if shorts != case.expect {
            wrong += &format!("{stem}: {}\n  expected {:#?}\n  found {shorts:#?}\n{drawn}\n", case.case, case.expect);
        }
        for words in &case.says {
            if !drawn.contains(words.as_str()) {
                wrong += &format!("{stem}: {}: `{words}` is not said\n{drawn}\n", case.case);
            }
        }
        for found in &found {
            let said = format!("{} {}", found.message, found.help.as_deref().unwrap_or_default());
            for word in JARGON {
                if said.contains(word) {
                    wrong += &format!("{stem}: {}: `{word}` is jargon\n{said}\n", case.case);
                }
            }
            if found.help.is_none() {
                wrong += &format!("{stem}: {}: `{}` does not say how to mend it\n", case.case, found.code);
            }
        }
        if loaded.world.is_some() && found.iter().any(|f| f.severity == Severity::Error) {
            // The lints come after loading: `serve` asks both.
            assert!(found.iter().any(|f| loaded.diagnostics.iter().all(|d| d != f)), "{}", case.case);
        }
        if case.drawn {
            let name = case.case.replace(|c: char| !c.is_alphanumeric(), "_");
            insta::with_settings!({ snapshot_path => "../check/drawn", prepend_module_to_snapshot => false, omit_expression => true }, {
                insta::assert_snapshot!(name, drawn.trim_end());
            });
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn every_code_is_brought_about_by_a_case() {
    let expected: BTreeSet<String> = cases()
        .iter()
        .flat_map(|(_, case)| &case.expect)
        .map(|line| line.split(' ').next().unwrap_or_default().to_owned())
        .collect();
    let excused = |code: &str| NOT_IN_CASES.iter().any(|(excused, _)| *excused == code);
    let missing: Vec<_> = CODES.iter().filter(|code| !expected.contains(**code) && !excused(code)).collect();
    assert!(missing.is_empty(), "no case for {missing:?}");
    let unknown: Vec<_> = expected.iter().filter(|code| !CODES.contains(&code.as_str())).collect();
    assert!(unknown.is_empty(), "not in CODES: {unknown:?}");
}
