//! The catalogue as people read it: the commented example file, and the table of the README. Tests hold both to the tree.

use super::{
    catalogue::{CATALOGUE, Section, Setting, Sort, settings},
    names::variable,
};

const HEAD: &str = "\
# Settings of Allô CMP. Copy this file to allo-cmp.toml in the folder where the program runs, or name it with --config.
# Written by `allo-cmp config --example`.
#
# A line that begins with # and a word is a setting with its default, or an example where there is none: take the # away
# to set it. Each can be given as the environment variable beside it instead, which wins over this file. Those with a
# variable that ends with _FILE are read from the file that it names: best so for secrets. `allo-cmp config` tells what
# is in force, and where each value comes from. A name that is not in this file is an error, so that a slip of the pen
# is never a setting that silently does not act.
";

/// Columns of the example.
const WIDTH: usize = 120;

/// The example file, with every setting behind a `#`.
pub fn example() -> String {
    CATALOGUE.iter().fold(HEAD.to_owned(), |text, section| text + "\n" + &of_section(section))
}

fn of_section(section: &Section) -> String {
    let mut text = String::new();
    if !section.title.is_empty() {
        let rule = "-".repeat(WIDTH.saturating_sub(section.title.chars().count() + 3));
        text += &format!("# {rule} {}\n", section.title);
    }
    text += &comment(section.intro);
    if !section.table.is_empty() {
        text += &format!("[{}]\n\n", section.table);
    }
    let settings: Vec<String> = section.settings.iter().map(|setting| of_setting(setting, section.table)).collect();
    text + &settings.join("\n")
}

fn of_setting(setting: &Setting, table: &str) -> String {
    let mut given = variable(setting.name);
    if setting.may_be_a_file() {
        given += &format!(" or {given}_FILE");
    }
    let otherwise = match setting.without {
        Some(without) => format!("Without it: {without}. Example:"),
        None => "Default:".to_owned(),
    };
    let key = setting.name.strip_prefix(table).unwrap_or(setting.name).trim_start_matches('.');
    format!("{}# {given}\n{}#{key} = {}\n", comment(setting.meaning), comment(&otherwise), setting.toml)
}

/// A text as lines of a comment, none longer than the example is wide.
fn comment(text: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= WIDTH => *line += &format!(" {word}"),
            _ => lines.push(format!("# {word}")),
        }
    }
    lines.into_iter().map(|line| line + "\n").collect()
}

/// The table of the README (Markdown): a setting a row, with the first sentence of what it means.
pub fn table() -> String {
    let rows = settings().map(|setting| {
        let otherwise = match setting.without {
            Some(without) => without.to_owned(),
            None => format!("`{}`", setting.toml.trim_matches('"')),
        };
        let secret = if setting.sort == Sort::Secret { ", secret" } else { "" };
        let meaning =
            setting.meaning.split_once(". ").map_or(setting.meaning, |(first, _)| first).trim_end_matches('.');
        format!("| `{}`{secret} | {otherwise} | {meaning} |\n", setting.name)
    });
    format!("| setting | default | meaning |\n|---|---|---|\n{}", rows.collect::<String>())
}
