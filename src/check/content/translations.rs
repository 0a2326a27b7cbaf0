//! Translations of a text that has changed since, told by the fingerprint in their heads: `translates`.

use super::{Found, Read};
use crate::{call::Lang, diagnostic::Place, script::Scripts};

pub(super) fn check<'a>(read: &'a Read<'_>, scripts: &Scripts, original: Lang) -> Option<Found<'a>> {
    let file = &read.script.file;
    let warn = |code, message: String, place: Place, help: String| Some(read.warn(code, message, place.span, &help));
    let translates = read.script.front.translates.as_ref();
    if read.lang == original {
        let message = "this is the original: it translates nothing".to_owned();
        let help = "remove the line: only translations have it".to_owned();
        return translates.and_then(|it| warn("translation-old", message, it.place(file), help));
    }
    let right = scripts.get(original, read.id)?.fingerprint();
    let stamp = format!("{} {}/{}", scripts.stamp_command(""), read.lang, read.id);
    match translates {
        Some(it) if **it == right => None,
        Some(it) => {
            let message = format!("the text in `{original}` has changed since this was translated");
            warn("translation-old", message, it.place(file), format!("read both, mend this one; then: {stamp}"))
        }
        None => {
            let message = format!("nothing tells which text in `{original}` this translates");
            let help = format!("read both; then: {stamp}");
            warn("translation-unstamped", message, Place::top(file), help)
        }
    }
}
