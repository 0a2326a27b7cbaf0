//! Lines in folders: what editors leave in files, files that can't be read, and what the program prints of all that.

use super::*;

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
