//! What operators see of the lines, and how they pause and resume one while calls run. Only on the operators' listener.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use http_body_util::{BodyExt, Limited};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{app::App, journal, reply};
use crate::{
    call::CENTRE_LINES,
    engine::Standing,
    files::nearest,
    journal::StoreState,
    lines::{
        Listed,
        health::Condition,
        means, moment,
        pauses::{self, Pause, PausesError},
    },
    telemetry::{Family, Text},
};

/// Bytes of a request to pause.
const MAX_BODY: usize = 4096;

/// Characters of a reason.
const MAX_REASON: usize = 200;

/// Minutes of the longest pause: who is gone for longer is taken out of lines.yaml, and a slip in the year is found.
const MAX_PAUSE: u32 = 366 * 24 * 60;

/// Lines that have a gauge each. Where there are more, only those that have something to tell.
const MAX_GAUGES: usize = 1_000;

pub(super) fn json(status: StatusCode, body: &Value) -> Response {
    reply::with(status, HeaderValue::from_static("application/json"), body.to_string())
}

fn wrong(status: StatusCode, error: &str, help: &str) -> Response {
    json(status, &json!({ "error": error, "help": help }))
}

/// One line as it is now.
fn status(app: &App, listed: &Listed, now: u32) -> Value {
    let board = &app.board;
    let (health, resting_until) = match board.health.of(listed.counted, now) {
        Condition::Well => ("well", None),
        Condition::Tried => ("tried", None),
        Condition::Resting(until) => ("resting", Some(moment::written(until))),
    };
    let pause = board.pauses.of(listed.line, now);
    json!({
        "name": listed.name,
        "open": listed.is_open(now),
        "held": board.occupancy.held(listed.counted),
        "capacity": listed.capacity,
        "health": health,
        "resting_until": resting_until,
        "paused_until": pause.as_ref().map(|pause| moment::written(pause.until)),
        "reason": pause.and_then(|pause| pause.reason),
    })
}

/// `GET /lines`: every line that can be called.
pub(super) async fn lines(State(app): State<Arc<App>>) -> Response {
    let (now, generation) = (app.clock.now().minute, app.generation());
    let all: Vec<Value> = generation.world.listed.iter().map(|listed| status(&app, listed, now)).collect();
    json(StatusCode::OK, &json!({ "lines": all }))
}

/// The lines that are rested, tried or paused.
fn out_of_order(app: &App) -> Value {
    let (now, generation) = (app.clock.now().minute, app.generation());
    let board = &app.board;
    let out = |listed: &&Listed| {
        board.health.of(listed.counted, now) != Condition::Well || board.pauses.is_paused(listed.line, now)
    };
    generation.world.listed.iter().filter(out).map(|listed| status(app, listed, now)).collect()
}

/// How everything stands: the lines, the directory, the journal, the program itself.
pub(super) fn gauges(app: &App, text: &mut Text) {
    let (now, generation) = (app.clock.now().minute, app.generation());
    let (board, listed) = (&app.board, &generation.world.listed);
    let all = listed.len() <= MAX_GAUGES;
    let mut lines = |family, value: &dyn Fn(&Listed) -> u32| {
        let values = listed.iter().map(|listed| ([&listed.name], value(listed)));
        text.family(family, values.filter(|(_, value)| all || *value > 0).take(MAX_GAUGES));
    };
    lines(Family::LineHeld, &|line| board.occupancy.held(line.counted));
    lines(Family::LineBreaker, &|line| match board.health.of(line.counted, now) {
        Condition::Well => 0,
        Condition::Tried => 1,
        Condition::Resting(_) => 2,
    });
    lines(Family::LinePaused, &|line| u32::from(board.pauses.is_paused(line.line, now)));
    let bare = [""; 0];
    if let Some(directory) = &generation.world.directory {
        text.family(Family::DirectoryAgeDays, [(bare, directory.age_days(now))]);
        text.family(Family::DirectoryStale, [(bare, u8::from(directory.is_stale(now)))]);
    }
    text.family(Family::ReviewsPassed, [(bare, app.told().reviews_passed(now))]);
    if let Some(served) = app.told().served() {
        text.family(Family::CertificateEnds, [(bare, served.certificate.ends)]);
    }
    journal::metrics(&app.recorder().health(), text);
    text.family(Family::BuildInfo, [([env!("CARGO_PKG_VERSION")], 1)]);
    text.family(Family::StartTime, [(bare, app.started)]);
}

/// What operators see beside what everyone may: who is out of order, and everything that is not as it should be, in words.
pub(super) fn detail(app: &App, body: &mut Value) {
    let now = app.clock.now().minute;
    let (told, journal) = (app.told(), app.recorder().health());
    let (reload, not_served) = (told.last_reload(), told.providers_not_served());
    let refused = reload.as_ref().is_some_and(|reload| reload.refused.is_some());
    let resting = app.board.health.resting(now);
    let served = told.served();
    let second = app.clock.signed_second();
    let end = served.as_ref().and_then(|served| served.certificate.end_is_near(second));
    let kept = served.as_ref().is_some_and(|served| served.refused.is_some());
    let wrong = [
        (journal.store == StoreState::Away, "the journal is away: calls go on, what happens waits in a file"),
        (journal.store == StoreState::Broken, "the journal can't be used: calls go on, look at the log"),
        (journal.spool_fails, "the file in which facts wait can't be written: look at the disk"),
        (journal.lost > 0, "the journal has lost facts"),
        (app.generation().world.standing(now) == Standing::Stale, "the list of centres is too old: import a new one"),
        (refused, "what was read again was refused: the flows and scripts before go on being used"),
        (!not_served.is_empty(), "a provider that has its secret is not served"),
        (resting > 0, "a line failed again and again and is rested"),
        (kept, "a new certificate was refused: the one before goes on being used"),
        (end.is_some(), end.as_deref().unwrap_or_default()),
    ];
    body["degraded"] = wrong.iter().filter(|(is, _)| *is).map(|(_, words)| *words).collect();
    body["lines"] = out_of_order(app);
    body["journal"] = journal::json(&journal);
    body["providers_not_served"] = json!(not_served);
    body["last_reload"] =
        reload.map_or(Value::Null, |reload| json!({ "at": moment::written(reload.minute), "refused": reload.refused }));
    body["certificate"] = served.map_or(Value::Null, |served| {
        let ends = u32::try_from(served.certificate.ends / 60).unwrap_or(u32::MAX);
        json!({ "ends": moment::written(ends), "refused": served.refused })
    });
    body["reviews_passed"] = json!(told.reviews_passed(now));
    body["started"] = json!(u32::try_from(app.started / 60).ok().map(moment::written));
    body["version"] = json!(env!("CARGO_PKG_VERSION"));
    // On two machines of one line, both are the same.
    body["world"] = json!(app.generation().world.mark);
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    until: String,
    reason: Option<String>,
}

/// `POST /lines/{name}/pause`: nobody is put through to it until then. Who talks there goes on talking.
pub(super) async fn pause(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    // What a page in a browser on this machine can't send without being asked first.
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if kind.split(';').next().map(str::trim) != Some("application/json") {
        return wrong(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "the request is not said to be JSON",
            "send it with the header `Content-Type: application/json`",
        );
    }
    let how = r#"write {"until": "2026-12-25T03:00"} and, if you like, "reason": "...""#;
    let Ok(body) = Limited::new(body, MAX_BODY).collect().await else {
        return wrong(StatusCode::PAYLOAD_TOO_LARGE, "the request is too long", how);
    };
    let wish: Wish = match serde_json::from_slice(&body.to_bytes()) {
        Ok(wish) => wish,
        Err(error) => return wrong(StatusCode::BAD_REQUEST, &format!("the request can't be read: {error}"), how),
    };
    let now = app.clock.now().minute;
    let until = match until(&wish.until, now) {
        Ok(until) => until,
        Err(error) => return wrong(StatusCode::BAD_REQUEST, &error, moment::HOW),
    };
    let reason = wish.reason.map(|reason| reason.trim().to_owned()).filter(|reason| !reason.is_empty());
    if reason.as_ref().is_some_and(|reason| reason.chars().count() > MAX_REASON) {
        let help = format!("{MAX_REASON} characters are enough");
        return wrong(StatusCode::BAD_REQUEST, "the reason is too long", &help);
    }
    let names = meant(&app, &name, &[]);
    if names.is_empty() {
        return unknown(&app, &name);
    }
    let pause = Pause { until, reason };
    let kept = on_disk(&app, {
        let names = names.clone();
        move |app| app.board.pauses.pause(&names, &pause, now)
    })
    .await;
    tracing::info!(line = name, until = moment::written(until), "a line is paused");
    done(&json!({ "paused": names, "until": moment::written(until) }), kept)
}

/// `DELETE /lines/{name}/pause`: it is called again.
pub(super) async fn resume(State(app): State<Arc<App>>, Path(name): Path<String>) -> Response {
    let now = app.clock.now().minute;
    let paused = app.board.pauses.names(now);
    // Also one that a reload has removed since.
    if meant(&app, &name, &paused).is_empty() {
        return unknown(&app, &name);
    }
    let names: Vec<String> = paused.into_iter().filter(|paused| means(&name, paused)).collect();
    let kept = on_disk(&app, {
        let names = names.clone();
        move |app| app.board.pauses.resume(&names, now)
    })
    .await;
    tracing::info!(line = name, "a line is resumed");
    done(&json!({ "resumed": names }), kept)
}

fn until(text: &str, now: u32) -> Result<u32, String> {
    let second = moment::seconds(text).ok_or_else(|| format!("`{text}` is no time"))?;
    let minute = pauses::minute(second);
    if minute <= now {
        return Err(format!("{text} is over: it is {}", moment::written(now)));
    }
    if minute - now > MAX_PAUSE {
        return Err(format!("{text} is more than a year away"));
    }
    Ok(minute)
}

/// The telephones that `name` means: a line, a person, or everyone in a group.
fn meant(app: &App, name: &str, also: &[String]) -> Vec<String> {
    let generation = app.generation();
    // A centre is a line, too: it is called by its number in the list.
    let centre = name.strip_prefix(CENTRE_LINES).and_then(|number| number.parse().ok());
    if centre.is_some_and(|finess| generation.world.directory.as_ref().is_some_and(|all| all.centre(finess).is_some()))
    {
        return vec![name.to_owned()];
    }
    let listed = generation.world.listed.iter().map(|listed| &listed.name);
    let mut names: Vec<String> = listed.chain(also).filter(|known| means(name, known)).cloned().collect();
    names.sort();
    names.dedup();
    names
}

fn unknown(app: &App, name: &str) -> Response {
    let generation = app.generation();
    let names = || generation.world.listed.iter().map(|listed| listed.name.as_str());
    let groups = names().filter_map(|name| name.split_once('/').map(|(group, _)| group));
    let help = match nearest(name, names().chain(groups)) {
        Some(nearest) => format!("did you mean `{nearest}`?"),
        None => format!("the lines that can be called are: {}", names().collect::<Vec<_>>().join(", ")),
    };
    wrong(StatusCode::NOT_FOUND, &format!("no line that can be called has the name `{name}`"), &help)
}

/// Changes pauses, which writes a file: not on a thread that answers calls.
async fn on_disk(
    app: &Arc<App>,
    change: impl FnOnce(&App) -> Result<(), PausesError> + Send + 'static,
) -> Result<(), String> {
    let app = app.clone();
    match tokio::task::spawn_blocking(move || change(&app)).await {
        Ok(kept) => kept.map_err(|error| error.to_string()),
        Err(_) => Err("a fault of the program: look at GET /lines".to_owned()),
    }
}

fn done(body: &Value, kept: Result<(), String>) -> Response {
    let mut body = body.clone();
    if let Err(warning) = kept {
        tracing::error!(%warning, "lines.state_path");
        body["warning"] = warning.into();
    }
    json(StatusCode::OK, &body)
}
