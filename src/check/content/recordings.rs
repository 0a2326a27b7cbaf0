//! Recordings of a text that has changed since, told by the fingerprint in the head: `recorded`.

use super::{Found, Read};
use crate::{
    diagnostic::Place,
    script::{Scripts, Unplayed},
};

pub(super) fn check<'a>(read: &'a Read<'_>, scripts: &Scripts) -> Option<Found<'a>> {
    let script = read.script;
    let stamp = format!("{} {}/{}", scripts.stamp_command(" --recorded"), read.lang, read.id);
    match script.unplayed {
        Some(Unplayed::Alone) => {
            let message = "your recording is not played: the text that it says is not beside it".to_owned();
            let help = format!(
                "listen, and read along; then: {stamp}: this copies the text beside it, and an update can't change it"
            );
            return Some(read.warn("recording-unstamped", message, Place::top(&script.file).span, &help));
        }
        Some(Unplayed::Below) => {
            let message = "the recording is not played: it says what stood here before your files".to_owned();
            let help = "the voice reads the text: record it, and put your recording beside your text";
            return Some(read.warn("recording-old", message, Place::top(&script.file).span, help));
        }
        None => {}
    }
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
            let is_right = **recorded == script.recorded_fingerprint(read.lang, read.words, &scripts.facts);
            let message = "the text has changed since it was recorded".to_owned();
            let help =
                format!("record it again, or remove the recording: the voice then reads the text; then: {stamp}");
            let span = recorded.place(&script.file).span;
            (!is_right).then(|| read.warn("recording-old", message, span, &help))
        }
    }
}
