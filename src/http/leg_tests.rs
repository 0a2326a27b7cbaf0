//! Legs at the door: what is believed, what is too late, and that nobody is connected by a fault.

use axum::http::StatusCode;

use super::*;
use crate::{
    call::{Address, Dial, Lang, LineId, NodeId, Outcome, Target},
    http::testing::{app, post, send, text},
    lines::occupancy::Claim,
};

fn ringing() -> CallState {
    CallState { phase: Phase::Ringing, turn: 3, ..CallState::new(29_000_000, NodeId::of("listener")) }
}

fn call() -> CallKey {
    CallKey::of(Some("CA1"))
}

/// The path at which those are asked whom the call dials.
fn path(app: &App) -> String {
    let to = Address::Number("+33199000001".parse().unwrap());
    let dial = Dial { targets: vec![Target { to, lang: Lang::FR }], ring: 20, accept: true, star_leaves: false };
    let answer = Answer { state: ringing(), verbs: vec![Verb::Dial(dial)], facts: vec![] };
    let url = asked_at(app, app.site("fake").unwrap(), &call(), &answer).unwrap().unwrap();
    url.strip_prefix("https://line.example.org").unwrap().to_owned() + "&l=fr"
}

async fn said(app: &std::sync::Arc<App>, path: &str, body: &str) -> String {
    let response = send(app, post(path, body)).await;
    assert_eq!(response.status(), StatusCode::OK);
    text(response).await
}

/// The path of the request after `document`, as the fake dialect writes it.
fn next(document: &str) -> String {
    document.split_once("https://line.example.org").unwrap().1.to_owned()
}

#[tokio::test]
async fn a_leg_is_asked_and_its_key_accepts_for_the_call_of_its_token() {
    let app = app();
    let asked = said(&app, &path(&app), "event=started&call=L1&parent=CA1").await;
    assert!(asked.starts_with("1 verbs, then https://line.example.org/fake/leg?s="), "{asked}");
    assert!(asked.ends_with("&l=fr"), "{asked}");
    assert_eq!(said(&app, &next(&asked), "event=keys&keys=1&call=L1").await, "1 verbs, then ");
    assert_eq!(said(&app, &next(&asked), "event=keys&keys=1&call=L1").await, "1 verbs, then ", "delivered twice");
    assert_eq!(said(&app, &next(&asked), "event=keys&keys=1&call=L2").await, "2 verbs, then ", "taken, and hung up");
    assert_eq!(accepted(&app, app.site("fake").unwrap(), &call(), &ringing()), Some(true));
    assert_eq!(accepted(&app, app.site("fake").unwrap(), &CallKey::of(Some("CA2")), &ringing()), None);
    assert_eq!(
        accepted(&app, app.site("fake").unwrap(), &call(), &CallState { phase: Phase::Place, ..ringing() }),
        None
    );
}

#[tokio::test]
async fn once_one_has_accepted_those_who_rang_with_them_are_free() {
    let app = app();
    let lines = ["sos_amitie", "suicide_ecoute"].map(LineId::of);
    for (at, line) in lines.into_iter().enumerate() {
        let effect = app.tokens.effect(&call(), 29_000_000, 2, u8::try_from(at).unwrap());
        let claim = Claim {
            line,
            name: line,
            capacity: Some(1),
            effect,
            call: call(),
            turn: 2,
            lease_until: u32::MAX,
            force: false,
        };
        assert_eq!(app.board.reserve(&claim, app.clock.now().minute), Outcome::Reserved);
    }
    let asked = said(&app, &path(&app), "event=started&call=L1").await;
    said(&app, &next(&asked), "event=keys&keys=1&call=L1&called=+33145394000").await;
    assert_eq!(lines.map(|line| app.board.occupancy.held(line)), [0, 1]);
    // Too late: who is told that it is taken gives nobody's place away.
    said(&app, &next(&asked), "event=keys&keys=1&call=L2&called=+33972394050").await;
    assert_eq!(lines.map(|line| app.board.occupancy.held(line)), [0, 1]);
}

#[tokio::test]
async fn who_has_accepted_or_was_connected_holds_their_place_for_the_longest_conversation() {
    let line = LineId::of("sos_amitie");
    for body in ["event=keys&keys=1&call=L1", "event=connected&call=L1"] {
        let app = app();
        let now = app.clock.now().minute;
        let claim = |call: &str, now: u32| Claim {
            line,
            name: line,
            capacity: Some(1),
            effect: app.tokens.effect(&CallKey::of(Some(call)), now, 2, 0),
            call: CallKey::of(Some(call)),
            turn: 2,
            lease_until: now + 31,
            force: false,
        };
        assert_eq!(app.board.reserve(&claim("CA1", now), now), Outcome::Reserved);
        let asked = said(&app, &path(&app), "event=started&call=L1").await;
        said(&app, &next(&asked), body).await;
        assert_eq!(app.board.reserve(&claim("CA2", now + 60), now + 60), Outcome::Full, "{body}");
        app.board.over(&call(), now + 61);
        assert_eq!(app.board.reserve(&claim("CA3", now + 61), now + 61), Outcome::Reserved, "{body}");
    }
}

#[tokio::test]
async fn nobody_accepted_is_known() {
    let app = app();
    let asked = said(&app, &path(&app), "event=started&call=L1").await;
    assert_eq!(said(&app, &next(&asked), "event=keys&keys=2&call=L1").await.split(',').next(), Some("1 verbs"));
    assert_eq!(accepted(&app, app.site("fake").unwrap(), &call(), &ringing()), Some(false));
    assert_eq!(said(&app, &next(&asked), "event=keys&keys=1&call=L1").await, "2 verbs, then ", "the caller is gone");
}

#[tokio::test]
async fn whatever_fails_apologizes_and_hangs_up() {
    let app = app();
    let right = path(&app);
    let token = right.split(['=', '&']).nth(1).unwrap();
    let sealed = app.tokens.seal("fake", crate::call::TokenKind::Call, &call(), &ringing()).unwrap();
    let elsewhere = right.replace(&token[..8], "AAAAAAAA");
    for (path, body) in [
        ("/fake/leg", "event=started&call=L1"),
        ("/fake/leg?s=junk&l=fr", "event=keys&keys=1&call=L1"),
        (&elsewhere, "event=keys&keys=1&call=L1"),
        (&format!("/fake/leg?s={sealed}&l=fr"), "event=keys&keys=1&call=CA1"),
        (&right, "event=keys&keys=1&call=L1&parent=CA2"),
        (&right, "event=strange"),
        (&right, "event=panic"),
    ] {
        // Two verbs: the apology and `Hangup`.
        let document = said(&app, path, body).await;
        assert!(document.starts_with("2 verbs"), "{path} {body}: {document}");
    }
    assert_eq!(app.metrics.get(Metric::UnreadableTokens), 5);
    assert_eq!(app.metrics.get(Metric::PanicsCaught), 1);
    assert_eq!(accepted(&app, app.site("fake").unwrap(), &call(), &ringing()), Some(false));
}

#[tokio::test]
async fn a_forged_leg_is_refused_and_an_ended_one_answered_with_nothing() {
    let app = app();
    let path = path(&app);
    for signature in [None, Some("forged")] {
        let mut request = post(&path, "event=keys&keys=1&call=L1");
        request.headers_mut().remove("x-fake");
        if let Some(signature) = signature {
            request.headers_mut().insert("x-fake", axum::http::HeaderValue::from_static(signature));
        }
        let response = send(&app, request).await;
        assert_eq!((response.status(), text(response).await.as_str()), (StatusCode::FORBIDDEN, ""));
    }
    assert_eq!(said(&app, &path, "event=ended&call=L1").await, "nothing");
    let get = axum::extract::Request::get(&path).body(axum::body::Body::empty()).unwrap();
    assert_eq!(send(&app, get).await.status(), StatusCode::METHOD_NOT_ALLOWED);
}
