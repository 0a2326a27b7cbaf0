//! Files of the operator's own over those of the line: each alone is enough, and what is wrong is drawn where it stands.

use std::{
    collections::{BTreeMap, BTreeSet},
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use allo_cmp::{
    call::{Lang, Recording},
    check::check,
    diagnostic::SourceFile,
    engine::{Loaded, Settings},
    files::Files,
    script::Scripts,
};
use assert_cmd::assert::Assert;
use serde::Deserialize;
use tempfile::TempDir;

use crate::{
    line::{SHIPPED, TODAY, caller, said, small, write_line},
    program::{Program, command},
    recordings::wav,
};

const GOODBYE: &str = "---\nstatus: draft\n---\nMerci, et à bientôt.\n";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    case: String,
    #[serde(default)]
    below: BTreeMap<String, Own>,
    over: BTreeMap<String, Own>,
    #[serde(default)]
    replaced: Vec<String>,
    #[serde(default)]
    added: Vec<String>,
    #[serde(default)]
    says: BTreeMap<String, String>,
    #[serde(default)]
    plays: BTreeMap<String, u8>,
    #[serde(default)]
    found: BTreeSet<String>,
    #[serde(default)]
    contains: Vec<String>,
}

/// A file of a case.
#[derive(Deserialize)]
#[serde(untagged)]
enum Own {
    Text(String),
    Edit { from: String, to: String, of: Option<String> },
    Wav { wav: u8 },
}

impl Own {
    /// What stands in the file `name`: `flows/...` or `scripts/...`.
    fn bytes(&self, name: &str) -> Vec<u8> {
        match self {
            Own::Text(text) => text.clone().into_bytes(),
            Own::Wav { wav: tone } => wav(1.0, *tone),
            Own::Edit { from, to, of } => {
                let (folder, inside) = name.split_once('/').unwrap();
                let shipped = if folder == "flows" { Files::embedded_flows() } else { Files::embedded_scripts() };
                let of = of.as_deref().unwrap_or(inside);
                let text = &shipped.files.iter().find(|file| file.name == of).unwrap().source.text;
                assert!(text.contains(from), "{name} no longer holds {from:?}");
                text.replacen(from, to, 1).into_bytes()
            }
        }
    }
}

/// The files of a case by their path; fingerprints are filled in.
fn written(files: &BTreeMap<String, Own>) -> BTreeMap<String, Vec<u8>> {
    let mut written: BTreeMap<String, Vec<u8>> =
        files.iter().map(|(name, own)| (name.clone(), own.bytes(name))).collect();
    let originals = written.clone();
    for (name, bytes) in &mut written {
        let Some((lang, id)) = name.strip_prefix("scripts/").filter(|name| name.ends_with(".md")).and_then(script)
        else {
            continue;
        };
        let text = String::from_utf8(bytes.clone()).unwrap();
        let recorded = SHIPPED
            .scripts
            .get(lang, id)
            .map(|script| script.recorded_fingerprint(lang, &SHIPPED.scripts.languages[&lang], &SHIPPED.scripts.facts));
        let original = originals.get(&format!("scripts/fr/{id}.md")).map(|text| {
            let text = String::from_utf8(text.clone()).unwrap();
            let (scripts, _) = Scripts::parse(&Files::from_texts([("fr/x.md", text.as_str())]));
            scripts.get(Lang::FR, "x").map(|script| script.fingerprint()).unwrap_or_default()
        });
        let text = text.replace("{recorded}", &recorded.unwrap_or_default());
        *bytes = text.replace("{translates}", &original.unwrap_or_default()).into_bytes();
    }
    written
}

/// The language and the id of a script's file.
fn script(name: &str) -> Option<(Lang, &str)> {
    let (lang, id) = name.strip_suffix(".md").unwrap_or(name).split_once('/')?;
    Some((lang.parse().ok()?, id))
}

fn put(folder: &Path, files: &BTreeMap<String, Vec<u8>>) {
    for name in ["flows", "scripts"] {
        fs::create_dir_all(folder.join(name)).unwrap();
    }
    for (name, bytes) in files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

/// The shipped files with what a case has below.
fn below(files: &BTreeMap<String, Vec<u8>>) -> [Files; 2] {
    let [mut flows, mut scripts] = [Files::embedded_flows(), Files::embedded_scripts()];
    for (name, bytes) in files {
        let (folder, name) = name.split_once('/').unwrap();
        let all = if folder == "flows" { &mut flows } else { &mut scripts };
        if name.ends_with(".wav") {
            *all = all.clone().with_sound(name, bytes);
        } else {
            let file = all.files.iter_mut().find(|file| file.name == name).unwrap();
            let text = String::from_utf8(bytes.clone()).unwrap();
            file.source = Arc::new(SourceFile { path: file.source.path.clone(), text });
        }
    }
    [flows, scripts]
}

/// The findings: code and file, the folder of the operator as `~`. Without a world nothing is walked, which takes long.
fn findings(loaded: &mut Loaded, folder: &Path) -> BTreeSet<String> {
    loaded.world = None;
    let found = check(loaded, TODAY);
    let shown = |path: &str| path.replace(&folder.display().to_string(), "~");
    let place = |found: &allo_cmp::diagnostic::Diagnostic| match &found.place {
        Some(place) => shown(&place.file.path),
        None => String::new(),
    };
    found.iter().map(|found| format!("{} {}", found.code, place(found))).collect()
}

#[test]
fn each_file_of_the_operator_lies_over_the_shipped_one_or_is_added() {
    let text = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/own_files.yaml")).unwrap();
    let cases: Vec<Case> = serde_saphyr::from_str(&text).unwrap();
    let shipped = findings(&mut Loaded::shipped(&Settings::default()), Path::new("~"));
    for case in cases {
        let folder = tempfile::tempdir().unwrap();
        put(folder.path(), &written(&case.over));
        let below = below(&written(&case.below));
        let before = match case.below.is_empty() {
            true => shipped.clone(),
            false => findings(&mut Loaded::new(&below[0], &below[1], &Settings::default()), folder.path()),
        };
        let [flows, scripts] = below;
        let flows = flows.with_overlay(&folder.path().join("flows"));
        let scripts = scripts.with_overlay(&folder.path().join("scripts"));
        let mut loaded = Loaded::new(&flows, &scripts, &Settings::default());
        let found: BTreeSet<String> = findings(&mut loaded, folder.path()).difference(&before).cloned().collect();
        if case.contains.is_empty() {
            assert_eq!(found, case.found, "{}", case.case);
        }
        for expected in &case.contains {
            assert!(found.iter().any(|found| found.starts_with(expected)), "{}: {expected}: {found:?}", case.case);
        }
        let laid = [flows.laid.unwrap(), scripts.laid.unwrap()];
        let replaced: Vec<String> = laid.iter().flat_map(|laid| laid.replaced.clone()).collect();
        let added: Vec<String> = laid.iter().flat_map(|laid| laid.added.clone()).collect();
        assert_eq!((&replaced, &added), (&case.replaced, &case.added), "{}", case.case);
        for (id, words) in &case.says {
            let (lang, id) = script(id).unwrap();
            let text = &loaded.scripts.get(lang, id).unwrap().file.text;
            assert!(text.contains(words), "{}: {text}", case.case);
        }
        for (id, tone) in &case.plays {
            let (lang, id) = script(id).unwrap();
            let played = loaded.scripts.get(lang, id).unwrap().recording.as_ref().map(|one| one.id().to_owned());
            let expected = (*tone > 0).then(|| Recording::read(&wav(1.0, *tone)).unwrap().id().to_owned());
            assert_eq!(played, expected, "{}: {id}", case.case);
        }
    }
}

#[test]
fn a_file_that_can_not_be_read_does_no_harm_below_one_that_can() {
    let [below, over] = [(); 2].map(|()| tempfile::tempdir().unwrap());
    fs::write(below.path().join("lines.yaml"), b"l\xe9a: {}").unwrap();
    fs::write(below.path().join("main.yaml"), vec![b'#'; 2 << 20]).unwrap();
    fs::write(over.path().join("lines.yaml"), "lea: {}").unwrap();
    let files = Files::folder(below.path()).with_overlay(over.path());
    let codes: Vec<_> = files.diagnostics.iter().map(|found| found.code).collect();
    assert_eq!((codes, files.files.len()), (vec!["too-large"], 1));
    // And the other way round: what is meant to lie over is not forgotten.
    let files = Files::folder(over.path()).with_overlay(below.path());
    let codes: BTreeSet<_> = files.diagnostics.iter().map(|found| found.code).collect();
    assert_eq!(codes, ["not-text", "too-large"].into());
    assert!(files.unread.contains("main.yaml") && files.files[0].source.text.starts_with("l\u{fffd}"));
}

/// Folders for files of one's own.
struct Folders(TempDir);

impl Folders {
    fn new(files: &[(&str, &str)]) -> Folders {
        let folder = tempfile::tempdir().unwrap();
        put(folder.path(), &files.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect());
        Folders(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn run(&self, args: &[&str]) -> Assert {
        let mut command = assert_cmd::Command::from_std(command(self.0.path()));
        command.args(args).args(["--flows-overlay", "flows", "--scripts-overlay", "scripts"]).assert()
    }
}

fn out(assert: &Assert) -> String {
    String::from_utf8(assert.get_output().stdout.clone()).unwrap()
}

#[test]
fn every_command_reads_them() {
    let lines = Files::embedded_flows().files.into_iter().find(|file| file.name == "lines.yaml").unwrap();
    let lines = lines.source.text.replacen(
        "  name: { fr: SOS Amitié",
        "  closed: [2026-12-25]\n  name: { fr: Une autre écoute",
        1,
    );
    let ours =
        [("flows/lines.yaml", lines.as_str()), ("scripts/fr/main/intro.md", "---\nstatus: draft\n---\nMenu à nous.\n")];
    let folders = Folders::new(&ours);
    assert!(out(&folders.run(&["call", "--keys", "1"]).success()).contains("Menu à nous."));
    let lines = out(&folders.run(&["lines", "--at", "2026-12-25T03:00"]).success());
    assert!(lines.contains("1. sos_amitie                   closed"), "{lines}");
    assert!(out(&folders.run(&["graph"]).success()).contains("main_menu"));
    assert!(out(&folders.run(&["leaflet"]).success()).contains("Une autre écoute"));
    let config = out(&folders.run(&["config"]).success());
    assert!(config.contains("flows_overlay = flows   (--flows-overlay)"), "{config}");
    fs::write(
        folders.path("allo-cmp.toml"),
        "flows_overlay = \"flows\"\nscripts_overlay = \"scripts\"\njournal.url = \"none\"\n",
    )
    .unwrap();
    let by_settings = command(folders.0.path()).args(["call", "--keys", "1"]).output().unwrap();
    assert!(String::from_utf8(by_settings.stdout).unwrap().contains("Menu à nous."));
}

#[test]
fn check_names_the_files_of_the_operator_and_that_an_old_one_may_be_the_cause() {
    let folders = Folders::new(&[("flows/other_care.yaml", "older_menu: { end: { say: end/goodbye } }\n")]);
    let said = out(&folders.run(&["check"]).failure().code(1));
    for expected in [
        "no node is called `other_care_menu`",
        "your files in flows: in place of the shipped ones other_care.yaml\n",
        "your files in scripts: none\n",
        "compare yours with those of this version",
    ] {
        assert!(said.contains(expected), "{expected}: {said}");
    }
    fs::remove_dir_all(folders.path("flows")).unwrap();
    let said = out(&folders.run(&["check"]).failure().code(1));
    assert!(said.contains("flows, your folder of files, can't be read: there is no such file"), "{said}");
    assert!(said.contains("make the folder, which may be empty"), "{said}");
}

#[test]
fn a_stamp_is_written_into_files_of_the_operator_alone() {
    let folders = Folders::new(&[("scripts/fr/end/goodbye.md", GOODBYE)]);
    // The original has changed: the shipped translation is read, still right, and becomes one of the operator's.
    assert!(out(&folders.run(&["stamp", "end/goodbye"]).success()).contains("1 stamped"));
    let translation = fs::read_to_string(folders.path("scripts/en/end/goodbye.md")).unwrap();
    assert!(translation.contains("translates: ") && translation.contains("Goodbye"), "{translation}");
    assert!(!translation.contains("bcebe856"), "{translation}");
    assert!(out(&folders.run(&["stamp", "--all"]).success()).starts_with("0 stamped"));
    // A recording whose text is a shipped one: the text is copied beside it, and it is played.
    fs::create_dir_all(folders.path("scripts/fr/main")).unwrap();
    fs::write(folders.path("scripts/fr/main/intro.wav"), wav(1.0, 1)).unwrap();
    let played = || out(&folders.run(&["call", "--keys", "1"]).success()).contains("(recording");
    assert!(!played());
    assert!(out(&folders.run(&["stamp", "--recorded", "main/intro"]).success()).contains("1 stamped"));
    let script = fs::read_to_string(folders.path("scripts/fr/main/intro.md")).unwrap();
    assert!(script.contains("recorded: ") && script.ends_with("Menu principal.\n"), "{script}");
    assert!(played());
    let own = command(folders.0.path()).args(["stamp", "--all"]).output().unwrap();
    assert!(err_of(&own).contains("--scripts-overlay DIR"), "{}", err_of(&own));
}

fn err_of(output: &std::process::Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_reads_changed_files_again_and_refuses_broken_ones_by_their_own_path() {
    let folder = tempfile::tempdir().unwrap();
    let (flows, scripts) = small(&[], &[]);
    write_line(folder.path(), &flows, &scripts);
    let over = Folders::new(&[]);
    let args: Vec<OsString> = vec![
        "--flows".into(),
        folder.path().join("flows").into(),
        "--scripts".into(),
        folder.path().join("scripts").into(),
        "--flows-overlay".into(),
        over.path("flows").into(),
        "--scripts-overlay".into(),
        over.path("scripts").into(),
    ];
    let args: Vec<_> = args.iter().map(AsRef::as_ref).collect();
    let program = Program::start_with(&args, None, "info").await;
    let heard = async |n: usize| {
        let mut caller = caller(program.address, n);
        caller.start().await.unwrap();
        crate::line::play(&mut caller, "1").await;
        said(caller.last_document().unwrap())
    };
    assert!(heard(1).await.contains("Menu principal"));
    fs::create_dir_all(over.path("scripts/fr/main")).unwrap();
    fs::write(over.path("scripts/fr/main/intro.md"), "---\nstatus: draft\n---\nMenu à nous.\n").unwrap();
    program.reload();
    program.counted("reloads", 1).await;
    assert!(heard(2).await.contains("Menu à nous"));
    fs::write(over.path("flows/notices.yaml"), "strike: { at: nowhere }\n").unwrap();
    program.reload();
    program.counted("reloads_refused", 1).await;
    let path = over.path("flows/notices.yaml").display().to_string();
    assert!(program.log().contains(&path), "{}", program.log());
    assert!(heard(3).await.contains("Menu à nous"));
    fs::remove_file(over.path("flows/notices.yaml")).unwrap();
    fs::remove_file(over.path("scripts/fr/main/intro.md")).unwrap();
    program.reload();
    program.counted("reloads", 2).await;
    assert!(heard(4).await.contains("Menu principal"));
}
