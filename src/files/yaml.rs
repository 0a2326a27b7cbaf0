//! YAML with positions. What can be understood of a file is given back with everything that is wrong in it.

use std::{
    collections::{BTreeMap, BTreeSet, btree_map::Entry},
    sync::Arc,
};

use serde::de::DeserializeOwned;

use super::{Name, explain::explain};
use crate::diagnostic::{Diagnostic, Place, SourceFile};

/// Bytes that a file with a mistake is read again at most, entry by entry: enough for a thousand nodes.
const MOST_WORK: usize = 50_000_000;

/// Reads one YAML file into `T`; the error stands at its line and column.
pub fn yaml<T: DeserializeOwned>(file: &Arc<SourceFile>) -> Result<T, Box<Diagnostic>> {
    if is_blank(&file.text) {
        return Err(Box::new(empty(file)));
    }
    yaml_part(file, &file.text)
}

/// Reads `text`, whose lines are the first lines of `file`, as the front matter of a script is.
pub fn yaml_part<T: DeserializeOwned>(file: &Arc<SourceFile>, text: &str) -> Result<T, Box<Diagnostic>> {
    serde_saphyr::from_str(text).map_err(|error| Box::new(explain(file, &error)))
}

/// The entries of a file that is made of named things: nodes, lines.
#[derive(Debug)]
pub struct Entries<T> {
    /// Those that could be understood.
    pub entries: BTreeMap<Name, T>,
    /// The names of the others: they are there, and something in them is wrong.
    pub broken: BTreeSet<String>,
    /// What is wrong.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads a file of named things. One that is wrong hides none of the others.
pub fn yaml_entries<T: DeserializeOwned>(file: &Arc<SourceFile>) -> Entries<T> {
    let mut read = Entries { entries: BTreeMap::new(), broken: BTreeSet::new(), diagnostics: Vec::new() };
    if is_blank(&file.text) {
        read.diagnostics.push(empty(file));
        return read;
    }
    let whole = match serde_saphyr::from_str::<BTreeMap<Name, T>>(&file.text) {
        Ok(entries) => {
            if entries.is_empty() {
                read.diagnostics.push(empty(file));
            }
            return Entries { entries, ..read };
        }
        Err(error) => explain(file, &error),
    };
    let chunks = chunks(&file.text);
    // What is named with & in one entry may be used with * in another: such a file is one whole.
    let entangled = file.text.contains(" &");
    if entangled || chunks.len().saturating_mul(file.text.len()) > MOST_WORK {
        read.broken = chunks.into_iter().map(|chunk| chunk.name.to_owned()).collect();
        read.diagnostics.push(whole);
        return read;
    }
    for Chunk { name, line, text } in chunks {
        // Empty lines before it, so that positions are those of the file.
        let text = format!("{}{text}", "\n".repeat(line));
        match serde_saphyr::from_str::<BTreeMap<Name, T>>(&text) {
            Ok(entries) => {
                for (name, value) in entries {
                    let place = name.place(file);
                    match read.entries.entry(name) {
                        Entry::Vacant(entry) => {
                            entry.insert(value);
                        }
                        Entry::Occupied(entry) => read.diagnostics.push(
                            Diagnostic::error("key-twice", format!("`{}` stands twice here", **entry.key()))
                                .at(place)
                                .help("remove one of the two, or give it another name"),
                        ),
                    }
                }
            }
            Err(error) => {
                read.broken.insert(name.to_owned());
                read.diagnostics.push(explain(file, &error));
            }
        }
    }
    if read.diagnostics.is_empty() {
        read.diagnostics.push(whole);
    }
    read
}

/// One entry of a file: the line that begins at the margin, and what stands further in below it.
struct Chunk<'t> {
    name: &'t str,
    /// How many lines stand before it.
    line: usize,
    text: &'t str,
}

fn chunks(text: &str) -> Vec<Chunk<'_>> {
    let mut chunks: Vec<Chunk<'_>> = Vec::new();
    let mut begin = 0;
    let mut at = 0;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        // A closing bracket at the margin still belongs to what stands above it; a list or a line of dashes is no entry.
        if !line.starts_with(|c: char| c.is_whitespace() || "#}]-".contains(c)) {
            let name = line.split_once(':').map_or(line, |(name, _)| name).trim().trim_matches(['"', '\'']);
            chunks.push(Chunk { name, line: number, text: "" });
            begin = at;
        }
        at += line.len();
        if let Some(chunk) = chunks.last_mut() {
            chunk.text = &text[begin..at];
        }
    }
    chunks
}

/// Nothing but blanks and comments.
fn is_blank(text: &str) -> bool {
    text.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#'))
}

fn empty(file: &Arc<SourceFile>) -> Diagnostic {
    Diagnostic::error("empty-file", "there is nothing in this file")
        .at(Place::top(file))
        .help("write something into it, or remove it")
}
