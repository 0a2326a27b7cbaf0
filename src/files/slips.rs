//! Slips of the pen that the YAML parser has no word for, found by looking at the lines near the place that it names.

use std::ops::Range;

/// What was meant, and where it stands in the file, in bytes.
pub(super) struct Slip {
    pub(super) span: Range<usize>,
    pub(super) message: String,
    pub(super) help: String,
}

impl Slip {
    fn new(span: Range<usize>, message: impl Into<String>, help: impl Into<String>) -> Slip {
        Slip { span, message: message.into(), help: help.into() }
    }
}

/// One line of a file.
#[derive(Clone, Copy)]
struct Line<'t> {
    /// Where its first letter stands in the file.
    start: usize,
    /// How many blanks stand before it.
    indent: usize,
    /// Without the blanks around it.
    body: &'t str,
}

impl Line<'_> {
    fn is_text(&self) -> bool {
        !self.body.is_empty() && !self.body.starts_with('#')
    }

    fn span(&self) -> Range<usize> {
        self.start..self.start + self.body.len()
    }

    /// The name of its field, where there is a colon behind it.
    fn field(&self) -> Option<&str> {
        let name = self.body.split(':').next().filter(|name| name.len() < self.body.len())?;
        is_name(name.trim_end()).then_some(name.trim_end())
    }
}

/// The lines from the one of byte `at` on.
fn lines_from(text: &str, at: usize) -> impl Iterator<Item = Line<'_>> {
    let mut start = line_start(text, at);
    text[start..].split_inclusive('\n').map(move |line| {
        let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
        let body = line.trim_matches([' ', '\t', '\n', '\r']);
        let found = Line { start: start + indent.min(line.len()), indent, body };
        start += line.len();
        found
    })
}

fn line_start(text: &str, at: usize) -> usize {
    text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1)
}

fn is_name(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
}

/// The first line from `at` on that lacks a colon or a blank; `own`: only the line of `at` itself, which begins there.
pub(super) fn blank_or_colon(text: &str, at: usize, own: bool) -> Option<Slip> {
    let mut lines =
        lines_from(text, at).enumerate().take_while(|(n, line)| *n == 0 || line.indent > 0 || !line.is_text());
    match own {
        true => lines.next().filter(|(_, line)| line.start == at).and_then(|(_, line)| in_line(line)),
        false => lines.find_map(|(_, line)| in_line(line)),
    }
}

fn in_line(line: Line<'_>) -> Option<Slip> {
    let mut letters = line.body.chars();
    let (first, second) = (letters.next()?, letters.next());
    if first == '-' {
        let is_right = second.is_none_or(|second| second == ' ' || second == '-');
        let help = "write it as in `- find/hospital`; a blank is the one that the space bar gives";
        return (!is_right).then(|| Slip::new(line.span(), "a blank is missing behind this -", help));
    }
    let end = line.body.find(|c: char| !is_name(c.encode_utf8(&mut [0; 4])))?;
    let (name, rest) = line.body.split_at(end);
    let message = match rest.strip_prefix(':') {
        _ if name.is_empty() => return None,
        Some(value) if value.starts_with(|c: char| c != ' ') => "a blank is missing behind the colon of this line",
        Some(_) => return None,
        // "then main_menu", at the margin perhaps a sentence.
        None if rest.contains(": ") || rest.ends_with(':') || line.start == 0 => return None,
        None if rest.trim_start().starts_with(|c: char| c.is_alphanumeric() || c == ':') => {
            "a colon and a blank are missing in this line"
        }
        None => return None,
    };
    let help = "write it as in `then: main_menu`; a blank is the one that the space bar gives";
    Some(Slip::new(line.span(), message, help))
}

/// `field` is said to be missing near `at`, and stands there, further left than the fields above it.
pub(super) fn further_left(text: &str, at: usize, field: &str) -> Option<Slip> {
    let mut lines = lines_from(text, at).filter(Line::is_text);
    let before = lines.next()?;
    let above = before.field()?;
    // Inside of curly brackets nothing begins too far left.
    if text[line_start(text, at)..at].contains(['{', '[']) {
        return None;
    }
    let out = lines.find(|line| line.indent < before.indent)?;
    (out.field() == Some(field)).then(|| {
        Slip::new(
            out.start..out.start + field.len(),
            format!("`{field}` stands here, but it begins further left than `{above}` above it"),
            "let all fields of one node begin below each other",
        )
    })
}

/// The first line with a tab among the blanks before it, from the one of `at` on, or else anywhere.
pub(super) fn tab(text: &str, at: usize, own: bool) -> Option<Slip> {
    let tab_in = |line: &Line<'_>| {
        let begin = line.start - line.indent;
        text[begin..line.start].find('\t').map(|tab| begin + tab)
    };
    let found = match own {
        true => lines_from(text, at).take(1).find_map(|line| tab_in(&line)),
        false => lines_from(text, at).chain(lines_from(text, 0)).find_map(|line| tab_in(&line)),
    };
    let help = "write two blanks in its place, with the space bar: never the tab key";
    found.map(|tab| Slip::new(tab..tab + 1, "this line begins with a tab", help))
}

/// `57,50` in curly brackets: what stands behind the comma has no value. `at` is where that would stand.
pub(super) fn comma(text: &str, at: usize) -> Option<Slip> {
    let (before, behind) = text.get(..at)?.rsplit_once(',')?;
    if behind.trim().is_empty() || behind.contains([':', '{', '[', '\n']) {
        return None;
    }
    let is_digit = |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_digit());
    let help = match is_digit(before.chars().next_back()) && is_digit(behind.chars().next()) {
        true => "write cents with a point and quotation marks, as in \"57.50\"",
        false => "put a text that holds a comma between quotation marks, or write the value behind the colon",
    };
    Some(Slip::new(before.len()..before.len() + 1, "a comma parts two things here", help))
}

/// Something plain where fields are wanted, and how it is written with them.
pub(super) fn with_fields(text: &str, at: usize) -> Option<&'static str> {
    let before = text.get(line_start(text, at)..at)?.trim_end().strip_suffix(':')?;
    let name = before.rsplit([' ', '{', ',']).next()?;
    match name {
        "name" | "for_whom" => Some("write it in each language: `{ fr: la maison, en: the house }`"),
        "value" => Some("write it with its unit, as in `{ euros: 57 }`"),
        _ => None,
    }
}
