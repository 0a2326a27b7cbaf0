//! `/audio/{id}.wav`: the recordings, and silences, for the provider to play. A URL never means other bytes, so it may be kept for ever.

use std::sync::Arc;

use axum::{
    body::Bytes,
    http::{HeaderValue, StatusCode, header},
    response::Response,
};

use super::{receive::Server, reply};
use crate::{
    call::{Recording, silence_wav},
    telemetry::Metric,
};

const WAV: HeaderValue = HeaderValue::from_static("audio/wav");
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// The recording of that name, from memory; nothing is copied.
pub(super) fn recording(server: &Server, path: &str) -> Response {
    // It counts as one request in work while it is found; how long its bytes may take is bounded with the connection.
    let Ok(_place) = server.free.try_acquire() else {
        server.app.metrics.count(Metric::ConnectionsRefused);
        return reply::last(StatusCode::SERVICE_UNAVAILABLE);
    };
    let id = path.strip_prefix("/audio/").and_then(|file| file.strip_suffix(".wav"));
    if let Some(silence) = id.and_then(silence_wav) {
        return kept_for_ever(Bytes::from(silence));
    }
    let found = id.and_then(|id| server.app.generation().recording(id));
    let Some(recording) = found else { return reply::bare(StatusCode::NOT_FOUND) };
    kept_for_ever(Bytes::from_owner(Shared(recording)))
}

fn kept_for_ever(sound: Bytes) -> Response {
    let mut response = reply::document(WAV, sound);
    response.headers_mut().insert(header::CACHE_CONTROL, FOR_EVER);
    response
}

/// Keeps a recording alive while its bytes travel.
struct Shared(Arc<Recording>);

impl AsRef<[u8]> for Shared {
    fn as_ref(&self) -> &[u8] {
        (*self.0).as_ref()
    }
}

#[cfg(test)]
mod tests {
    use axum::{body::Body, extract::Request};
    use http_body_util::BodyExt;

    use super::*;
    use crate::{
        call::wav,
        engine::{Loaded, Settings, World},
        files::Files,
        http::testing::{app, send},
    };

    /// The world of the program with one recording: so many bytes of sound.
    fn world(name: &str, data: usize) -> (Arc<World>, Arc<Recording>) {
        let scripts = Files::embedded_scripts().with_sound(name, &wav(1, 1, 8000, 16, data));
        let loaded = Loaded::new(&Files::embedded_flows(), &scripts, &Settings::default());
        let world = loaded.world.unwrap_or_else(|| panic!("{:?}", loaded.diagnostics));
        let recording = world.recordings().next().unwrap().clone();
        (Arc::new(world), recording)
    }

    async fn ask(app: &Arc<crate::http::App>, method: &str, path: &str) -> (u16, Option<String>, Bytes) {
        let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
        let response = send(app, request).await;
        let header = |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        if response.status() == StatusCode::OK {
            assert_eq!(header("content-type").unwrap(), "audio/wav");
            assert_eq!(header("cache-control").unwrap(), "public, max-age=31536000, immutable");
        }
        let (status, length) = (response.status().as_u16(), header("content-length"));
        (status, length, response.into_body().collect().await.unwrap().to_bytes())
    }

    #[tokio::test]
    async fn a_recording_is_served_by_its_hash_also_after_a_reload() {
        let app = app();
        let (first, one) = world("fr/phrases/repeat.wav", 800);
        app.put_on_air(first);
        let path = |recording: &Recording| format!("/audio/{}.wav", recording.id());
        let (status, length, body) = ask(&app, "GET", &path(&one)).await;
        assert_eq!((status, &body[..]), (200, (*one).as_ref()));
        assert_eq!(length.as_deref(), Some("844"));
        assert_eq!(ask(&app, "HEAD", &path(&one)).await, (200, Some("844".to_owned()), Bytes::new()));
        assert_eq!(ask(&app, "POST", &path(&one)).await.0, 405);
        let (second, other) = world("fr/phrases/repeat.wav", 802);
        assert_eq!(ask(&app, "GET", &path(&other)).await.0, 404);
        app.put_on_air(second.clone());
        assert_eq!(ask(&app, "GET", &path(&other)).await.0, 200);
        assert_eq!(ask(&app, "GET", &path(&one)).await.0, 200, "calls in progress have its URL");
        app.put_on_air(second);
        assert_eq!(ask(&app, "GET", &path(&one)).await.0, 404, "nobody can have it any more");
    }

    #[tokio::test]
    async fn what_was_not_recorded_is_not_found() {
        let app = app();
        let (world, one) = world("fr/phrases/repeat.wav", 800);
        app.put_on_air(world);
        let id = one.id();
        for name in ["", ".wav", "x.wav", "%ff.wav", "..%2fa.wav", id, &format!("{id}.mp3"), &format!("{id}.wav/")] {
            let (status, _, body) = ask(&app, "GET", &format!("/audio/{name}")).await;
            assert_eq!((status, body.len()), (404, 0), "{name}");
        }
    }
}
