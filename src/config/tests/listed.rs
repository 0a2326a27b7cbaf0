//! The catalogue says what the structs say, and the files made from it are those in the tree.

use std::collections::BTreeSet;

use super::*;
use crate::config::catalogue::{CATALOGUE, Setting, Sort};

fn in_tree(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// The fields of the struct that stands at `group`, as serde lists them where a name is unknown.
fn fields(group: &str) -> Vec<String> {
    let text = if group.is_empty() { "zzz = 1".to_owned() } else { format!("{group}.zzz = 1") };
    let message = toml::from_str::<Settings>(&text).expect_err("zzz is no setting").message().to_owned();
    match message.split_once(", expected ") {
        Some((_, listed)) => listed.split('`').skip(1).step_by(2).map(str::to_owned).collect(),
        None => Vec::new(),
    }
}

/// All names that the structs know, below `group`. A group of languages stands for its members.
fn known_by_structs(group: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for field in fields(group) {
        let name = if group.is_empty() { field } else { format!("{group}.{field}") };
        match names::kind(&name) {
            Kind::Group if !fields(&name).is_empty() => names.extend(known_by_structs(&name)),
            _ => _ = names.insert(name),
        }
    }
    names
}

#[test]
fn the_catalogue_has_every_field_of_the_structs_and_nothing_else() {
    let of = |setting: &Setting| match setting.sort {
        Sort::PerLanguage => setting.name.rsplit_once('.').unwrap().0.to_owned(),
        _ => setting.name.to_owned(),
    };
    let listed: BTreeSet<String> = catalogue::settings().map(of).collect();
    assert_eq!(listed, known_by_structs(""));
    for section in CATALOGUE {
        let outside = section.settings.iter().find(|setting| !setting.name.starts_with(section.table));
        assert!(outside.is_none(), "{} holds a setting of another table", section.table);
    }
}

#[test]
fn the_catalogue_tells_the_defaults_that_the_structs_have() {
    let defaults = format!("{:?}", read("", &[]).unwrap());
    for setting in catalogue::settings() {
        let given = read(&format!("{} = {}", setting.name, setting.toml), &[]);
        let given = given.unwrap_or_else(|error| panic!("{}: {error}", setting.name));
        let is_default = format!("{given:?}") == defaults;
        assert_eq!(is_default, setting.without.is_none(), "{} = {}", setting.name, setting.toml);
    }
}

#[test]
fn what_is_hidden_when_it_is_read_is_marked_so_in_the_catalogue() {
    for setting in catalogue::settings() {
        let given = format!("{:?}", read(&format!("{} = {}", setting.name, setting.toml), &[]).unwrap());
        let hidden = matches!(setting.sort, Sort::Secret | Sort::Number);
        let shown = setting.toml.split('"').nth(1).is_some_and(|text| given.contains(text));
        assert!(!hidden || !shown, "{} is printed", setting.name);
        let secrets = given.matches("Secret(").count() + given.matches("Secrets(").count();
        assert_eq!(secrets > 0, setting.sort == Sort::Secret, "{}", setting.name);
    }
}

#[test]
fn the_example_in_the_tree_is_the_one_that_the_program_writes() {
    assert!(
        in_tree("deploy/allo-cmp.example.toml") == example(),
        "write it again: allo-cmp config --example > deploy/allo-cmp.example.toml"
    );
}

#[test]
fn the_table_of_the_readme_is_the_one_that_the_program_writes() {
    let readme = in_tree("README.md");
    let between = readme.split_once("<!-- settings -->\n").and_then(|(_, rest)| rest.split_once("<!-- /settings -->"));
    let (written, _) = between.expect("the README has lost the marks around the table of settings");
    assert!(written == table(), "put what `allo-cmp config --table` prints between the marks of the README");
}

#[test]
fn the_example_can_be_used_as_it_is_and_with_everything_set() {
    let text = example();
    assert_eq!(format!("{:?}", read(&text, &[]).unwrap()), format!("{:?}", read("", &[]).unwrap()));
    // A setting is behind a # without a blank; a comment has one.
    let is_setting = |line: &str| line.starts_with('#') && line[1..].starts_with(|c: char| c.is_alphabetic());
    let all: String =
        text.lines().map(|line| format!("{}\n", if is_setting(line) { &line[1..] } else { line })).collect();
    read(&all, &[]).unwrap_or_else(|error| panic!("{error}\n{all}"));
    for name in names_of_all() {
        assert!(text.contains(&names::variable(name)), "the example does not name the variable of {name}");
    }
    assert!(text.lines().all(|line| line.chars().count() <= 120 || is_setting(line)));
}
