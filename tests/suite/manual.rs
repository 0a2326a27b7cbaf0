//! The manual pages: every command has one, and the readers of manual pages find nothing wrong in them.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use tempfile::TempDir;

use crate::program::command;

fn pages() -> (TempDir, Vec<PathBuf>) {
    let folder = tempfile::tempdir().unwrap();
    let status = command(folder.path()).args(["man", "--out", "man", "--date", "2026-11-22"]).status().unwrap();
    assert!(status.success());
    let mut pages: Vec<PathBuf> =
        fs::read_dir(folder.path().join("man")).unwrap().map(|entry| entry.unwrap().path()).collect();
    pages.sort();
    (folder, pages)
}

/// The commands that the help of `args` lists.
fn listed(args: &[&str]) -> Vec<String> {
    let output = command(Path::new("/")).args(args).arg("--help").output().unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    let list = help.split("Commands:\n").nth(1).map(|rest| rest.split("\n\n").next().unwrap()).unwrap_or_default();
    let names = list.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    names.map(|line| line.split_whitespace().next().unwrap().to_owned()).filter(|name| name != "help").collect()
}

#[test]
fn every_command_and_every_command_below_it_has_a_page() {
    let (_folder, pages) = pages();
    let mut there: Vec<&str> = pages.iter().map(|page| page.file_stem().unwrap().to_str().unwrap()).collect();
    there.sort_unstable();
    let mut promised = vec!["allo-cmp".to_owned()];
    for name in listed(&[]) {
        promised.extend(listed(&[&name]).iter().map(|inner| format!("allo-cmp-{name}-{inner}")));
        promised.push(format!("allo-cmp-{name}"));
    }
    promised.sort();
    assert!(promised.contains(&"allo-cmp-journal-backup".to_owned()), "{promised:?}");
    assert_eq!(there, promised);
}

#[test]
fn a_page_tells_what_the_help_tells_and_leads_to_the_page_above() {
    let (folder, _) = pages();
    let page = fs::read_to_string(folder.path().join("man/allo-cmp-lines-pause.1")).unwrap();
    for part in ["Until when", "allo\\-cmp\\-lines", "SEE ALSO", "2026-11-22"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let first = fs::read_to_string(folder.path().join("man/allo-cmp.1")).unwrap();
    for part in ["/etc/allo\\-cmp/allo\\-cmp.toml", "EXIT STATUS", "allo\\-cmp\\-report(1)"] {
        assert!(first.contains(part), "{part}: {first}");
    }
}

#[test]
fn readers_of_manual_pages_find_no_mistake_in_them() {
    let (folder, pages) = pages();
    let broken = folder.path().join("broken.1");
    fs::write(&broken, ".SH a section before the title\n.nosuchmacro\n").unwrap();
    for (judge, args) in [("mandoc", &["-Tlint", "-Werror"][..]), ("man", &["--warnings", "-l"])] {
        let told = |page: &Path| {
            let run = Command::new(judge).args(args).arg(page).env("LC_ALL", "C.UTF-8").env("MANWIDTH", "80").output();
            run.map(|run| {
                String::from_utf8(run.stderr).unwrap() + if judge == "man" { "" } else { str_of(&run.stdout) }
            })
        };
        match told(&broken) {
            Err(_) => eprintln!("skipped: {judge} is not here"),
            Ok(said) if said.is_empty() => eprintln!("skipped: this {judge} finds no mistake at all"),
            Ok(_) => {
                for page in &pages {
                    assert_eq!(told(page).unwrap(), "", "{judge} {}", page.display());
                }
            }
        }
    }
}

fn str_of(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}
