//! Everything that judges a line before it is on the air: one file per lint, and the exhaustive walk.
//!
//! Comes after `engine::Loaded`, which already says what can't be read or linked. Knows the flows, the scripts and the
//! engine; of providers what they can do, as data; neither dialects nor the server.

mod chain_names;
mod chains;
mod content;
mod coverage;
mod dictation;
mod doors;
mod endings;
mod goals;
mod markers;
mod menus;
mod notices;
mod numbers;
mod provider;
mod reach;
mod reviews;
mod search;
mod sheets;
mod walk;

pub use chains::{Called, Member, NotCalled, alone, called, longest};
pub use coverage::{Item, coverage, summary};
pub use goals::{Cost, Goals, Way, goals};
pub use provider::for_provider;
pub use reviews::{day, deadlines};
pub use walk::{Walk, walk, walk_and_see};

use jiff::civil::Date;

use crate::{diagnostic::Diagnostic, engine::Loaded, flow::Flow};

/// All findings on what was loaded, those of loading first, and those of the exhaustive walk. `today` is given.
pub fn check(loaded: &Loaded, today: Date) -> Vec<Diagnostic> {
    let mut found = lints(loaded, today);
    if let Some(flow) = &loaded.flow {
        // Not asked at a start: a line whose rota has run out still helps.
        if loaded.lines.as_ref().is_some_and(|lines| lines.broken.is_empty()) {
            found.extend(chains::check(loaded, flow, today));
        }
        found.extend(chain_names::never_opens(loaded, today));
        found.extend(content::check(loaded, flow));
        found.extend(sheets::check(loaded));
    }
    // The walk explains in the engine's terms what the lints say at the right line: only what they missed is added.
    if let (Some(flow), Some(world)) = (&loaded.flow, &loaded.world)
        && found.iter().all(|d| !is_error(d))
    {
        found.extend(walk(world).findings.into_iter().map(|finding| finding.diagnostic(flow)));
        // How far a goal may be is the operator's own wish: what is missed of the others is told by `--reach` alone.
        if (flow.goals.is_some() || flow.called.is_some())
            && let Some(goals) = goals(loaded)
        {
            let aims = flow.goals.as_ref().map(|aims| &aims.file.path);
            let is_named =
                |missed: &Diagnostic| missed.place.as_ref().map(|at| &at.file.path) == aims && aims.is_some();
            found.extend(goals.missed.into_iter().filter(is_named));
            found.extend(goals.missed_by_number);
        }
    }
    // Last: what is not said yet hides nothing of the ways.
    // Where a way is missing, what stands behind it is not heard either.
    let is_cut_off = found.iter().any(|found| matches!(found.code, "unreachable-node" | "unknown-node"));
    found.extend(coverage::check(loaded).into_iter().filter(|found| !is_cut_off || found.code != "uncovered-source"));
    found
}

/// The same without the walk: what costs next to nothing, and a server asks before it opens the line.
pub fn lints(loaded: &Loaded, today: Date) -> Vec<Diagnostic> {
    let mut found = loaded.diagnostics.clone();
    found.extend(reviews::check(&loaded.scripts, today));
    if let Some(flow) = &loaded.flow {
        found.extend(notices::check(flow, today));
        found.extend(menus::check(flow));
        // Where something could not be read, what is not named elsewhere may be named there.
        if flow.is_whole() {
            found.extend(reach::check(flow));
            found.extend(reach::unused_scripts(flow, &loaded.scripts));
            found.extend(doors::check(flow));
            found.extend(goals::unknown_names(flow, &loaded.scripts));
        }
        found.extend(endings::check(flow));
        found.extend(markers::check(&loaded.scripts));
        found.extend(dictation::check(flow, &loaded.scripts));
        found.extend(chain_names::check(loaded, flow));
        if let Some(lines) = loaded.lines.as_ref().filter(|lines| lines.broken.is_empty()) {
            found.extend(numbers::check(&loaded.scripts, lines));
        }
    }
    found
}

fn is_error(diagnostic: &Diagnostic) -> bool {
    diagnostic.severity == crate::diagnostic::Severity::Error
}

/// The nodes that callers can come to: from where the program itself leads, along every target.
fn reachable(flow: &Flow) -> std::collections::BTreeSet<&str> {
    let mut reached = std::collections::BTreeSet::new();
    let mut todo: Vec<&str> = flow.beginnings().map(|name| name.as_str()).collect();
    while let Some(name) = todo.pop() {
        if let Some(node) = flow.nodes.get(name)
            && reached.insert(node.name.as_str())
        {
            todo.extend(node.targets().iter().map(|target| target.as_str()));
        }
    }
    reached
}
