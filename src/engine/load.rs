//! From the operator's files to a world, with everything that is wrong in them.

use super::{Settings, World, mark::mark};
use crate::{
    diagnostic::{Diagnostic, Severity},
    files::Files,
    flow::Flow,
    lines::{Book, Chains, Lines, Responders},
    script::Scripts,
};

/// What was read, for those who serve it and for those who judge it.
#[derive(Debug)]
pub struct Loaded {
    /// The flows, if they could be understood.
    pub flow: Option<Flow>,
    /// The lines, if they could be understood.
    pub lines: Option<Lines>,
    /// The operator's own people, if there are any.
    pub responders: Option<Responders>,
    /// The chains, if there are any.
    pub chains: Option<Chains>,
    /// The scripts that could be understood.
    pub scripts: Scripts,
    /// The world, if everything fits together.
    pub world: Option<World>,
    /// Whether every provider that is set can dial short numbers.
    pub dials_short: bool,
    /// Everything that is wrong.
    pub diagnostics: Vec<Diagnostic>,
}

impl Loaded {
    /// The flows and scripts that are part of the program.
    pub fn shipped(settings: &Settings) -> Loaded {
        Loaded::new(&Files::embedded_flows(), &Files::embedded_scripts(), settings)
    }

    /// Reads and links everything.
    pub fn new(flows: &Files, scripts: &Files, settings: &Settings) -> Loaded {
        if flows.no_folder || scripts.no_folder {
            // Everything would be missing: the folders are what is wrong.
            let diagnostics = flows.diagnostics.iter().chain(&scripts.diagnostics).cloned().collect();
            let (lines, responders, chains) = (None, None, None);
            let scripts = Scripts::default();
            let dials_short = settings.dials_short;
            return Loaded { flow: None, lines, responders, chains, scripts, world: None, dials_short, diagnostics };
        }
        let (flow, mut diagnostics) = Flow::parse(flows);
        let (lines, found) = Lines::parse(flows);
        diagnostics.extend(found);
        let (responders, found) = Responders::parse(flows);
        diagnostics.extend(found);
        let (chains, found) = Chains::parse(flows);
        diagnostics.extend(found);
        let book = Book { lines: lines.as_ref(), responders: responders.as_ref(), chains: chains.as_ref() };
        diagnostics.extend(book.judge(flows));
        let spoken_in = scripts;
        let (mut scripts, found) = Scripts::parse(spoken_in);
        diagnostics.extend(found);
        if let Some(notices) = &flow.notices {
            let words = notices
                .value
                .iter()
                .flat_map(|(name, notice)| notice.say.iter().map(move |(lang, words)| (*lang, name, words)));
            diagnostics.extend(scripts.add_notices(&notices.file, words));
        }
        let mut world = None;
        match World::build(&flow, &scripts, book, settings) {
            Ok(built) => world = Some(World { mark: mark(flows, spoken_in, &scripts, settings), ..built }),
            Err(found) => diagnostics.extend(found),
        }
        // A file that could not be read may hold what the rest needs: such a world must not be served.
        if diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error) {
            world = None;
        }
        let (flow, dials_short) = (Some(flow), settings.dials_short);
        Loaded { flow, lines, responders, chains, scripts, world, dials_short, diagnostics }
    }
}
