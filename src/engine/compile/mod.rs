//! From flows, scripts and lines to a world: names become ids, scripts become speeches, and what does not fit together
//! becomes diagnostics. A world that was made can be spoken from every place.

mod asks;
mod called;
mod centres;
mod circles;
mod documents;
mod goals;
mod missing;
mod nodes;
mod notices;
mod roles;
mod speeches;
mod transfers;
mod whispers;

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use jiff::tz::TimeZone;

use super::{Node, Notice, Phrase, World, closed::TimeWords};
use crate::{
    call::Lang,
    diagnostic::{Diagnostic, Place},
    directory::Directory,
    files::{Name, nearest},
    flow::{Flow, GREETING},
    lines::{Book, Listed},
    script::Scripts,
};

/// What the operator's settings say of the line itself.
#[derive(Clone, Default, Debug)]
pub struct Settings {
    /// Who runs the line, as spoken in each language.
    pub operator: BTreeMap<Lang, String>,
    /// How to reach them, as spoken in each language.
    pub contact: BTreeMap<Lang, String>,
    /// Whether the call costs the caller nothing.
    pub call_is_free: bool,
    /// The minute at which the line is loaded: opening hours are laid out from it on. They are right without it, too.
    pub minute: u32,
    /// Whether every provider that is set can dial short numbers. Chains are judged by it: what holds without short
    /// numbers holds with them.
    pub dials_short: bool,
    /// The centres, if there is a directory.
    pub directory: Option<Arc<Directory>>,
}

impl World {
    /// Links everything together, or says everything that does not fit.
    ///
    /// Without lines, or where the flow lacks its universal keys, there is no world: only what is wrong elsewhere is said.
    pub fn build(
        flow: &Flow,
        scripts: &Scripts,
        book: Book<'_>,
        settings: &Settings,
    ) -> Result<World, Vec<Diagnostic>> {
        let mut compiler = Compiler {
            flow,
            scripts,
            book,
            settings,
            langs: Vec::new(),
            notices: HashMap::new(),
            found: Vec::new(),
            missing: Vec::new(),
        };
        compiler.langs = compiler.languages();
        compiler.notices = compiler.notices();
        let called = compiler.called();
        let roles = compiler.roles();
        let phrases = Phrase::ALL.map(|phrase| compiler.phrase(phrase));
        let asks = compiler.ask_words();
        let whispers = compiler.whispers();
        let centres = compiler.centre_words();
        let mut nodes = HashMap::with_capacity(flow.nodes.len());
        for node in flow.nodes.values() {
            let compiled = compiler.node(node);
            if let Some(Node { name, .. }) = nodes.insert(compiled.id, compiled) {
                compiler.error(
                    "name-collision",
                    format!("`{}` and `{name}` have the same short id", node.name),
                    node.place.clone(),
                    "rename one of them",
                );
            }
        }
        let greeting = compiler.notices.remove(GREETING).unwrap_or_default();
        compiler.circles();
        compiler.sum_up_missing();
        let listed = book.lines.map(|lines| Listed::all(lines, book.responders)).unwrap_or_default();
        let times = compiler.langs.iter().filter_map(|lang| TimeWords::of(scripts, *lang)).collect();
        match (roles, book.lines) {
            (Some(roles), Some(_)) if compiler.found.is_empty() => Ok(World {
                // Made of the files, which are not known here.
                mark: String::new(),
                line_names: compiler.line_names(&listed),
                listed,
                langs: compiler.langs,
                roles,
                nodes,
                zone: TimeZone::get("Europe/Paris").unwrap_or(TimeZone::UTC),
                call_is_free: settings.call_is_free,
                times,
                minute: settings.minute,
                recordings: scripts.recordings().cloned().collect(),
                phrases: phrases.into(),
                called,
                greeting,
                whispers,
                asks,
                directory: settings.directory.clone(),
                centres,
            }),
            _ => Err(compiler.found),
        }
    }
}

struct Compiler<'a> {
    flow: &'a Flow,
    scripts: &'a Scripts,
    book: Book<'a>,
    settings: &'a Settings,
    langs: Vec<Lang>,
    /// What is said for a time, by where it is said.
    notices: HashMap<&'a str, Vec<Notice>>,
    found: Vec<Diagnostic>,
    missing: Vec<missing::Missing>,
}

impl Compiler<'_> {
    pub(super) fn error(&mut self, code: &'static str, message: String, place: Place, help: impl Into<String>) {
        self.find(Diagnostic::error(code, message).at(place).help(help));
    }

    /// What several nodes bring to light is said once.
    pub(super) fn find(&mut self, diagnostic: Diagnostic) {
        if !self.found.contains(&diagnostic) {
            self.found.push(diagnostic);
        }
    }

    pub(super) fn unknown_node(&mut self, name: &Name, place: Place) {
        // What is written but could not be read is not missing.
        if self.flow.is_broken(name) {
            return;
        }
        let nearest = nearest(name, self.flow.nodes.keys().map(String::as_str));
        if nearest.is_none() && self.flow.incomplete {
            return;
        }
        let help = nearest.map_or_else(
            || "write that node, or name another one".to_owned(),
            |nearest| format!("did you mean `{nearest}`? Else write that node"),
        );
        self.error("unknown-node", format!("no node is called `{}`", **name), place, help);
    }
}
