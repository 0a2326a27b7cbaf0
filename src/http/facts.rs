//! What the facts of a call become: counts, and one batch for the journal for each webhook.
//!
//! Only what a believed webhook of a caller's own call says is kept; of a leg, nothing. The trace of a fact doesn't say of
//! which call it is.

use std::sync::Arc;

use super::{app::App, drive::Answer};
use crate::{
    call::{CENTRE_LINES, CallKey, DialOutcome, Fact, Incoming, Lang, LineId, NodeId},
    engine::World,
    journal::{Batch, Happening, Kind},
    lines::board::Rested,
    telemetry::{Metric, Metrics},
};

/// The turn of the end of a call: always the same, so that an end that is told twice is one fact.
const LAST_TURN: u16 = u16::MAX;

/// What one webhook has brought, as far as it came.
#[derive(Default)]
pub(super) struct Happened {
    /// Answers given before it.
    pub(super) turn: u16,
    /// The call begins with it.
    pub(super) begins: bool,
    /// The language of the call behind it, once one is chosen.
    pub(super) lang: Option<Lang>,
    /// What happened, in order; also where the answer could not be written.
    pub(super) facts: Vec<Fact>,
}

impl Happened {
    /// Takes the facts of an answer.
    pub(super) fn add(&mut self, answer: &mut Answer) {
        self.lang = answer.state.lang;
        self.facts.append(&mut answer.facts);
    }
}

/// Counts what `incoming` has brought, and hands it to the journal. `apologised`: it was answered with an apology.
pub(super) fn record(app: &App, world: &World, incoming: &Incoming, happened: &Happened, apologised: bool) {
    count(&app.metrics, &happened.facts);
    if !app.recorder.is_on() || happened.facts.is_empty() && !apologised {
        return;
    }
    let mut facts = Vec::with_capacity(happened.facts.len() + usize::from(apologised));
    facts.extend(happened.facts.iter().map(|fact| happening(world, fact)));
    facts.extend(apologised.then(|| plain(Kind::Apologised)));
    let caller = (happened.begins && app.recorder.counts_callers()).then(|| incoming.caller.clone());
    app.recorder.record(Batch {
        call: incoming.call,
        turn: happened.turn,
        second: app.clock.signed_second(),
        lang: happened.lang,
        caller,
        facts,
    });
}

/// Hands to the journal that a call is over. Where the call was, its other facts say.
pub(super) fn ended(app: &App, call: &CallKey) {
    // What `doctor` asks is no call.
    if app.recorder.is_on() && !call.is_of_doctor() {
        let facts = vec![plain(Kind::Ended)];
        let (turn, second) = (LAST_TURN, app.clock.signed_second());
        app.recorder.record(Batch { call: *call, turn, second, lang: None, caller: None, facts });
    }
}

fn plain(kind: Kind) -> Happening {
    about(kind, Arc::default())
}

fn about(kind: Kind, subject: Arc<str>) -> Happening {
    Happening { kind, subject, outcome: None, talked: None }
}

/// A fact as the journal keeps it. Names were made when the world was loaded; only rare ones are made here.
fn happening(world: &World, fact: &Fact) -> Happening {
    let node = |id: &NodeId| world.node(*id).map(|node| node.name.clone()).unwrap_or_default();
    let line = |id: &LineId| world.line_name(*id).cloned().unwrap_or_default();
    match fact {
        Fact::Began => plain(Kind::Began),
        Fact::LanguageChosen(_) => plain(Kind::Language),
        Fact::Reached(id) => about(Kind::Reached, node(id)),
        Fact::Heard(script) => about(Kind::Heard, script.clone()),
        Fact::Goal(goal) => about(Kind::Goal, goal.clone()),
        Fact::UrgentHelp => plain(Kind::Urgent),
        Fact::Failure => plain(Kind::Failure),
        Fact::TransferTried(id) => about(Kind::Tried, line(id)),
        Fact::TransferEnded { line: id, outcome, talked } => {
            // Seconds that were not those of a conversation are none.
            let talked = talked.filter(|_| *outcome == DialOutcome::Completed);
            Happening { outcome: Some(*outcome), talked, ..about(Kind::Transferred, line(id)) }
        }
        Fact::LookedUp(department) => about(Kind::LookedUp, department.number().into()),
        Fact::NumberReported(centre) => about(Kind::Reported, centre.to_string().into()),
        Fact::Lost => plain(Kind::Lost),
        Fact::Limited { by_caller } => about(Kind::Limited, if *by_caller { "caller" } else { "all" }.into()),
        Fact::SaidGoodbye(id) => about(Kind::Goodbye, node(id)),
    }
}

fn count(metrics: &Metrics, facts: &[Fact]) {
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
    let listed = world.listed.iter().find(|listed| listed.counted == line);
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
        | Fact::Heard(_)
        | Fact::Goal(_)
        | Fact::LookedUp(_)
        | Fact::Failure
        | Fact::TransferEnded { .. }
        | Fact::SaidGoodbye(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;

    use super::*;
    use crate::{
        http::testing::{post, recorded, send},
        journal::Recorder,
    };

    #[test]
    fn facts_become_counts() {
        let metrics = Metrics::default();
        let line = LineId::of("sos");
        count(&metrics, &[Fact::Began, Fact::Reached(NodeId::of("menu")), Fact::UrgentHelp, Fact::TransferTried(line)]);
        count(&metrics, &[Fact::Began]);
        assert_eq!(metrics.get(Metric::CallsBegun), 2);
        assert_eq!(metrics.get(Metric::UrgentHelp), 1);
        assert_eq!(metrics.get(Metric::TransfersTried), 1);
    }

    /// What is handed over after each of these signed webhooks: turns and kinds.
    async fn handed_over(public_url: &str, webhooks: &[(&str, &str)]) -> Vec<Vec<(u16, Vec<Kind>)>> {
        let (recorder, mut batches) = Recorder::new(100);
        let app = recorded(public_url, recorder);
        let mut all = Vec::new();
        for (path, body) in webhooks {
            assert_eq!(send(&app, post(path, body)).await.status(), StatusCode::OK);
            let batches = std::iter::from_fn(|| batches.try_recv().ok());
            let kinds = |batch: Batch| (batch.turn, batch.facts.iter().map(|fact| fact.kind).collect());
            all.push(batches.map(kinds).collect());
        }
        all
    }

    #[tokio::test]
    async fn an_apology_is_a_fact_behind_those_of_the_answer_that_could_not_be_written() {
        let too_long = format!("https://line.example.org/{}", "a".repeat(1024));
        let told = handed_over(&too_long, &[("/fake/voice", "event=started&call=CA1")]).await;
        assert_eq!(told, [[(0, vec![Kind::Began, Kind::Reached, Kind::Apologised])]]);
    }

    #[tokio::test]
    async fn the_end_of_a_call_is_one_fact_wherever_it_is_told_and_that_of_a_leg_is_none() {
        let ended = vec![(LAST_TURN, vec![Kind::Ended])];
        let told = handed_over(
            "https://line.example.org",
            &[
                ("/fake/voice", "event=ended&call=CA1"),
                ("/fake/status", "event=ended&call=CA1"),
                ("/fake/status", "event=ended&call=CA2&parent=CA1"),
                ("/fake/leg", "event=ended&call=CA2&parent=CA1"),
                ("/fake/status", "event=started&call=CA1"),
                ("/fake/status", "event=ended&call=doctor"),
            ],
        );
        assert_eq!(told.await, [ended.clone(), ended, vec![], vec![], vec![], vec![]]);
    }

    #[tokio::test]
    async fn what_is_not_believed_or_can_not_be_read_is_no_fact() {
        let (recorder, mut batches) = Recorder::new(100);
        let app = recorded("https://line.example.org", recorder);
        for (signature, body) in [("forged", "event=started"), ("signed", "event=strange"), ("signed", "event=panic")] {
            for path in ["/fake/voice", "/fake/status", "/fake/leg"] {
                let mut request = post(path, body);
                request.headers_mut().insert("x-fake", signature.parse().unwrap());
                send(&app, request).await;
            }
        }
        assert!(batches.try_recv().is_err());
    }
}
