//! What the facts of a call add to the counters. The journal will read the same facts.

use crate::{
    call::{CENTRE_LINES, Fact},
    engine::World,
    lines::board::Rested,
    telemetry::{Metric, Metrics},
};

/// Counts `facts`. The trace of a fact doesn't say of which call it is.
pub(super) fn record(metrics: &Metrics, facts: &[Fact]) {
    for fact in facts {
        if let Some(metric) = metric(fact) {
            metrics.count(metric);
        }
        tracing::debug!(?fact);
        if let Fact::NumberReported(centre) = fact {
            tracing::info!(%centre, "a caller says that the number of this centre did not work");
        }
    }
}

/// Counts and tells that a line is rested.
pub(super) fn rested(metrics: &Metrics, world: &World, Rested { line, minutes }: Rested) {
    metrics.count(Metric::LinesRested);
    let listed = world.listed.iter().find(|listed| listed.line == line);
    let centre = || world.directory.as_ref()?.centres().iter().find(|centre| centre.finess.line() == line);
    let name = listed.map(|listed| listed.name.clone()).or_else(|| Some(format!("{CENTRE_LINES}{}", centre()?.finess)));
    let line = name.unwrap_or_else(|| "of a set that is no longer on the air".to_owned());
    tracing::warn!(line, minutes, "a line failed again and again: it is rested");
}

fn metric(fact: &Fact) -> Option<Metric> {
    match fact {
        Fact::Began => Some(Metric::CallsBegun),
        Fact::Limited { .. } => Some(Metric::NewCallsLimited),
        Fact::UrgentHelp => Some(Metric::UrgentHelp),
        Fact::TransferTried(_) => Some(Metric::TransfersTried),
        Fact::NumberReported(_) => Some(Metric::NumbersReported),
        // Lost tokens were counted where they could not be read.
        Fact::Lost
        | Fact::LanguageChosen(_)
        | Fact::Reached(_)
        | Fact::Failure
        | Fact::TransferEnded { .. }
        | Fact::SaidGoodbye(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::{LineId, NodeId};

    #[test]
    fn facts_become_counts() {
        let metrics = Metrics::default();
        let line = LineId::of("sos");
        record(
            &metrics,
            &[Fact::Began, Fact::Reached(NodeId::of("menu")), Fact::UrgentHelp, Fact::TransferTried(line)],
        );
        record(&metrics, &[Fact::Began]);
        assert_eq!(metrics.get(Metric::CallsBegun), 2);
        assert_eq!(metrics.get(Metric::UrgentHelp), 1);
        assert_eq!(metrics.get(Metric::TransfersTried), 1);
    }
}
