//! `/{provider}/leg`: whoever answers for us is asked whether they take the call. It arrives under an id of its own; the
//! call that it belongs to is in its token.
//!
//! A leg that is not hung up is connected to the caller. So whatever fails here ends with `Hangup`: a voicemail must never
//! be taken for a person, and nobody is connected by a fault.
//!
//! Where the provider asks by itself, it fetches only the words here, and tells here that it has connected the two.

use axum::{extract::Request, response::Response};

use super::{
    app::{App, Generation, Site},
    drive::{Answer, Failure},
    panics::caught,
    query::Query,
    receive::Server,
    reply,
    webhook::{MAX_URL, believed, nothing},
};
use crate::{
    call::{CallKey, CallState, Event, Incoming, Leg, Phase, RingId, TokenError, Verb, Verdict},
    engine::{self, LegStep},
    provider::{Envelope, capabilities::Asking},
    telemetry::{Ended, Metric},
};

/// Asks, and hears the answer.
pub(super) async fn leg(server: &Server, request: Request) -> Response {
    let (received, believed) = match believed(server, request).await {
        Ok(believed) => believed,
        Err(response) => return response,
    };
    let (app, site, query) = (&*server.app, received.site, received.query());
    let generation = app.generation();
    let answer = match believed {
        Err(failure) => Err(failure),
        Ok(incoming) => caught(&app.metrics, || answer(app, &generation, site, &incoming, &query))
            .unwrap_or_else(|panicked| Err(panicked.into())),
    };
    app.metrics.count(Metric::WebhooksAnswered);
    received.measure.ends(Ended::Answered);
    answer.unwrap_or_else(|failure| {
        app.metrics.count(Metric::FailuresAnswered);
        received.measure.ends(Ended::Apology);
        tracing::error!(provider = site.dialect.name(), %failure, "whoever answered for us was sent away");
        over(&generation, site, &query)
    })
}

fn answer(
    app: &App,
    generation: &Generation,
    site: &Site,
    incoming: &Incoming,
    query: &Query<'_>,
) -> Result<Response, Failure> {
    if incoming.event == Event::Ended {
        return Ok(nothing(site));
    }
    let by_key = site.dialect.capabilities().asks == Asking::ByKey;
    let (world, name, second) = (&generation.world, site.dialect.name(), app.clock.second());
    let leg = opened(app, name, incoming, query)?;
    if leg.is_over(second) {
        tracing::info!(provider = name, "somebody answered for us too late");
        return Ok(over(generation, site, query));
    }
    let (ring, ring_seconds) = (leg.ring, leg.ring_seconds);
    if incoming.event == Event::Connected {
        let verdict = app.acceptance.accept(ring, incoming.call, ring_seconds, second);
        tracing::debug!(?verdict, "somebody was connected");
        if verdict == Verdict::Accepted {
            app.board.occupancy.talks(&ring.call, app.clock.now().minute);
        }
        return Ok(nothing(site));
    }
    if by_key {
        let envelope = Envelope { next: "", leg: None, caller_id: None, public_url: &app.public_url };
        let document = site.dialect.render(&engine::leg_words(world, &leg, query.lang), &envelope)?;
        return Ok(reply::document(site.content_type.clone(), document));
    }
    let (verbs, next) = match engine::leg(world, leg, query.lang, &incoming.event) {
        LegStep::Answer { leg, verbs } => {
            let lang = query.lang.map(|lang| format!("&l={lang}")).unwrap_or_default();
            (verbs, url(app, name, &leg)? + &lang)
        }
        LegStep::Accept => {
            let verdict = app.acceptance.accept(ring, incoming.call, ring_seconds, second);
            tracing::debug!(?verdict, "somebody accepts");
            if verdict == Verdict::Accepted {
                free_others(app, world, &ring.call, incoming);
                app.board.occupancy.talks(&ring.call, app.clock.now().minute);
            }
            (engine::leg_verdict(world, query.lang, verdict), String::new())
        }
    };
    let envelope = Envelope { next: &next, leg: None, caller_id: None, public_url: &app.public_url };
    let document = site.dialect.render(&verbs, &envelope)?;
    Ok(reply::document(site.content_type.clone(), document))
}

/// Who rang together with the one who has accepted can be called by others at once.
fn free_others(app: &App, world: &engine::World, call: &CallKey, accepted: &Incoming) {
    let Some(number) = &accepted.called else { return };
    let now = app.clock.now().minute;
    let telephones = world.listed.iter().filter(|telephone| telephone.number.as_ref() == Some(number));
    telephones.for_each(|telephone| app.board.accepted(call, telephone.counted, now));
}

/// The leg of this request. A token of another call is as good as none, where the provider says whose leg it is.
fn opened(app: &App, provider: &str, incoming: &Incoming, query: &Query<'_>) -> Result<Leg, TokenError> {
    let opened = app.tokens.open_leg(provider, query.token.unwrap_or_default()).and_then(|leg| {
        let ours = incoming.parent.is_none_or(|parent| parent == leg.ring.call);
        ours.then_some(leg).ok_or(TokenError::Unreadable)
    });
    opened.inspect_err(|_| app.metrics.count(Metric::UnreadableTokens))
}

/// A short apology, then the leg is hung up.
fn over(generation: &Generation, site: &Site, query: &Query<'_>) -> Response {
    reply::document(site.content_type.clone(), generation.apologies(site).leg(query.lang))
}

/// The URL at which those are asked whom `answer` dials; nothing where nobody is asked.
pub(super) fn asked_at(app: &App, site: &Site, call: &CallKey, answer: &Answer) -> Result<Option<String>, Failure> {
    let dial = answer.verbs.iter().find_map(|verb| match verb {
        Verb::Dial(dial) if dial.accept => Some(dial),
        _ => None,
    });
    // Where nobody can be asked no ring is opened: then nothing is known of it, and the caller is asked instead.
    let Some(dial) = dial.filter(|_| site.dialect.capabilities().asks != Asking::Nobody) else { return Ok(None) };
    let state = &answer.state;
    let ring = ring_of(call, state);
    let issued = app.acceptance.begin(ring, dial.ring, app.clock.second());
    let leg = Leg { ring, lang: state.lang, issued, ring_seconds: dial.ring, silent: !state.pressed, asked: 0 };
    url(app, site.dialect.name(), &leg).map(Some)
}

fn url(app: &App, provider: &str, leg: &Leg) -> Result<String, Failure> {
    let token = app.tokens.seal_leg(provider, leg)?;
    let url = [&app.public_url, "/", provider, "/leg?s=", &token].concat();
    // The language is added to it.
    if url.len() + 8 > MAX_URL { Err(Failure::UrlTooLong(url.len())) } else { Ok(url) }
}

/// Whether somebody accepted in the ring that ends at `state`: nothing where that was not asked, or is not known.
pub(super) fn accepted(app: &App, site: &Site, call: &CallKey, state: &CallState) -> Option<bool> {
    if state.phase != Phase::Ringing {
        return None;
    }
    let accepted = app.acceptance.end(ring_of(call, state), app.clock.second());
    // What a provider tells beside the way may be lost, and another machine may have been told: then it is not known, and nobody
    // is called after a conversation.
    let heard_here = site.dialect.capabilities().asks == Asking::AtLeg && !app.other_machines;
    accepted.filter(|accepted| *accepted || heard_here)
}

/// The ring that was begun by the answer whose state this is.
fn ring_of(call: &CallKey, state: &CallState) -> RingId {
    RingId { call: *call, started: state.started, turn: state.turn, attempt: state.attempt }
}

/// What a responder hears where nothing can be asked: for the apologies of a world.
pub(super) fn goodbye(world: &engine::World, lang: Option<crate::call::Lang>) -> Vec<Verb> {
    engine::leg_verdict(world, lang, Verdict::Over)
}

#[cfg(test)]
#[path = "leg_tests.rs"]
mod tests;
