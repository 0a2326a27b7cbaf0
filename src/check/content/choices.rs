//! Choices: the program says the key behind the action, in the same sentence.

use super::{Found, Read};

pub(super) fn check<'a>(read: &'a Read<'_>) -> Option<Found<'a>> {
    let text = read.script.file.text[..read.script.body.end].trim_end();
    let last = text.chars().next_back().filter(|c| read.is_choice && ".!?…,;:".contains(*c))?;
    let span = text.len() - last.len_utf8()..text.len();
    let message = format!("this choice ends with `{last}`, and its key is said in the same sentence");
    Some(read.warn("choice-ends", message, span, "remove the sign at the end: the program adds the key"))
}
