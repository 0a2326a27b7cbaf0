//! Recordings of a text that has changed since, told by the fingerprint in the head: `recorded`.

use super::{Found, Read};
use crate::{diagnostic::Place, script::Facts};

pub(super) fn check<'a>(read: &'a Read<'_>, facts: &Facts) -> Option<Found<'a>> {
    let script = read.script;
    let stamp = format!("allo-cmp stamp --recorded --scripts audio_scripts {}/{}", read.lang, read.id);
    match (&script.front.recorded, &script.recording) {
        (None, None) => None,
        (Some(recorded), None) => {
            let message = "nothing is recorded beside this script: the voice reads it".to_owned();
            let help = "put the recording back, or remove the line";
            Some(read.warn("recording-old", message, recorded.place(&script.file).span, help))
        }
        (None, Some(_)) => {
            let message = "nothing tells which text was recorded".to_owned();
            let help = format!("listen, and read along; then: {stamp}");
            Some(read.warn("recording-unstamped", message, Place::top(&script.file).span, &help))
        }
        (Some(recorded), Some(_)) => {
            let is_right = **recorded == script.recorded_fingerprint(read.lang, read.words, facts);
            let message = "the text has changed since it was recorded".to_owned();
            let help =
                format!("record it again, or remove the recording: the voice then reads the text; then: {stamp}");
            let span = recorded.place(&script.file).span;
            (!is_right).then(|| read.warn("recording-old", message, span, &help))
        }
    }
}
