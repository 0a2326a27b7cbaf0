//! Words on danger: whoever hears them is offered urgent help first. `urgent_first` in `words.yaml`.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Found, Read, expression,
    heard::{Of, Row},
};

pub(super) fn check<'a>(
    read: &'a Read<'_>,
    all: &BTreeMap<&str, &Read<'_>>,
    rows: &[Row<'_>],
    urgent_help: &BTreeSet<&str>,
) -> Option<Found<'a>> {
    let span = expression::first(&read.text.sentences, &read.watched.urgent_first)?;
    let begins = |id: &str| all.get(id).is_some_and(|read| begins_with_help(read));
    if begins(read.id) || urgent_help.contains(read.id) || is_behind_help(read.id, rows, &begins) {
        return None;
    }
    let said = &read.script.file.text[span.clone()];
    let message = format!("`{said}` is heard before urgent help is offered");
    let help = "begin with it, as in: If you feel in danger now, {press: urgent}.";
    Some(read.warn("urgent-help-first", message, span, help))
}

fn begins_with_help(read: &Read<'_>) -> bool {
    read.text.sentences.first().is_some_and(|sentence| sentence.offers_help)
}

/// Wherever the script is heard: right behind the offer, or in a menu that begins with it.
fn is_behind_help(id: &str, rows: &[Row<'_>], begins: &impl Fn(&str) -> bool) -> bool {
    let mut places = 0;
    for row in rows {
        for at in (0..row.scripts.len()).filter(|at| row.scripts[*at].id == id) {
            places += 1;
            let offer = match row.of {
                Of::Say => at.checked_sub(1),
                Of::Menu => Some(0),
                Of::Other => None,
            };
            if !offer.is_some_and(|offer| begins(row.scripts[offer].id)) {
                return false;
            }
        }
    }
    places > 0
}
