//! Where a call stands when a webhook comes: at its beginning, at the place in its token, or nowhere that is known.

use super::{
    app::{App, Site},
    flood::Admitted,
    leg,
    query::Query,
};
use crate::{
    call::{CallKey, CallState, E164, Event, Incoming, Lang, Phase, Step, TokenKind},
    engine::{self, Now, World},
    telemetry::Metric,
};

/// Where a call stands, as far as its URL tells.
pub(super) enum Place {
    /// Its first request.
    Beginning(Admitted),
    /// The place in its token.
    Known(CallState),
    /// Its token is absent or can't be read; the language it was in, if that is known.
    Lost(Option<Lang>),
}

impl Place {
    /// Reads it from what came. A call that begins is counted among the new ones.
    pub(super) fn find(app: &App, site: &Site, incoming: &Incoming, query: &Query<'_>, minute: u32) -> Place {
        let Some(token) = query.token else {
            if incoming.event != Event::Started {
                return Place::Lost(query.lang);
            }
            let admitted = app.flood.admit(&incoming.caller, &incoming.call, minute);
            if admitted != Admitted::Whole
                && let Some(total) = app.limited.due()
            {
                tracing::warn!(total, "too many new calls: some begin with the short words");
            }
            return Place::Beginning(admitted);
        };
        match app.tokens.open(site.dialect.name(), TokenKind::Call, &incoming.call, token) {
            Ok(state) => Place::Known(state),
            Err(reason) => {
                app.metrics.count(Metric::UnreadableTokens);
                tracing::warn!(provider = site.dialect.name(), %reason, "a call lost its place");
                Place::Lost(query.lang)
            }
        }
    }

    /// Whether somebody accepted the transfer that ends here, where that was asked and is known.
    pub(super) fn accepted(&self, app: &App, site: &Site, call: &CallKey) -> Option<bool> {
        match self {
            Place::Known(state) => leg::accepted(app, site, call, state),
            Place::Beginning(_) | Place::Lost(_) => None,
        }
    }

    /// Whether somebody is rung there: any webhook but a status then comes after the ring.
    pub(super) fn rings(&self) -> bool {
        matches!(self, Place::Known(state) if state.phase == Phase::Ringing)
    }

    /// The minute in which the call began and the answers given since, if known.
    pub(super) fn started_and_turn(&self) -> Option<(u32, u16)> {
        match self {
            Place::Known(state) => Some((state.started, state.turn)),
            Place::Beginning(_) | Place::Lost(_) => None,
        }
    }

    /// The answers given before, as the journal counts them.
    pub(super) fn answers(&self, now: &Now) -> u16 {
        match self {
            Place::Beginning(_) => 0,
            Place::Known(state) => state.turn,
            Place::Lost(_) => engine::answers_lost(now),
        }
    }

    /// What the engine says there.
    pub(super) fn step(self, world: &World, called: Option<&E164>, event: &Event, now: &Now) -> Step {
        match self {
            Place::Beginning(Admitted::Whole) => engine::begin(world, called, now),
            Place::Beginning(admitted) => engine::begin_crowded(world, called, admitted == Admitted::ByCaller, now),
            Place::Known(state) => engine::step(world, state, event, now),
            Place::Lost(lang) => engine::recover(world, lang, event, now),
        }
    }
}
