//! Lines, people and chains beside the flow: what it calls must be verified and have a name in every language, somebody
//! must be there some day, and what is written must be of use.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::reviews::midnight;
use crate::{
    call::Lang,
    diagnostic::{Diagnostic, Place},
    engine::Loaded,
    files::Name,
    flow::{Flow, Kind, Transfer},
};

/// What costs next to nothing.
pub(super) fn check(loaded: &Loaded, flow: &Flow) -> Vec<Diagnostic> {
    let mut found = unverified(loaded, flow);
    found.extend(group_names(loaded));
    if flow.is_whole() {
        found.extend(unused(loaded, &named_by_transfers(flow)));
    }
    found
}

/// Hours in which nobody ever answers.
pub(super) fn never_opens(loaded: &Loaded, today: Date) -> Vec<Diagnostic> {
    let minute = midnight(today);
    let never = |message: String, place: Place| {
        Diagnostic::error("never-opens", message)
            .at(place)
            .help("look at the hours, the days and the years that are written there: one may have passed")
    };
    let mut found = Vec::new();
    if let Some(lines) = &loaded.lines {
        let file = &lines.lines.file;
        for (name, line) in &lines.lines.value {
            if let (Some(hours), Some(written)) = (line.times(file).0, &line.hours)
                && hours.prepare(minute).never_opens()
            {
                let message = format!("`{}` answers on none of the coming 420 days", **name);
                found.push(never(message, written.place(file)));
            }
        }
    }
    let Some(people) = &loaded.responders else { return found };
    let file = &people.groups.file;
    for (name, group) in &people.groups.value {
        // Without hours, or with hours that could not be read, it is not known, and not said to be never.
        let nobody = group.people.values().all(|who| {
            let hours = who.times(file).0;
            hours.is_some_and(|hours| hours.prepare(minute).never_opens())
        });
        if nobody && !group.people.is_empty() {
            let message = format!("nobody of `{}` is on duty on any of the coming 420 days", **name);
            found.push(never(message, name.place(file)));
        }
    }
    found
}

/// Lines that transfers name and nobody has verified.
fn unverified(loaded: &Loaded, flow: &Flow) -> Vec<Diagnostic> {
    let Some(lines) = &loaded.lines else { return Vec::new() };
    let mut found = Vec::new();
    for node in flow.nodes.values() {
        if let Kind::Transfer(Transfer { line: Some(name), .. }) = &node.kind
            && lines.get(name).is_some_and(|line| !line.verified)
        {
            let message = format!("nobody has verified `{}`: it is not called", **name);
            found.push(
                Diagnostic::error("unverified-line", message)
                    .at(node.at(name))
                    .help("dial it, write the day of it under `source`, and remove `verified: false` in lines.yaml"),
            );
        }
    }
    found
}

/// A group is announced by its name, in every language of the line.
fn group_names(loaded: &Loaded) -> Vec<Diagnostic> {
    let (Some(world), Some(people)) = (&loaded.world, &loaded.responders) else { return Vec::new() };
    let mut found = Vec::new();
    for (name, group) in &people.groups.value {
        let missing = |lang: &&Lang| !group.name.contains_key(*lang);
        for lang in world.langs.iter().filter(missing) {
            found.push(
                Diagnostic::error("missing-translation", format!("this group has no name in `{lang}`"))
                    .at(name.place(&people.groups.file))
                    .help("add it under `name`"),
            );
        }
    }
    found
}

/// The chains that transfers call.
fn named_by_transfers(flow: &Flow) -> BTreeSet<&str> {
    let chains = flow.nodes.values().filter_map(|node| match &node.kind {
        Kind::Transfer(Transfer { chain, .. }) => chain.as_ref(),
        _ => None,
    });
    chains.map(|name| name.as_str()).collect()
}

fn unused(loaded: &Loaded, used: &BTreeSet<&str>) -> Vec<Diagnostic> {
    let Some(chains) = &loaded.chains else { return Vec::new() };
    let unused = |name: &&Name| !used.contains(name.as_str());
    let unused = chains.chains.value.keys().filter(unused);
    let warning = |name: &Name| {
        Diagnostic::warning("unused-chain", format!("no node calls the chain `{}`", **name))
            .at(name.place(&chains.chains.file))
            .help("name it in a `transfer` node, or remove it")
    };
    unused.map(warning).collect()
}
