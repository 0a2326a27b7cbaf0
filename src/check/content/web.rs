//! A website is never the only way: `web` in `words.yaml`.

use super::{Found, Read, expression};

pub(super) fn check<'a>(read: &'a Read<'_>) -> Option<Found<'a>> {
    let web = &read.watched.web;
    let span = expression::first(&read.text.sentences, &web.words)?;
    if expression::first(&read.text.sentences, &web.ways).is_some() {
        return None;
    }
    let message = format!("`{}` is the only way that is named here", &read.script.file.text[span.clone()]);
    let help = "many callers have no internet: name a telephone, a letter, a place, or someone who can help, too";
    Some(read.warn("web-only", message, span, help))
}
