//! What `check` says of lines that are wrong. The cases are data: `tests/check/*.yaml`, each a change to `minimal.yaml`.
//!
//! A case names its changes (`edit` replaces a text in a file, `add` writes a file, `remove` takes one away) and every
//! finding that must come of them: code, file, line, column. Translations are stamped behind it, unless `as_stamped: true`. `drawn: true` also keeps the whole drawing as a snapshot.

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

/// A line on disk: the minimal one, with a change.
struct OnDisk(tempfile::TempDir);

impl OnDisk {
    fn new() -> OnDisk {
        let disk = OnDisk(tempfile::tempdir().unwrap());
        for (name, text) in minimal() {
            disk.write(&name, text.as_bytes());
        }
        disk
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.0.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.0.path().join(name)).unwrap()
    }

    fn found(&self) -> Vec<String> {
        let flows = Files::folder(&self.0.path().join("flows"));
        let scripts = Files::folder(&self.0.path().join("scripts"));
        let found = check(&Loaded::new(&flows, &scripts, &Settings::default()), TODAY);
        let root = format!("{}/", self.0.path().display());
        found.iter().map(|found| short(found).replace(&root, "")).collect()
    }
}

#[test]
fn a_line_is_read_with_the_line_ends_and_marks_of_every_editor() {
    let disk = OnDisk::new();
    for (name, text) in minimal() {
        disk.write(&name, format!("\u{feff}{}", text.replace('\n', "\r\n")).as_bytes());
    }
    assert_eq!(disk.found(), [""; 0]);
    let main = disk.read("flows/main.yaml");
    disk.write("flows/main.yaml", main.replace("go: goodbye", "go: adieu").as_bytes());
    disk.write("scripts/fr/bye.md", "\u{feff}---\r\nstatus: draft\r\n---\r\n\r\nÉté {où}\r\n".as_bytes());
    // Without the goodbye its node is lost.
    assert_eq!(
        disk.found(),
        [
            "unknown-marker scripts/fr/bye.md 5:5",
            "unknown-node flows/main.yaml 14:30",
            "unreachable-node flows/people.yaml 7:1",
        ]
    );
    disk.write("flows/main.yaml", main.replace("\r\n", "\r").replace("go: goodbye", "go: adieu").as_bytes());
    assert!(disk.found().contains(&"unknown-node flows/main.yaml 14:30".to_owned()));
}

#[test]
fn wrong_files_are_named_and_hide_nothing() {
    let other_mistake = "unknown-marker scripts/en/bye.md 4:1";
    let check = |name: &str, bytes: &[u8], expected: &[&str]| {
        let disk = OnDisk::new();
        disk.write("scripts/en/bye.md", b"---\nstatus: draft\n---\n{oops}\n");
        disk.write(name, bytes);
        let found = disk.found();
        let short = bytes.get(..20).unwrap_or(bytes);
        assert!(found.contains(&other_mistake.to_owned()), "{name} {short:?}: {found:?}");
        let rest: Vec<&str> = found.iter().map(String::as_str).filter(|found| *found != other_mistake).collect();
        assert_eq!(rest, expected, "{name} {short:?}");
    };
    let latin1: Vec<u8> = "# d\u{e9}j\u{e0} vu\nextra: [".chars().map(|c| c as u8).collect();
    check("flows/extra.yaml", &latin1, &["not-text flows/extra.yaml 1:4", "wrong-value flows/extra.yaml 2:8"]);
    check("flows/people.yaml", b"\0\x01\x02\xff binary", &["not-text flows/people.yaml 1:1"]);
    check("flows/universal.yaml", b"\0", &["not-text flows/universal.yaml 1:1"]);
    check("flows/lines.yaml", b"\0", &["not-text flows/lines.yaml 1:1"]);
    check("scripts/fr/hello.md", b"PK\x03\x04\0\0", &["not-text scripts/fr/hello.md 1:1"]);
    check("scripts/fr/language.yaml", b"\0", &["not-text scripts/fr/language.yaml 1:1"]);
    let ten_megabytes = vec![b'a'; 10_000_000];
    check("flows/extra.yaml", &ten_megabytes, &["too-large"]);
    check("scripts/fr/hello.md", &ten_megabytes, &["too-large"]);
    // Recordings may be larger, and lie beside the texts, as pictures do.
    check("scripts/fr/hello.wav", &ten_megabytes[..2_000_000], &["recording scripts/fr/hello.wav 1:1"]);
    check("scripts/fr/hello.wav", &ten_megabytes, &["too-large"]);
    check("scripts/fr/hello.png", &ten_megabytes, &[]);
    let deep = |text: &str| text.repeat(100_000).into_bytes();
    for text in ["{a: ", "[", "- ", "? ", "a: ["] {
        for name in ["flows/extra.yaml", "flows/universal.yaml", "flows/lines.yaml", "scripts/fr/language.yaml"] {
            let disk = OnDisk::new();
            disk.write("scripts/en/bye.md", b"---\nstatus: draft\n---\n{oops}\n");
            disk.write(name, &deep(text));
            let found = disk.found();
            assert!(found.contains(&other_mistake.to_owned()), "{name} {text:?}: {found:?}");
            assert!(found.iter().any(|found| found.contains(name)), "{name} {text:?}: {found:?}");
        }
    }
    check("flows/extra.yaml", &deep("{a: "), &["too-deep flows/extra.yaml 1:1021"]);
    let billion_laughs = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n";
    let disk = OnDisk::new();
    disk.write("flows/extra.yaml", billion_laughs.as_bytes());
    assert!(!disk.found().is_empty());
}

#[cfg(unix)]
#[test]
fn a_folder_that_can_not_be_read_is_one_finding() {
    let disk = OnDisk::new();
    let nowhere = Files::folder(Path::new("/nowhere/flows"));
    let scripts = Files::folder(&disk.0.path().join("scripts"));
    let found = check(&Loaded::new(&nowhere, &scripts, &Settings::default()), TODAY);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].message, "/nowhere/flows can't be read: there is no such file or folder");
    let file = Files::folder(&disk.0.path().join("flows/main.yaml"));
    let found = check(&Loaded::new(&Files::embedded_flows(), &file, &Settings::default()), TODAY);
    assert!(found.len() == 1 && found[0].message.ends_with("it is a file, and a folder is wanted"), "{found:?}");

    // A loop of folders and a pipe end, too.
    let disk = OnDisk::new();
    std::os::unix::fs::symlink(".", disk.0.path().join("flows/loop")).unwrap();
    assert!(disk.found().contains(&"unreadable".to_owned()));
    let disk = OnDisk::new();
    std::os::unix::fs::symlink("nowhere.md", disk.0.path().join("scripts/fr/lost.md")).unwrap();
    std::os::unix::fs::symlink("/dev/zero", disk.0.path().join("scripts/fr/endless.md")).unwrap();
    assert_eq!(disk.found(), ["unreadable", "unreadable"]);
}

#[test]
fn a_mistake_in_every_file_is_found_in_every_file() {
    let mut texts = minimal();
    for (name, text) in &mut texts {
        *text = match name.as_str() {
            "flows/universal.yaml" => text.replace("start:", "begin:"),
            "flows/lines.yaml" => text.replace("dial:", "dail:"),
            "flows/main.yaml" => text.replace("goodbye", "goodbey"),
            "flows/people.yaml" => text.replace("line: friends", "line: freinds"),
            name if name.ends_with("language.yaml") => text.replace("{press}", ""),
            _ => format!("{text}{{oops}}"),
        };
    }
    let found = check(&load(&texts), TODAY);
    let named: BTreeSet<&str> =
        found.iter().filter_map(|found| found.place.as_ref()).map(|place| place.file.path.as_str()).collect();
    for name in texts.keys() {
        let name = name.split_once('/').map_or(name.as_str(), |(_, name)| name);
        assert!(named.contains(name), "{name} is not named\n{}", render(&found));
    }
    assert_eq!(found.len(), texts.len() + 1, "one each, two in people.yaml\n{}", render(&found));
}

#[test]
fn the_program_says_when_nobody_is_named_and_fails_on_errors_only() {
    let disk = OnDisk::new();
    let run = |disk: &OnDisk| {
        let folder = |name: &str| disk.0.path().join(name);
        let mut program = assert_cmd::Command::cargo_bin("allo-cmp").unwrap();
        program.args(["check", "--json", "--flows"]).arg(folder("flows")).arg("--scripts").arg(folder("scripts"));
        program.current_dir(disk.0.path()).assert()
    };
    let out = run(&disk).success().get_output().stdout.clone();
    let finding: serde_json::Value = serde_json::from_slice(&out).unwrap();
    assert_eq!((finding["code"].as_str(), finding["severity"].as_str()), (Some("no-operator"), Some("warning")));
    disk.write("scripts/fr/hello.md", "---\nstatus: draft\n---\nÀ {bientôt}".as_bytes());
    let out = String::from_utf8(run(&disk).failure().code(1).get_output().stdout.clone()).unwrap();
    let finding: serde_json::Value = serde_json::from_str(out.lines().next().unwrap()).unwrap();
    assert_eq!((finding["line"].as_u64(), finding["column"].as_u64()), (Some(4), Some(3)));
}

#[test]
fn coverage_is_printed_in_the_order_of_the_items_and_fails_where_one_is_missing() {
    let disk = OnDisk::new();
    let run = |json: &[&str]| {
        let folder = |name: &str| disk.0.path().join(name);
        let mut program = assert_cmd::Command::cargo_bin("allo-cmp").unwrap();
        program.args(["check", "--coverage", "--flows"]).arg(folder("flows")).arg("--scripts").arg(folder("scripts"));
        program.args(json).current_dir(disk.0.path()).assert()
    };
    let said = |assert: &assert_cmd::assert::Assert| String::from_utf8(assert.get_output().stdout.clone()).unwrap();
    assert!(said(&run(&[]).success()).contains("nothing to compare with"));
    let sources = "S1.10: { says: a, not_said: a figure }\nS1.2: { says: b }\nS2.1: { says: c, left_out: why }\nC1: { says: d }\n";
    disk.write("scripts/sources.yaml", sources.as_bytes());
    for lang in ["fr", "en"] {
        let hello = if lang == "fr" { "[S1.2, C1]" } else { "[]" };
        let text = |sources: &str| format!("---\nstatus: draft\nsources: {sources}\n---\nWords\n");
        disk.write(&format!("scripts/{lang}/talk.md"), text("[S1.10, S1.2, C1]").as_bytes());
        disk.write(&format!("scripts/{lang}/key-end.md"), text(hello).as_bytes());
    }
    let expected = "C1     en: talk; fr: key-end, talk\nS1.2   en: talk; fr: key-end, talk\nS1.10  talk\n\
                    S1.10  not said: a figure\nS2.1   left out: why\n\
                    3 items (S): 2 carried, 1 left out on purpose; 1 figures not said; corrections C: 1 of 1\n";
    assert_eq!(said(&run(&[]).success()), expected);
    let lines = said(&run(&["--json"]).success());
    let first: serde_json::Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    assert_eq!((first["id"].as_str(), first["scripts"]["fr"][1].as_str()), (Some("C1"), Some("talk")));
    disk.write("scripts/sources.yaml", format!("{sources}S2.2: {{ says: e }}\n").as_bytes());
    let missing = said(&run(&[]).failure().code(1));
    assert!(missing.contains("S2.2   MISSING\n") && missing.ends_with("; 1 missing\n"), "{missing}");
}
