//! Recordings, as a provider fetches them: over HTTP, by their URL, and only if they are what they say.
//!
//! The telephone is a stranger: it knows nothing of what is said in them, so it tells them by the name in their URL.

use super::{PhoneError, Transport, WebRequest};
use crate::{call::Recording, provider::Method};

/// As many characters as tell one recording from all others.
const SHORT: usize = 8;
/// Bytes before the samples, in files as they are mostly written.
const HEADER: usize = 44;

/// What is known of a recording that was fetched.
#[derive(Clone, Copy)]
pub(super) struct Fetched {
    pub(super) seconds: f64,
    /// There is nothing to hear in it.
    pub(super) silent: bool,
}

/// Fetches a recording, and says how many seconds it lasts.
pub(super) async fn fetch<T: Transport>(transport: &mut T, url: &str) -> Result<Fetched, PhoneError> {
    // A provider sends none of its parameters to a recording.
    let request = WebRequest { method: Method::Get, url: url.to_owned(), params: Vec::new() };
    let response = transport.send(&request).await?;
    let wrong = |message: String| PhoneError::Answer { url: url.to_owned(), message };
    if response.status != 200 {
        return Err(wrong(format!(
            "status {}: a recording that can't be fetched is an error at the provider",
            response.status
        )));
    }
    let kind = response.content_type.as_deref().unwrap_or_default();
    if !["audio/wav", "audio/wave", "audio/x-wav"].contains(&kind) {
        return Err(wrong(format!("the content type is `{kind}`, not audio/wav")));
    }
    let recording = Recording::read(&response.body).map_err(|error| wrong(error.to_string()))?;
    let silent = response.body.get(HEADER..).is_some_and(|samples| samples.iter().all(|sample| *sample == 0));
    Ok(Fetched { seconds: f64::from(recording.seconds()), silent })
}

/// What stands for the words of a recording: `(recording 3f9a21c7)`, by the name of its file.
pub(super) fn shown(url: &str) -> String {
    let file = url.split(['?', '#']).next().unwrap_or_default().rsplit('/').next().unwrap_or_default();
    let name = file.rsplit_once('.').map_or(file, |(name, _)| name);
    let is_hash = name.len() > SHORT && name.bytes().all(|c| c.is_ascii_hexdigit());
    format!("(recording {})", if is_hash { &name[..SHORT] } else { name })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recording_is_told_by_its_name() {
        for (url, expected) in [
            ("https://x.org/audio/3f9a21c70a1b2c3d4e5f60718293a4b5.wav", "(recording 3f9a21c7)"),
            ("https://x.org/a/bell.mp3?x=1", "(recording bell)"),
            ("https://x.org/a/été", "(recording été)"),
        ] {
            assert_eq!(shown(url), expected);
        }
    }
}
