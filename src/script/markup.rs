//! The text of a script and its markers.
//!
//! | marker | heard |
//! |---|---|
//! | `{tel: 09 72 39 40 50}` | the number, in its groups |
//! | `{digits: 09 72 39 40 50}` | the number, digit by digit |
//! | `{fact: file_delay}` | "huit jours": what `facts.yaml` says |
//! | `{press: urgent}` | "appuyez sur la touche 9"; also `main`, `repeat`, `back`, `language`, `slower`, and in documents `next`, `previous`, `person` |
//! | `{key: urgent}` | "touche 9" |
//! | `{pause: 2s}`, `{pause: 300ms}` | silence, ten seconds at most |
//! | `{operator}`, `{contact}` | who runs the line, how to reach them: from the settings |
//! | `{line}` | the name of the line that is called: in the announcement of a transfer |
//! | `{speaks}` | "They speak French.", where that line does not speak the caller's language |
//! | `{euros: 57}`, `{hour: 21:30}`, `{date: 2026-11-24}`, `{rank: 2}` | "cinquante-sept euros", "vingt et une heures trente", a day, "deuxième" |
//! | `{language}` | what the caller's language is called: for those who answer for us |
//! | `{count}` | how many parts the document has, where it begins; how many digits are missing |
//! | `{code}`, `{place}` | the digits that were typed, one by one; the name of a place, in the French voice |
//! | `{fr: carte Vitale}` | words of another language, by its code, in its own voice |
//! | `{dictate: Je vous informe}` | a phrase to write down, in French: slowly, twice, its signs named |
//! | `{free: Cet appel est gratuit.}` | said only where the settings say that the call is free |
//!
//! An empty line is a pause of 0.6 s.

use std::{ops::Range, sync::Arc};

use super::{
    facts::Value,
    part::{Dictated, Number, Part, Variable},
};
use crate::{
    call::{Lang, key_named, key_names},
    diagnostic::{Diagnostic, Place, SourceFile},
};

/// The pause of an empty line, in milliseconds.
pub(crate) const PARAGRAPH_PAUSE: u16 = 600;

const MARKERS: &str = "tel, digits, fact, euros, rank, press, key, pause, operator, contact, line, speaks, language, count, hour, weekday, date, code, place, centre, street, commune, km, number, number_slowly, languages, weeks, free, dictate, and the code of a language";
/// The markers with a value.
const WITH_VALUE: [&str; 12] =
    ["tel", "digits", "fact", "euros", "hour", "date", "rank", "press", "key", "pause", "free", "dictate"];

/// Reads the text in `body`, a range of the file.
pub(super) fn parse(file: &Arc<SourceFile>, body: Range<usize>) -> Result<Vec<Part>, Box<Diagnostic>> {
    let mut parts = Vec::new();
    let mut at = body.start;
    let text = file.text[..body.end].trim_end();
    while at < text.len() {
        match text[at..].find(['{', '}']).map(|found| at + found) {
            None => {
                other_brackets(file, at..text.len())?;
                words(&mut parts, &text[at..]);
                break;
            }
            Some(brace) => {
                other_brackets(file, at..brace)?;
                words(&mut parts, &text[at..brace]);
                let close = text[brace..].find('}').filter(|_| text.as_bytes()[brace] == b'{').map(|n| brace + n);
                let Some(close) = close else {
                    return Err(wrong(
                        file,
                        brace..brace + 1,
                        "this brace has no partner",
                        "a marker is written {name} or {name: value}",
                    ));
                };
                parts.push(marker(file, &text[brace + 1..close], brace..close + 1)?);
                at = close + 1;
            }
        }
    }
    while matches!(parts.last(), Some(Part::Pause(PARAGRAPH_PAUSE))) {
        parts.pop();
    }
    Ok(parts)
}

/// `(tel: 15)` or `[press: urgent]` would be read out.
fn other_brackets(file: &Arc<SourceFile>, words: Range<usize>) -> Result<(), Box<Diagnostic>> {
    let text = &file.text[words.clone()];
    for (at, open) in text.match_indices(['(', '[']) {
        let close = if open == "(" { ')' } else { ']' };
        let Some(inside) = text[at + 1..].split_once(close).map(|(inside, _)| inside) else { continue };
        if inside.split_once(':').is_some_and(|(name, _)| WITH_VALUE.contains(&name.trim())) {
            let span = words.start + at..words.start + at + inside.len() + 2;
            return Err(wrong(file, span, "markers stand in curly brackets", &format!("write {{{inside}}}")));
        }
    }
    Ok(())
}

/// Adds words, their blanks made even; an empty line is a pause.
fn words(parts: &mut Vec<Part>, text: &str) {
    let text = text.replace("\r\n", "\n");
    let paragraphs: Vec<&str> = text.split("\n\n").collect();
    for (i, paragraph) in paragraphs.iter().enumerate() {
        if i > 0 && !parts.is_empty() && !matches!(parts.last(), Some(Part::Pause(_))) {
            parts.push(Part::Pause(PARAGRAPH_PAUSE));
        }
        let mut even = paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
        if even.is_empty() {
            if i == 0 && paragraphs.len() == 1 && !paragraph.is_empty() {
                parts.push(Part::Text(" ".into()));
            }
            continue;
        }
        let after_marker = i == 0 && !parts.is_empty() && paragraph.starts_with(char::is_whitespace);
        let before_marker = i + 1 == paragraphs.len() && paragraph.ends_with(char::is_whitespace);
        if after_marker && !matches!(parts.last(), Some(Part::Pause(_))) {
            even.insert(0, ' ');
        }
        if before_marker {
            even.push(' ');
        }
        parts.push(Part::Text(even));
    }
}

fn marker(file: &Arc<SourceFile>, inside: &str, span: Range<usize>) -> Result<Part, Box<Diagnostic>> {
    let (name, value) = inside.split_once(':').map_or((inside, ""), |(name, value)| (name, value));
    let value = value.trim();
    let number = |one_by_one| {
        let right = value.chars().all(|c| c.is_ascii_digit() || c == ' ') && value.chars().any(|c| c.is_ascii_digit());
        if right {
            Ok(Part::Number(Number { written: value.to_owned(), one_by_one, span: span.clone() }))
        } else {
            Err(wrong(
                file,
                span.clone(),
                "this is not a telephone number",
                "write digits in groups, as in {tel: 09 72 39 40 50}",
            ))
        }
    };
    let key = || {
        key_named(value).ok_or_else(|| {
            let names = key_names().collect::<Vec<_>>().join(", ");
            wrong(file, span.clone(), &format!("no key is called `{value}`"), &format!("the keys are: {names}"))
        })
    };
    match name.trim() {
        "tel" => number(false),
        "digits" => number(true),
        "fact" => Ok(Part::Fact { name: value.to_owned(), span }),
        kind if Value::is_marker(kind) && !value.is_empty() => match Value::read(kind, value) {
            Some(value) => Ok(Part::Value { value, span }),
            None => Err(wrong(file, span, &format!("`{value}` can't be said as `{kind}`"), Value::help(kind))),
        },
        "press" => key().map(Part::Press),
        "key" => key().map(Part::Key),
        "pause" => pause(value).map(Part::Pause).ok_or_else(|| {
            wrong(
                file,
                span.clone(),
                "this is not a pause",
                "write seconds or milliseconds, ten seconds at most: {pause: 2s}, {pause: 300ms}",
            )
        }),
        "operator" => Ok(Part::Variable(Variable::Operator)),
        "contact" => Ok(Part::Variable(Variable::Contact)),
        "line" => Ok(Part::Variable(Variable::Line)),
        "speaks" => Ok(Part::Variable(Variable::Speaks)),
        "language" => Ok(Part::Variable(Variable::Language)),
        "count" => Ok(Part::Variable(Variable::Count)),
        "hour" => Ok(Part::Variable(Variable::Hour)),
        "weekday" => Ok(Part::Variable(Variable::Weekday)),
        "date" => Ok(Part::Variable(Variable::Date)),
        "code" => Ok(Part::Variable(Variable::Code)),
        "place" => Ok(Part::Variable(Variable::Place)),
        "centre" => Ok(Part::Variable(Variable::Centre)),
        "street" => Ok(Part::Variable(Variable::Street)),
        "commune" => Ok(Part::Variable(Variable::Commune)),
        "km" => Ok(Part::Variable(Variable::Km)),
        "number" => Ok(Part::Variable(Variable::Number)),
        "number_slowly" => Ok(Part::Variable(Variable::NumberSlowly)),
        "languages" => Ok(Part::Variable(Variable::Languages)),
        "weeks" => Ok(Part::Variable(Variable::Weeks)),
        "dictate" if value.contains(char::is_alphanumeric) => {
            let text = value.replace("...", "…").split_whitespace().collect::<Vec<_>>().join(" ");
            Ok(Part::Dictate(Dictated { text, span }))
        }
        "dictate" => {
            Err(wrong(file, span, "nothing is dictated here", "write the phrase in French: {dictate: Je vous écris}"))
        }
        "free" if !value.is_empty() => Ok(Part::Free(value.to_owned())),
        code if !value.is_empty() && code.parse::<Lang>().is_ok() => {
            Ok(Part::Foreign(code.parse().unwrap_or(Lang::FR), value.to_owned()))
        }
        other if other.split_once(' ').is_some_and(|(name, _)| WITH_VALUE.contains(&name)) && value.is_empty() => {
            let (name, value) = other.split_once(' ').unwrap_or((other, ""));
            let help = format!("write `{{{name}: {}}}`", value.trim());
            Err(wrong(file, span, "a colon is missing in this marker", &help))
        }
        other => Err(Box::new(
            Diagnostic::error("unknown-marker", format!("no marker is called `{other}`"))
                .at(Place { file: file.clone(), span })
                .help(format!("the markers are: {MARKERS}; audio_scripts/README.md explains each")),
        )),
    }
}

fn pause(value: &str) -> Option<u16> {
    let ms = match value.strip_suffix("ms") {
        Some(ms) => ms.trim().parse::<f32>().ok()?,
        None => value.strip_suffix('s')?.trim().parse::<f32>().ok()? * 1000.0,
    };
    (1.0..=10_000.0).contains(&ms).then_some(ms as u16)
}

fn wrong(file: &Arc<SourceFile>, span: Range<usize>, message: &str, help: &str) -> Box<Diagnostic> {
    Box::new(Diagnostic::error("marker", message).at(Place { file: file.clone(), span }).help(help))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<Part>, Box<Diagnostic>> {
        let file = Arc::new(SourceFile { path: "fr/x.md".into(), text: text.into() });
        parse(&file, 0..text.len())
    }

    #[test]
    fn text_keeps_one_blank_around_markers_and_a_pause_for_an_empty_line() {
        let parts = read("Urgence ?\nAppelez le {tel: 15}, ou {press: urgent}.\n\nMerci.\n").unwrap();
        let number = Part::Number(Number { written: "15".into(), one_by_one: false, span: 21..30 });
        assert_eq!(
            parts,
            [
                Part::Text("Urgence ? Appelez le ".into()),
                number,
                Part::Text(", ou ".into()),
                Part::Press('9'),
                Part::Text(".".into()),
                Part::Pause(600),
                Part::Text("Merci.".into()),
            ]
        );
    }

    #[test]
    fn wrong_markers_are_shown_where_they_stand() {
        for (text, code, column) in [
            ("Bonjour {phone: 15}", "unknown-marker", 9),
            ("Été {press: help}", "marker", 5),
            ("Ouvert { jamais", "marker", 8),
            ("Fermé } ici", "marker", 7),
            ("{tel: onze}", "marker", 1),
            ("{pause: 99s}", "marker", 1),
            ("À {hour: 25}", "marker", 3),
            ("{date: 24 novembre}", "marker", 1),
            ("{rank: 0}", "marker", 1),
            ("{euros: 1,5}", "marker", 1),
            ("À {dictate: ...}", "marker", 3),
        ] {
            let found = read(text).unwrap_err();
            assert_eq!((found.code, found.place.unwrap().line_column()), (code, (1, column)), "{text}");
        }
    }

    #[test]
    fn a_dictated_phrase_may_hold_signs_and_stand_on_two_lines() {
        let text = "Objet : ma décision, à ce jour".into();
        let parts = read("{dictate: Objet : ma\n  décision, à ce jour}").unwrap();
        assert_eq!(parts, [Part::Dictate(Dictated { text, span: 0..45 })]);
    }

    #[test]
    fn pauses_are_read_in_both_units() {
        assert_eq!(read("{pause: 1.5s}{pause: 250ms}").unwrap(), [Part::Pause(1500), Part::Pause(250)]);
    }
}
