//! The path of one webhook: verify, read, find the call's place, step, write the answer.
//!
//! What is not signed is refused in silence. Once a webhook is believed, a person is on the line: whatever fails from
//! then on, they hear an apology and the numbers of urgent help, with status 200. No lock is taken on this path, except
//! by effects and by the end of a transfer or a call.

use axum::{extract::Request, http::StatusCode, response::Response};

use super::{
    app::{App, Site},
    drive::{Answer, Effects, Failure, PATIENCE, drive},
    facts::{self, Happened},
    leg,
    measure::{Measure, reason},
    panics::{caught, caught_async},
    place::Place,
    query::{LAST_ROUND, NO_LANG, Query},
    receive::{Received, Server},
    reply,
};
use crate::{
    call::{CallKey, DialOutcome, E164, Event, Incoming, Lang, TokenKind, Transfer},
    engine::{self, Now, World},
    provider::{Envelope, ParseError, Refusal, RenderError},
    telemetry::{Ended, Metric, Stage},
};

/// Longest URL that providers are sent back to, in characters.
pub(super) const MAX_URL: usize = 1024;

/// `/{provider}/voice`: what is said next.
pub(super) async fn voice(server: &Server, request: Request) -> Response {
    let (received, believed) = match believed(server, request).await {
        Ok(believed) => believed,
        Err(response) => return response,
    };
    let (app, site, query) = (&*server.app, received.site, received.query());
    let generation = app.generation();
    let world = &generation.world;
    let answer = match believed {
        Err(failure) => Err(failure),
        Ok(incoming) => {
            let mut happened = Happened::default();
            let answer = answer(app, world, site, &incoming, &query, &mut happened, &received.measure);
            let answer = caught_async(&app.metrics, answer).await;
            let answer = answer.unwrap_or_else(|panicked| Err(panicked.into()));
            facts::record(app, world, &incoming, &happened, answer.is_err());
            answer
        }
    };
    app.metrics.count(Metric::WebhooksAnswered);
    received.measure.ends(Ended::Answered);
    answer.unwrap_or_else(|failure| {
        app.metrics.count(Metric::FailuresAnswered);
        received.measure.ends(Ended::Apology);
        tracing::error!(provider = site.dialect.name(), round = query.round, %failure, "answered with an apology");
        reply::document(site.content_type.clone(), generation.apologies(site).answer(query.lang, query.round))
    })
}

/// `/{provider}/status`: what the provider tells without asking for anything. Only the end of a call matters.
pub(super) async fn status(server: &Server, request: Request) -> Response {
    let (received, believed) = match believed(server, request).await {
        Ok(believed) => believed,
        Err(response) => return response,
    };
    let (app, site) = (&*server.app, received.site);
    received.measure.ends(Ended::Answered);
    match believed {
        Err(failure) => {
            tracing::warn!(provider = site.dialect.name(), %failure, "a status was passed over");
        }
        Ok(incoming) => {
            if incoming.event == Event::Ended {
                over(app, &incoming);
            }
        }
    }
    nothing(site)
}

/// A webhook that is believed, and what it says; else the answer to a stranger.
pub(super) async fn believed<'s>(
    server: &'s Server,
    request: Request,
) -> Result<(Received<'s>, Result<Incoming, Failure>), Response> {
    let received = Received::read(server, request).await?;
    let believed = believe(&server.app, &received).map_err(|refusal| {
        received.measure.ends(Ended::Refused);
        refuse(&server.app, received.site, refusal)
    })?;
    received.measure.over(Stage::Verify);
    Ok((received, believed))
}

/// Verifies and reads. Not async: what is verified lives only in here.
fn believe(app: &App, received: &Received<'_>) -> Result<Result<Incoming, Failure>, Refusal> {
    let dialect = &received.site.dialect;
    let verified = match dialect.verify(received.raw()) {
        // Nothing is believed, but a person may be on the line: they hear the numbers of urgent help.
        Err(Refusal::NotCovered) => return Ok(Err(ParseError::NotCovered.into())),
        verified => verified?,
    };
    let parsed = caught(&app.metrics, || dialect.parse(&verified));
    Ok(parsed.map_err(Failure::from).and_then(|parsed| parsed.map_err(Failure::from)))
}

fn refuse(app: &App, site: &Site, refusal: Refusal) -> Response {
    app.metrics.count(Metric::SignatureRefused);
    site.measured.refuse(reason(refusal));
    // Apart: the first visit of a stranger must not hide from the operator that their own token is wrong.
    let kind = match refusal {
        Refusal::NoSignature | Refusal::OldSignature => &app.unsigned,
        Refusal::WrongSignature | Refusal::WrongBody | Refusal::WrongTime | Refusal::NotCovered => &app.forged,
    };
    if let Some(total) = kind.due() {
        tracing::warn!(provider = site.dialect.name(), reason = %refusal, total, "webhook refused");
    }
    reply::bare(StatusCode::FORBIDDEN)
}

pub(super) fn nothing(site: &Site) -> Response {
    reply::document(site.content_type.clone(), site.dialect.nothing())
}

/// A call, or a leg, is over.
fn over(app: &App, incoming: &Incoming) {
    app.board.over(&incoming.call, app.clock.now().minute);
    if incoming.parent.is_none() {
        facts::ended(app, &incoming.call);
    }
}

/// The part that may fail or panic in any place: `voice` answers then.
async fn answer(
    app: &App,
    world: &World,
    site: &Site,
    incoming: &Incoming,
    query: &Query<'_>,
    happened: &mut Happened,
    measure: &Measure<'_>,
) -> Result<Response, Failure> {
    let call = &incoming.call;
    if incoming.event == Event::Ended {
        over(app, incoming);
        return Ok(nothing(site));
    }
    if incoming.event == Event::Connected {
        return Ok(nothing(site));
    }
    let now = app.clock.now();
    let place = Place::find(app, site, incoming, query, now.minute);
    let (started, turn) = place.started_and_turn().unzip();
    let (can, directory) = (site.dialect.abilities(), world.standing(now.minute));
    let now = Now { turn_of: call.turn_of(), can, directory, ..now };
    (happened.begins, happened.turn) = (matches!(place, Place::Beginning(_)), place.answers(&now));
    // A place that is lost each time would lead round in a circle for ever: it counts as a failure of ours.
    let lost = matches!(place, Place::Lost(_)) && query.token.is_some();
    let is_urgent = matches!(&incoming.event, Event::Keys(keys) if keys.first().is_some_and(engine::is_urgent));
    if lost && query.round >= LAST_ROUND && !is_urgent {
        return Err(Failure::LostAgain);
    }
    let query = &Query { round: query.round.saturating_add(u8::from(lost)).min(LAST_ROUND), ..*query };
    let mut event = incoming.event.clone();
    if let Event::TransferEnded(transfer) = &mut event {
        if let Some(rested) = app.board.ended(call, turn, transfer.outcome, now.minute) {
            facts::rested(&app.metrics, world, rested);
        }
        transfer.accepted = place.accepted(app, site, call);
    } else if let Some(turn) = turn.filter(|_| place.rings()) {
        app.board.untold(call, turn, now.minute);
    }
    let called = incoming.called.as_ref();
    let first = place.step(world, called, &event, &now);
    let own = called.and_then(|called| world.called(called)?.caller_id.as_ref());
    let caller_id = own.or(site.caller_id.as_ref()).or(called);
    let effects =
        Effects { app, call: *call, started: started.unwrap_or(now.minute), turn: turn.unwrap_or(0), caller_id, now };
    let resume = |state, outcome| engine::step(world, state, &Event::Done(outcome), &now);
    let mut answer = drive(first, resume, &effects, &PATIENCE).await?;
    happened.add(&mut answer);
    measure.over(Stage::Step);
    let mut written = write(app, site, call, query, caller_id, &answer);
    measure.over(Stage::Write);
    if let Err(Failure::Render(RenderError::Unreachable)) = written {
        // Nothing of what was to ring can be dialled through this provider: the caller hears it as of any other line.
        tracing::error!(provider = site.dialect.name(), "a line can't be dialled through this provider");
        app.board.over(call, now.minute);
        let failed = Event::TransferEnded(Transfer::of(DialOutcome::Failed));
        answer = drive(engine::step(world, answer.state, &failed, &now), resume, &effects, &PATIENCE).await?;
        happened.add(&mut answer);
        measure.over(Stage::Step);
        written = write(app, site, call, query, caller_id, &answer);
        measure.over(Stage::Write);
    }
    Ok(reply::document(site.content_type.clone(), written?))
}

/// The answer as the provider reads it, its state sealed into its URLs.
fn write(
    app: &App,
    site: &Site,
    call: &CallKey,
    query: &Query<'_>,
    caller_id: Option<&E164>,
    answer: &Answer,
) -> Result<String, Failure> {
    let name = site.dialect.name();
    let token = app.tokens.seal(name, TokenKind::Call, call, &answer.state)?;
    let lang = answer.state.lang.as_ref().map_or(NO_LANG, Lang::as_str);
    let mut next = [&app.public_url, "/", name, "/voice?l=", lang, "&s=", &token].concat();
    if query.round > 0 {
        // Failures are counted over the whole call: one that comes every second time must reach its last round, too.
        next.push_str(&format!("&f={}", query.round));
    }
    if next.len() > MAX_URL {
        return Err(Failure::UrlTooLong(next.len()));
    }
    let leg = leg::asked_at(app, site, call, answer)?;
    let envelope = Envelope { next: &next, leg: leg.as_deref(), caller_id, public_url: &app.public_url };
    Ok(site.dialect.render(&answer.verbs, &envelope)?)
}

#[cfg(test)]
mod tests {
    use axum::{body::Body, extract::Request};

    use super::*;
    use crate::http::testing::{app, post, send, text};

    #[tokio::test]
    async fn what_is_not_signed_is_refused_in_silence_and_counted() {
        let app = app();
        for path in ["/fake/voice", "/fake/status"] {
            let unsigned = Request::post(path).body(Body::from("event=started")).unwrap();
            let forged = Request::post(path).header("x-fake", "forged").body(Body::from("event=panic")).unwrap();
            for request in [unsigned, forged] {
                let response = send(&app, request).await;
                assert_eq!(response.status(), StatusCode::FORBIDDEN);
                assert_eq!(response.headers()["cache-control"], "no-store");
                assert_eq!(text(response).await, "");
            }
        }
        assert_eq!(app.metrics.get(Metric::SignatureRefused), 4);
        assert_eq!(app.metrics.get(Metric::WebhooksAnswered), 0);
    }

    #[tokio::test]
    async fn a_failure_and_a_panic_after_verification_are_answered_with_an_apology() {
        let app = app();
        for (body, panics) in [("event=strange", 0), ("event=panic", 1)] {
            let response = send(&app, post("/fake/voice?l=fr&f=1", body)).await;
            assert_eq!(response.status(), StatusCode::OK);
            assert_eq!(response.headers()["content-type"], "text/x-fake");
            let said = text(response).await;
            assert!(said.contains("https://line.example.org/fake/voice?l=fr&"), "{said}");
            assert!(said.contains("f=2"), "{said}");
            assert_eq!(app.metrics.get(Metric::PanicsCaught), panics);
        }
        assert_eq!(app.metrics.get(Metric::FailuresAnswered), 2);
        assert_eq!(app.metrics.get(Metric::WebhooksAnswered), 2);
    }

    #[tokio::test]
    async fn the_end_of_a_call_is_answered_with_nothing_and_frees_its_line() {
        use crate::{
            call::{CallKey, EffectId, LineId},
            lines::occupancy::{Claim, lease_until},
        };
        let app = app();
        let (line, call) = (LineId::of("sos"), CallKey::of(Some("CA1")));
        for (path, effect) in [("/fake/voice", 1), ("/fake/status", 2)] {
            let effect = EffectId([effect; 16]);
            let lease_until = lease_until(100, 25);
            let claim = Claim { line, name: line, call, effect, capacity: Some(1), turn: 2, lease_until, force: false };
            app.board.reserve(&claim, 100);
            assert_eq!(app.board.occupancy.held(line), 1);
            let response = send(&app, post(path, "event=ended&call=CA1")).await;
            assert_eq!(response.status(), StatusCode::OK);
            assert_eq!(text(response).await, "nothing");
            assert_eq!(app.board.occupancy.held(line), 0);
        }
        let response = send(&app, post("/fake/status", "event=strange")).await;
        assert_eq!((response.status(), text(response).await.as_str()), (StatusCode::OK, "nothing"));
    }

    #[tokio::test]
    async fn without_a_number_of_ours_nothing_is_dialled() {
        use crate::{
            call::{CallKey, E164, Effect, LineId, Outcome, Seat},
            http::drive::Perform,
        };
        let app = app();
        let seats = vec![Seat { line: LineId::of("sos"), counted: LineId::of("sos"), capacity: None }];
        let effect = Effect::Reserve { seats, ring: 25, force: false };
        let ours: E164 = "+33972394050".parse().unwrap();
        let call = CallKey::of(Some("CA1"));
        for (caller_id, outcome) in [(None, Outcome::Unreachable), (Some(&ours), Outcome::Reserved)] {
            let effects = Effects { app: &app, call, started: 0, turn: 0, caller_id, now: app.clock.now() };
            assert_eq!(effects.perform(0, &effect).await, outcome);
        }
    }

    #[tokio::test]
    async fn of_telephones_that_ring_together_those_that_are_free_are_held() {
        use crate::{
            call::{CallKey, E164, Effect, LineId, Outcome, Seat},
            http::drive::Perform,
        };
        let app = app();
        let seats =
            ["one", "two"].map(|name| Seat { line: LineId::of(name), counted: LineId::of(name), capacity: Some(1) });
        let ours: E164 = "+33199000001".parse().unwrap();
        let now = app.clock.now();
        let ask = async |call: &str, seats: &[Seat]| {
            let (call, caller_id) = (CallKey::of(Some(call)), Some(&ours));
            let effects = Effects { app: &app, call, started: 0, turn: 0, caller_id, now };
            effects.perform(0, &Effect::Reserve { seats: seats.to_vec(), ring: 25, force: false }).await
        };
        assert_eq!(ask("CA1", &seats[..1]).await, Outcome::Reserved);
        for _ in 0..2 {
            assert_eq!(ask("CA2", &seats).await, Outcome::Partly(0b10), "also when it is delivered twice");
        }
        assert_eq!(ask("CA3", &seats).await, Outcome::Full);
        app.board.occupancy.release(&CallKey::of(Some("CA2")));
        assert_eq!(app.board.occupancy.held(seats[1].line), 0);
    }

    #[tokio::test]
    async fn over_the_limit_calls_begin_with_the_short_words_and_only_first_webhooks_count() {
        use crate::http::{Flood, FloodLimits, testing::app_counting};
        let app = app_counting(Flood::new(FloodLimits { per_caller: 0, per_minute: 2 }, [7; 32]));
        let first = async |call: &str| {
            let response = send(&app, post("/fake/voice", &format!("event=started&call={call}"))).await;
            assert_eq!(response.status(), StatusCode::OK);
            text(response).await
        };
        send(&app, post("/fake/voice?l=fr&s=junk", "event=keys&keys=9&call=CA1")).await;
        let limited = || app.metrics.get(Metric::NewCallsLimited);
        let two = [first("CA1").await, first("CA2").await];
        assert_eq!(limited(), 0);
        let third = first("CA3").await;
        assert_eq!(limited(), 1);
        assert_eq!([first("CA1").await, first("CA2").await], two, "delivered again");
        assert_eq!(limited(), 1);
        assert_eq!(first("CA3").await, third, "delivered again");
        assert_eq!(app.metrics.get(Metric::FailuresAnswered), 0);
    }

    #[tokio::test]
    async fn an_unreadable_token_is_counted() {
        let app = app();
        send(&app, post("/fake/voice?l=fr&s=junk", "event=keys&keys=9&call=CA1")).await;
        assert_eq!(app.metrics.get(Metric::UnreadableTokens), 1);
    }
}
