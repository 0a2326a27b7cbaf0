//! The operators' handbook (`docs/`) is true: its commands run, its links, files and settings exist.
//!
//! Each page is worked through from top to bottom, as its reader would, in a folder of its own with settings of fiction:
//!
//! - ` ```sh ` is run by a shell. `exit=1` says how it ends, where not well; `stopped`, that the server is stopped before;
//!   `when=NAME`, that it is run only by a program that has the command NAME. `not-run` is not run, and says so to its reader.
//! - ` ```yaml file=PATH ` (any language) is written into that file, `append=PATH` at its end.
//!
//! A server of the page's settings is started on free ports before the first command that asks one.

mod reader;

use std::{collections::BTreeSet, fs, path::Path};

use allo_cmp::config::Settings;

use self::reader::{Reader, fenced};
use crate::program::command;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
/// What stands before a block that is not run.
const NOT_RUN: &str = "(commande non essayée par nos tests)";

/// Every page, by its path from the root of the project.
fn pages() -> Vec<(String, String)> {
    let mut pages = Vec::new();
    for folder in ["docs", "docs/fournisseurs"] {
        for entry in fs::read_dir(Path::new(ROOT).join(folder)).unwrap() {
            let name = format!("{folder}/{}", entry.unwrap().file_name().to_string_lossy());
            if name.ends_with(".md") {
                let text = fs::read_to_string(Path::new(ROOT).join(&name)).unwrap();
                pages.push((name, text));
            }
        }
    }
    pages.sort();
    assert!(pages.len() >= 14, "{pages:?}");
    pages
}

/// What stands between backquotes, outside of blocks.
fn inline(text: &str) -> Vec<String> {
    let mut outside = true;
    let mut found = Vec::new();
    for line in text.lines() {
        if line.starts_with("```") {
            outside = !outside;
        } else if outside {
            found.extend(line.split('`').skip(1).step_by(2).map(str::to_owned));
        }
    }
    found
}

/// The commands of the program that is tested.
fn known() -> BTreeSet<String> {
    let output = command(Path::new(ROOT)).arg("--help").output().unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    let list = help.split("Commands:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    let names = list.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    names.filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect()
}

/// Works through one page.
fn work_through(text: &str, known: &BTreeSet<String>) -> Result<usize, String> {
    let mut reader = Reader::new();
    let mut run = 0;
    for block in fenced(text) {
        if !block.is("sh") {
            reader.write(&block);
        } else if !block.is("not-run") && block.value("when").is_none_or(|name| known.contains(name)) {
            reader.run(&block)?;
            run += 1;
        }
    }
    Ok(run)
}

#[test]
fn every_command_of_the_handbook_runs() {
    let (pages, known) = (pages(), known());
    let known = &known;
    let done: Vec<Result<usize, String>> = std::thread::scope(|scope| {
        let page =
            |(name, text): &'_ (String, String)| work_through(text, known).map_err(|error| format!("{name}: {error}"));
        let threads: Vec<_> = pages.iter().map(|entry| scope.spawn(move || page(entry))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let wrong: Vec<&String> = done.iter().filter_map(|done| done.as_ref().err()).collect();
    assert!(wrong.is_empty(), "{}", wrong.into_iter().cloned().collect::<Vec<_>>().join("\n----\n"));
    let run: usize = done.iter().flatten().sum();
    assert!(run >= 25, "only {run} blocks were run");
}

#[test]
fn a_command_that_fails_is_found() {
    let known = BTreeSet::from(["check".to_owned()]);
    for (text, fine) in [
        ("```sh\nallo-cmp setup --provider twilio\n```\n", true),
        ("```sh\nallo-cmp setup --provider nobody\n```\n", false),
        ("```sh exit=2\nallo-cmp setup --provider nobody\n```\n", true),
        ("```sh exit=1\nallo-cmp setup --provider twilio\n```\n", false),
        ("```sh when=never\nallo-cmp never\n```\n", true),
        ("```sh\nallo-cmp never\nallo-cmp setup --provider twilio\n```\n", false),
        ("```toml file=allo-cmp.toml\n[serv]\n```\n```sh\nallo-cmp setup --provider twilio\n```\n", false),
    ] {
        assert_eq!(work_through(text, &known).is_ok(), fine, "{text}");
    }
}

#[test]
fn a_block_that_is_not_run_says_so_and_no_other_does() {
    for (name, text) in pages() {
        for block in fenced(&text).iter().filter(|block| block.is("sh")) {
            let said = block.before.contains(NOT_RUN);
            assert_eq!(block.is("not-run"), said, "{name}: {}\n{}", block.before, block.body);
        }
        let languages = ["sh", "toml", "yaml", "markdown", "text", "nginx"];
        for block in fenced(&text) {
            let language = block.info.first().map_or("", String::as_str);
            assert!(languages.contains(&language), "{name}: `{language}`");
        }
    }
}

/// The commands that are only named are ones, too.
#[test]
fn every_command_that_a_sentence_names_exists() {
    let known = known();
    let folder = tempfile::tempdir().unwrap();
    let mut asked = BTreeSet::new();
    for (name, text) in pages() {
        for code in inline(&text).iter().filter_map(|code| code.strip_prefix("allo-cmp ")) {
            if !asked.insert(code.to_owned()) || code.starts_with('-') {
                continue;
            }
            let args: Vec<&str> = code.split_whitespace().collect();
            assert!(known.contains(args[0]), "{name}: no command is called `{code}`");
            let output = command(folder.path()).args(&args).arg("--help").output().unwrap();
            assert!(output.status.success(), "{name}: {code}\n{}", String::from_utf8_lossy(&output.stderr));
        }
    }
    assert!(asked.len() >= 10, "{asked:?}");
}

/// How a heading is named in a link.
fn anchor(heading: &str) -> String {
    let kept = heading.trim_start_matches('#').trim().to_lowercase();
    let kept: String = kept.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_')).collect();
    kept.replace(' ', "-")
}

#[test]
fn every_link_leads_somewhere() {
    for (name, text) in pages() {
        let folder = Path::new(ROOT).join(&name);
        let folder = folder.parent().unwrap();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if link.starts_with("https://") {
                continue;
            }
            let (path, heading) = link.split_once('#').map_or((link, None), |(path, heading)| (path, Some(heading)));
            let target = if path.is_empty() { Path::new(ROOT).join(&name) } else { folder.join(path) };
            assert!(target.exists(), "{name}: {link}");
            if let Some(heading) = heading {
                let text = fs::read_to_string(target).unwrap();
                let mut anchors = text.lines().filter(|line| line.starts_with('#')).map(anchor);
                assert!(anchors.any(|anchor| anchor == heading), "{name}: {link}");
            }
        }
    }
}

#[test]
fn every_page_can_be_reached_from_the_first_one() {
    let (mut seen, mut next) = (BTreeSet::new(), vec!["docs/README.md".to_owned()]);
    while let Some(name) = next.pop() {
        if !seen.insert(name.clone()) {
            continue;
        }
        let text = fs::read_to_string(Path::new(ROOT).join(&name)).unwrap();
        let folder = Path::new(&name).parent().unwrap();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next()) {
            let path = folder.join(link);
            if link.ends_with(".md") && !link.starts_with("..") && !link.contains("://") {
                next.push(path.to_str().unwrap().to_owned());
            }
        }
    }
    for (name, _) in pages() {
        assert!(seen.contains(&name), "nothing leads to {name}");
    }
}

#[test]
fn every_file_that_a_page_names_is_there() {
    for (name, text) in pages() {
        for code in inline(&text) {
            let ours = ["deploy/", "call_flows/", "audio_scripts/", "docs/", "src/", "tests/"];
            if ours.iter().any(|folder| code.starts_with(folder)) && !code.contains(' ') {
                assert!(Path::new(ROOT).join(&code).exists(), "{name}: {code}");
            }
        }
    }
}

#[test]
fn every_setting_that_a_page_names_exists() {
    let settings = Path::new(ROOT).join("deploy/allo-cmp.example.toml");
    let mut section = String::new();
    let mut known = BTreeSet::new();
    for line in fs::read_to_string(settings).unwrap().lines() {
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            section = format!("{name}.");
        } else if let Some((name, _)) = line.strip_prefix('#').and_then(|line| line.split_once(" = ")) {
            known.insert(format!("{section}{name}"));
        }
    }
    assert!(known.len() > 40, "{known:?}");
    let groups: BTreeSet<&str> = known.iter().filter_map(|name| name.split_once('.')).map(|(group, _)| group).collect();
    let mut named = 0;
    for (name, text) in pages() {
        for code in inline(&text) {
            let plain = code.chars().all(|c| c.is_ascii_lowercase() || matches!(c, '_' | '.'));
            let file = [".yaml", ".toml", ".json", ".tsv"].iter().any(|end| code.ends_with(end));
            if plain && !file && code.split_once('.').is_some_and(|(group, _)| groups.contains(group)) {
                let whole = known.contains(&code) || known.iter().any(|known| known.starts_with(&format!("{code}.")));
                assert!(whole, "{name}: there is no setting {code}");
                named += 1;
            }
        }
        for block in fenced(&text).into_iter().filter(|block| block.is("toml")) {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("example.toml");
            fs::write(&path, &block.body).unwrap();
            if let Err(error) = Settings::load(Some(&path), std::iter::empty()) {
                panic!("{name}: {error:#}\n{}", block.body);
            }
        }
    }
    assert!(named >= 15, "only {named} settings are named");
}
