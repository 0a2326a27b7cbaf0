//! From YAML text to the flow, every mistake with its position. A file that is wrong does not hide mistakes in others.

use std::{collections::BTreeMap, sync::Arc};

use super::{Flow, Kind, Node, Universal};
use crate::{
    diagnostic::{Diagnostic, Place, SourceFile},
    files::{At, Files, LINES_FILE, Located, yaml},
};

/// The file of the universal keys.
pub const UNIVERSAL_FILE: &str = "universal.yaml";

/// Files of `call_flows/` that are not made of nodes.
const NOT_NODES: [&str; 2] = [UNIVERSAL_FILE, LINES_FILE];

impl Flow {
    /// Reads every flow file, and gives back what could be understood with all that is wrong.
    pub fn parse(files: &Files) -> (Option<Flow>, Vec<Diagnostic>) {
        let mut diagnostics = files.diagnostics.clone();
        let mut nodes: BTreeMap<String, Node> = BTreeMap::new();
        let mut universal = None;
        for file in &files.files {
            let is_yaml = file.name.ends_with(".yaml") || file.name.ends_with(".yml");
            if file.name == UNIVERSAL_FILE {
                match yaml::<Universal>(&file.source) {
                    Ok(value) => universal = Some(Located { value, file: file.source.clone() }),
                    Err(diagnostic) => diagnostics.push(*diagnostic),
                }
            } else if is_yaml && !NOT_NODES.contains(&file.name.as_str()) {
                match yaml::<BTreeMap<At<String>, Kind>>(&file.source) {
                    Ok(map) if map.is_empty() => diagnostics.push(
                        Diagnostic::error("empty-file", "this file has no node")
                            .at(Place::top(&file.source))
                            .help("write at least one node, or remove the file"),
                    ),
                    Ok(map) => add(&mut nodes, &file.source, map, &mut diagnostics),
                    Err(diagnostic) => diagnostics.push(*diagnostic),
                }
            }
        }
        if universal.is_none() && !files.files.iter().any(|file| file.name == UNIVERSAL_FILE) {
            diagnostics.push(
                Diagnostic::error("no-universal-file", format!("the flows have no file {UNIVERSAL_FILE}"))
                    .help("it says where a call begins and where the keys 0, 8 and 9 lead: copy the one that comes with the program"),
            );
        }
        (universal.map(|universal| Flow { nodes, universal }), diagnostics)
    }
}

fn add(
    nodes: &mut BTreeMap<String, Node>,
    file: &Arc<SourceFile>,
    map: BTreeMap<At<String>, Kind>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    for (name, kind) in map {
        let place = name.place(file);
        if let Some(first) = nodes.get(name.as_str()) {
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
        nodes.insert(name.to_string(), Node { name: name.to_string(), place, kind });
    }
}
