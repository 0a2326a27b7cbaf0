//! From YAML text to the flow, every mistake with its position. A file that is wrong does not hide mistakes in others.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{Flow, Goals, Kind, Node, Universal};
use crate::{
    diagnostic::{Diagnostic, Place, SourceFile},
    files::{
        At, CHAINS_FILE, Entries, Files, LINES_FILE, Located, NOTICES_FILE, NUMBERS_FILE, RESPONDERS_FILE, even,
        nearest, yaml, yaml_entries,
    },
};

/// The file of the universal keys.
pub const UNIVERSAL_FILE: &str = "universal.yaml";

/// The file of what people call for.
pub const GOALS_FILE: &str = "goals.yaml";

/// Files of `call_flows/` that are not made of nodes.
const NOT_NODES: [&str; 7] =
    [UNIVERSAL_FILE, LINES_FILE, GOALS_FILE, RESPONDERS_FILE, CHAINS_FILE, NUMBERS_FILE, NOTICES_FILE];

const PASSED_OVER: &str = "this file is not read: its name has another end than .yaml";

impl Flow {
    /// Reads every flow file, and gives back what could be understood with all that is wrong.
    pub fn parse(files: &Files) -> (Flow, Vec<Diagnostic>) {
        let mut diagnostics = files.diagnostics.clone();
        let mut flow = Flow {
            nodes: BTreeMap::new(),
            universal: None,
            goals: None,
            called: None,
            notices: None,
            broken: BTreeSet::new(),
            // What the numbers begin with, nothing else may lead to.
            incomplete: files.unread.iter().any(|name| has_nodes(name) || name == NUMBERS_FILE),
        };
        for file in &files.files {
            if file.name == UNIVERSAL_FILE {
                match yaml::<Universal>(&file.source) {
                    Ok(value) => flow.universal = Some(Located { value, file: file.source.clone() }),
                    Err(diagnostic) => diagnostics.push(*diagnostic),
                }
            } else if file.name == GOALS_FILE {
                match yaml::<Goals>(&file.source) {
                    Ok(value) => flow.goals = Some(Located { value, file: file.source.clone() }),
                    Err(diagnostic) => diagnostics.push(*diagnostic),
                }
            } else if file.name == NUMBERS_FILE {
                let read = yaml_entries(&file.source);
                flow.incomplete |= !read.diagnostics.is_empty();
                diagnostics.extend(read.diagnostics);
                flow.called = Some(Located { value: read.entries, file: file.source.clone() });
            } else if file.name == NOTICES_FILE {
                let read = yaml_entries(&file.source);
                diagnostics.extend(read.diagnostics);
                flow.notices = Some(Located { value: read.entries, file: file.source.clone() });
            } else if has_nodes(&file.name) {
                let mut read = yaml_entries::<Kind>(&file.source);
                if let Some(found) = misplaced(&file.name, &file.source, &read) {
                    read.diagnostics = vec![found];
                }
                flow.incomplete |= read.diagnostics.iter().any(|found| found.code == "empty-file");
                diagnostics.extend(read.diagnostics);
                flow.broken.extend(read.broken);
                add(&mut flow, &file.source, read.entries, &mut diagnostics);
            } else if !NOT_NODES.contains(&file.name.as_str())
                && !file.name.ends_with(".md")
                && !file.name.ends_with(".schema.json")
            {
                diagnostics.push(match files.right_name(file, ".yaml") {
                    Some((_, help)) => {
                        // It may hold any node: until it is read, the line must not go on the air.
                        flow.incomplete = true;
                        Diagnostic::error("file-passed-over", PASSED_OVER).at(Place::top(&file.source)).help(help)
                    }
                    None => Diagnostic::warning("file-passed-over", PASSED_OVER)
                        .at(Place::top(&file.source))
                        .help("rename it, or remove it from the folder"),
                });
            }
        }
        if !files.files.iter().any(|file| file.name == UNIVERSAL_FILE) && !files.unread.contains(UNIVERSAL_FILE) {
            diagnostics.push(
                Diagnostic::error("no-universal-file", format!("the flows have no file {UNIVERSAL_FILE}"))
                    .help("it says where a call begins and where the keys 0, 8 and 9 lead: copy the one that comes with the program"),
            );
        }
        (flow, diagnostics)
    }
}

fn has_nodes(name: &str) -> bool {
    let stem = name.strip_suffix(".yaml").or_else(|| name.strip_suffix(".yml"));
    stem.is_some_and(|stem| !NOT_NODES.iter().any(|file| file.strip_suffix(".yaml") == Some(stem)))
}

/// What is said, once, of a file without any node whose name is nearly that of one that holds something else, or is that
/// name in a folder further down.
fn misplaced(name: &str, file: &Arc<SourceFile>, read: &Entries<Kind>) -> Option<Diagnostic> {
    let is_of_nodes = !read.entries.is_empty() || !read.diagnostics.iter().any(|found| found.code == "unknown-kind");
    let stem = even(name.rsplit('/').next()?.strip_suffix(".yaml")?);
    let stems = || NOT_NODES.iter().filter_map(|file| file.strip_suffix(".yaml"));
    let meant = nearest(&stem, stems()).or_else(|| stems().find(|known| stem.starts_with(known)))?;
    (!is_of_nodes).then(|| {
        Diagnostic::error("unknown-kind", format!("this file is read as nodes, and holds none: is it `{meant}.yaml`?"))
            .at(Place::top(file))
            .help(format!("name it `{meant}.yaml`, right in the folder of the flows; an old copy belongs elsewhere"))
    })
}

fn add(flow: &mut Flow, file: &Arc<SourceFile>, map: BTreeMap<At<String>, Kind>, diagnostics: &mut Vec<Diagnostic>) {
    for (name, kind) in map {
        let place = name.place(file);
        if !is_plain(&name) {
            // Whoever names it may do so in the right way already: it is neither missing nor out of reach.
            flow.broken.extend([name.to_string(), even(&name)]);
            diagnostics.push(
                Diagnostic::error("node-name", format!("`{}` can't be the name of a node", *name))
                    .at(place.clone())
                    .help("use small letters without accents, digits and _, and begin with a letter, as in help_menu"),
            );
        }
        if let Some(first) = flow.nodes.get(name.as_str()) {
            let (line, _) = first.place.line_column();
            diagnostics.push(
                Diagnostic::error("node-twice", format!("the node `{}` stands twice in the line", *name))
                    .at(place)
                    .help(format!(
                        "it is already in {}, line {line}: give one of them another name",
                        first.place.file.path
                    )),
            );
            continue;
        }
        flow.nodes.insert(name.to_string(), Node { name: name.to_string(), place, kind });
    }
}

/// Names stand in drawings, addresses and logs: what they are made of must be harmless in all of them.
fn is_plain(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.len() <= 64
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}
