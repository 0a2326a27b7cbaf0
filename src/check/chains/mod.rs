//! Every chain ends with a person or with an honest number: proved for each minute of the next 400 days.
//!
//! Time is cut at every instant at which anybody of a chain opens or closes, holidays and the nights in which the clock
//! jumps included. In each interval somebody is open who can be called, or the place that follows says a number whose
//! line is open then, or a key of its menu calls one. What attempts come to is the same for all but a conversation (the
//! next one is tried), so that one walk covers every combination: see [`longest`].

mod after;
mod called;
mod intervals;
mod outcomes;
mod words;

#[cfg(test)]
mod tests;

use std::ops::Range;

use jiff::{civil::Date, tz::TimeZone};

pub use called::{Called, Member, NotCalled, called};
pub use outcomes::longest;

use self::{after::After, intervals::stretches};
use super::reviews::midnight;
use crate::{
    diagnostic::Diagnostic,
    engine::Loaded,
    flow::{Flow, Kind},
    lines::CHAIN_SECONDS,
};

/// Days that are proved.
const DAYS: u32 = 400;

/// The findings on chains, from the beginning of `today` in Paris on. Short numbers can be called if every provider that
/// is set dials them: otherwise the chain must hold without them.
pub(super) fn check(loaded: &Loaded, flow: &Flow, today: Date) -> Vec<Diagnostic> {
    let Some(zone) = zone() else { return Vec::new() };
    let from = midnight(today);
    let span = from..from.saturating_add(DAYS * 24 * 60);
    let all = called(loaded, from);
    let mut found = Vec::new();
    for one in &all {
        found.extend(one.rings_too_short());
        // What is not known, or not to be called, is said elsewhere.
        let only_said = |member: &Member| matches!(member.not_called, Some(NotCalled::NotByThisProvider(_)));
        let nothing_to_call = one.members.is_empty()
            || !one.is_chain && one.attempts().next().is_none() && !one.members.iter().any(only_said);
        if one.members.iter().any(|member| member.not_called == Some(NotCalled::Unknown)) || nothing_to_call {
            continue;
        }
        let alone = gaps(one, &span);
        // Of a line that is written in parts, what is missing may be said in the part that could not be read.
        if !alone.is_empty() && flow.is_whole() {
            found.extend(judge(loaded, flow, &all, one, &alone, &span, &zone));
        }
    }
    found
}

/// When nobody of `one` can be called, from `from` on for 400 days, in words.
pub fn alone(one: &Called, from: u32) -> Option<String> {
    let span = from..from.saturating_add(DAYS * 24 * 60);
    let gaps = gaps(one, &span);
    (!gaps.is_empty()).then(|| zone().map(|zone| words::of(&gaps, &span, &zone)))?
}

/// The clock by which times are told.
fn zone() -> Option<TimeZone> {
    TimeZone::get("Europe/Paris").ok()
}

/// The stretches in which nobody can be called.
fn gaps(one: &Called, span: &Range<u32>) -> Vec<Range<u32>> {
    stretches(span, one.changes(), |minute| !one.is_open(minute))
}

/// What is wrong in the stretches in which nobody of `one` can be called.
fn judge(
    loaded: &Loaded,
    flow: &Flow,
    all: &[Called],
    one: &Called,
    alone: &[Range<u32>],
    span: &Range<u32>,
    zone: &TimeZone,
) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut silent = Vec::new();
    for (failed, after) in one.failed(flow).map(|failed| (failed, After::new(loaded, flow, all, failed, span.start))) {
        let within = |minute| alone.iter().any(|gap| gap.contains(&minute));
        let cuts = alone.iter().flat_map(|gap| [gap.start, gap.end]).chain(after.changes());
        let quiet = stretches(span, cuts, |minute| within(minute) && !after.is_answered(minute));
        if !quiet.is_empty() {
            let when = words::of(&quiet, span, zone);
            let message =
                format!("nobody of `{}` can be called, and `{failed}` says no number that answers: {when}", one.name);
            let help = "say the number of a line that is open then there, as in {tel: 3114}, or let a key call one";
            found.push(Diagnostic::error("nobody-answers", message).at(one.place.clone()).help(help));
        }
        silent.extend(quiet);
    }
    let cuts = alone.iter().chain(&silent).flat_map(|gap| [gap.start, gap.end]);
    let any = |gaps: &[Range<u32>], minute| gaps.iter().any(|gap| gap.contains(&minute));
    let only = stretches(span, cuts, |minute| any(alone, minute) && !any(&silent, minute));
    if one.announced_only.is_none() && !only.is_empty() {
        let message = format!("nobody of `{}` can be called: {}", one.name, words::of(&only, span, zone));
        let help = if one.is_chain {
            "add a line that is open then; or, if it is enough that a number is said, write `announced_only: \"why\"` here"
        } else {
            "call a chain of chains.yaml with a line that is open then, or one that says `announced_only: \"why\"`"
        };
        found.push(Diagnostic::error("announced-only", message).at(one.place.clone()).help(help));
    }
    found
}

impl Called<'_> {
    /// The node after each place that calls it. The numbers, where no place does yet.
    fn failed<'f>(&self, flow: &'f Flow) -> impl Iterator<Item = &'f str> {
        let mut failed: Vec<&str> = Vec::new();
        for node in self.nodes.iter().filter_map(|node| flow.nodes.get(&node.name)) {
            if let Kind::Transfer(transfer) = &node.kind
                && !failed.contains(&transfer.failed.as_str())
            {
                failed.push(&transfer.failed);
            }
        }
        if self.nodes.is_empty() {
            failed.extend(flow.universal.iter().map(|universal| universal.value.numbers.as_str()));
        }
        failed.into_iter()
    }

    fn rings_too_short(&self) -> Option<Diagnostic> {
        // A chain that rings for no time at all is refused elsewhere.
        let (seconds, place) = self.most.as_ref().filter(|(seconds, _)| CHAIN_SECONDS.contains(seconds))?;
        let first = self.attempts().next().filter(|first| *seconds < u16::from(first.ring))?;
        let message =
            format!("{seconds} seconds are too short for `{}` to ring its {} seconds", first.name, first.ring);
        let help = "give the chain more seconds, or the line fewer (`ring_seconds`): nobody after it would be called";
        Some(Diagnostic::warning("rings-too-short", message).at(place.clone()).help(help))
    }
}
