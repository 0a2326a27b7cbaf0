//! What a YAML parser has to say, in the words of someone who has never heard of YAML.

use std::sync::Arc;

use serde_saphyr::Error;

use super::{
    At,
    slips::{self, Slip},
    suggest::nearest,
};
use crate::diagnostic::{Diagnostic, Place, SourceFile};

const README: &str = "the README.md of the folder has an example";
const TAB: &str = "a tab stands before this line";
const NOT_ALIGNED: &str = "this line begins too far left or too far right";
const NOT_UNDERSTOOD: &str = "this can't be understood";
const LIST_WANTED: &str = "a list is wanted here";
const FIELDS_WANTED: &str = "fields are wanted here, each with its name, a colon and its value";

/// The diagnostic of an error in `file`, at its line and column.
pub(super) fn explain(file: &Arc<SourceFile>, error: &Error) -> Diagnostic {
    let error = innermost(error);
    let place = error
        .location()
        .map_or_else(|| Place::top(file), |at| At::new((), at.line(), at.column(), at.span().len()).place(file));
    let rest = file.text.get(place.span.start..).unwrap_or_default();
    let (code, message, help) = sentences(error, rest);
    match slip(error, &file.text, &place, &message) {
        Some(slip) => {
            let place = Place { file: file.clone(), span: slip.span };
            Diagnostic::error(code, slip.message).at(place).help(slip.help)
        }
        None => Diagnostic::error(code, message).at(place).help(help),
    }
}

/// What can be told from the lines themselves, where the error tells little.
fn slip(error: &Error, text: &str, place: &Place, message: &str) -> Option<Slip> {
    let at = place.span.start;
    match error {
        Error::SerdeMissingField { field, .. } => slips::further_left(text, at, field),
        Error::NullIntoString { .. } | Error::Eof { .. } => slips::comma(text, at),
        _ => match message {
            TAB => slips::tab(text, at, false),
            NOT_ALIGNED => slips::tab(text, at, true),
            NOT_UNDERSTOOD => slips::tab(text, at, true).or_else(|| slips::blank_or_colon(text, at, false)),
            LIST_WANTED => slips::blank_or_colon(text, at, true),
            FIELDS_WANTED => slips::blank_or_colon(text, at, true).or_else(|| {
                let help = slips::with_fields(text, at)?.to_owned();
                Some(Slip { span: place.span.clone(), message: FIELDS_WANTED.to_owned(), help })
            }),
            _ => None,
        },
    }
}

fn innermost(error: &Error) -> &Error {
    match error.without_snippet() {
        Error::AliasError { error, .. } => innermost(error),
        error => error,
    }
}

/// Code, message and help. `rest` is the file from the place of the error on.
fn sentences(error: &Error, rest: &str) -> (&'static str, String, String) {
    let say = |code, message: &str, help: &str| (code, message.to_owned(), help.to_owned());
    let star = is_star_or_hash(rest);
    match error {
        Error::SerdeUnknownField { field, .. } if field.contains(':') => {
            say("yaml", "a blank is missing behind the colon", "write it as in `say: end/goodbye`")
        }
        Error::SerdeUnknownVariant { variant, expected, .. } if lacks_colon(variant, expected) => {
            say("yaml", "a colon is missing in this line", "write it as in `say:`, its fields below it and further in")
        }
        Error::SerdeUnknownField { field, expected, .. } if is_goal_at_margin(field, expected, rest) => (
            "unknown-field",
            format!("there is no field `{field}` here"),
            "put it two blanks further in, below `goals:`".to_owned(),
        ),
        Error::SerdeUnknownField { field, expected, .. } => (
            "unknown-field",
            format!("there is no field `{field}` here"),
            one_of(field, expected, "the fields here are"),
        ),
        Error::SerdeUnknownVariant { variant, expected, .. } if expected.contains(&"menu") => match variant.as_str() {
            "~" => ("unknown-kind", "this node has nothing in it".to_owned(), one_of("", expected, "a node is one of")),
            _ => (
                "unknown-kind",
                format!("`{variant}` is no kind of node"),
                one_of(variant, expected, "a node is one of"),
            ),
        },
        Error::SerdeUnknownVariant { variant, expected, .. } => {
            ("wrong-value", format!("`{variant}` can't stand here"), one_of(variant, expected, "write one of"))
        }
        Error::SerdeMissingField { field, .. } => (
            "missing-field",
            format!("the field `{field}` is missing here"),
            format!("add a line `{field}:` with its value; {README}"),
        ),
        Error::DuplicateMappingKey { key, .. } => (
            "key-twice",
            key.as_ref()
                .map_or_else(|| "the same name stands twice here".into(), |key| format!("`{key}` stands twice here")),
            "remove one of the two, or give it another name".to_owned(),
        ),
        Error::ExpectedMappingEndAfterEnumVariantValue { .. } => say(
            "two-kinds",
            "this node is already something else: a node does one thing",
            "make two nodes of it, or check how far in this line begins",
        ),
        Error::ExternallyTaggedEnumExpectedScalarOrMapping { .. }
        | Error::ExpectedStringKeyForExternallyTaggedEnum { .. } => say(
            "wrong-value",
            "a kind of node is wanted here, and then its fields",
            "a node is one of: menu, say, read, ask, choose, language, transfer, end; write it as in `say:`, its fields below it and further in",
        ),
        Error::UnknownAnchor { .. } | Error::InvalidScalar { .. } | Error::ExternalMessage { .. } if star => say(
            "universal-key",
            "the keys * and # mean the same everywhere and can't be a choice",
            "choices use the keys 1, 2, 3 and 4",
        ),
        Error::Unexpected { expected, .. } => wanted(expected, rest),
        Error::InvalidScalar { ty, .. } => wanted(ty, rest),
        Error::SerdeInvalidType { expected, .. } | Error::SerdeInvalidValue { expected, .. } => wanted(expected, rest),
        Error::InvalidBooleanStrict { .. } => wanted("bool", rest),
        Error::NullIntoString { .. } | Error::Eof { .. } => {
            say("wrong-value", "nothing is written here", "write the value behind the colon, or remove the line")
        }
        Error::UnknownAnchor { .. } => {
            say("yaml", "a text can't begin with * here", "put the text between quotation marks, as in \"*\"")
        }
        Error::MultipleDocuments { .. } => say(
            "yaml",
            "a line of --- stands here or just before: a file is one whole",
            "remove the line of ---, or make two files",
        ),
        Error::Budget { .. }
        | Error::AliasReplayLimitExceeded { .. }
        | Error::AliasExpansionLimitExceeded { .. }
        | Error::AliasReplayStackDepthExceeded { .. } => too_deep(),
        Error::ExternalMessage { msg, .. } | Error::Message { msg, .. } => other(msg, rest),
        error => other(&error.to_string(), rest),
    }
}

/// Whether a key of a menu is written as `*` or `#`, with quotation marks or without.
fn is_star_or_hash(rest: &str) -> bool {
    let quotes = ['"', '\''];
    let key = rest.trim_start_matches(quotes).strip_prefix(['*', '#']);
    key.is_some_and(|rest| rest.trim_start_matches(quotes).trim_start().starts_with(':'))
}

/// `end { say`, where `end: { say` was meant.
fn lacks_colon(written: &str, known: &[&str]) -> bool {
    known.iter().any(|name| written.strip_prefix(name).is_some_and(|rest| rest.starts_with(' ')))
}

/// An entry of goals.yaml that does not begin further in than `goals:`.
fn is_goal_at_margin(field: &str, known: &[&'static str], rest: &str) -> bool {
    let value = rest.lines().next().and_then(|line| line.split_once(':')).map(|(_, value)| value.trim());
    known.contains(&"goals")
        && nearest(field, known.iter().copied()).is_none()
        && value.is_some_and(|value| value.is_empty() || value.starts_with('{'))
}

fn too_deep() -> (&'static str, String, String) {
    (
        "too-deep",
        "too much stands inside of one another here to be read".to_owned(),
        "nothing in these files is nested this deeply: check the brackets, and how far in each line begins".to_owned(),
    )
}

/// Something of another shape is wanted.
fn wanted(expected: &str, rest: &str) -> (&'static str, String, String) {
    let empty = rest.trim_start_matches(':').lines().next().is_none_or(|line| line.trim().is_empty());
    let (message, help) = match expected {
        _ if expected.contains("mapping") || expected.contains("struct") => match empty {
            true => ("the fields are missing here", "write them below this line, each further in than it"),
            false => (FIELDS_WANTED, "write { name: value }, or the fields below this line, each further in than it"),
        },
        _ if expected.contains("sequence") => {
            (LIST_WANTED, "put square brackets around it, with commas between, as in [one, two]")
        }
        _ if expected.contains("bool") => ("true or false is wanted here", "write true or false: true means yes"),
        "u8" => ("a whole number is wanted here, at most 255", "write its digits only, as in 4"),
        _ if expected.starts_with(['u', 'i']) => ("a whole number is wanted here", "write its digits only, as in 4"),
        _ if expected.contains("str") => {
            ("one text is wanted here, neither a list nor fields", "write a name or a text behind the colon")
        }
        _ => ("something else is wanted here", README),
    };
    ("wrong-value", message.to_owned(), help.to_owned())
}

/// What the parser says of the text itself, and what our own types say of a value.
fn other(message: &str, rest: &str) -> (&'static str, String, String) {
    let has = |words: &[&str]| words.iter().any(|word| message.contains(word));
    if has(&["recursion limit", "depth"]) {
        return too_deep();
    }
    let (message, help) = if has(&["tab"]) {
        (TAB, "use blanks before the words of a line, never the tab key")
    } else if has(&["mapping values are not allowed"]) {
        (
            "this colon can't stand here",
            "a line has one name and one colon: put a text that holds a colon between quotation marks, and check how far in the line begins",
        )
    } else if has(&["quote"]) {
        ("a quotation mark has no partner", "put one at the end of the text")
    } else if has(&["unclosed bracket", "',' or", "flow mapping", "flow sequence"]) {
        (
            "a bracket is not closed, or a comma is missing or stands twice",
            "close every { with } and every [ with ], and put commas between",
        )
    } else if has(&["did not find expected key"]) {
        (NOT_ALIGNED, "let it begin below the lines that it belongs to")
    } else if has(&["unexpected character", "cannot start any token"]) {
        ("a text can't begin with this character", "put the text between quotation marks")
    } else if message.starts_with('`') || message.starts_with("not ") {
        // Said by a type of ours, in plain words: what is wrong, then how it is written.
        let (wrong, right) = message.split_once(": ").unwrap_or((message, README));
        return ("wrong-value", wrong.to_owned(), right.to_owned());
    } else if rest.trim_start().starts_with(['}', ']']) {
        ("a bracket is closed here that was not opened", "remove it, or open one before")
    } else {
        (NOT_UNDERSTOOD, "check the colons, the brackets, and how far in each line begins")
    };
    ("yaml", message.to_owned(), help.to_owned())
}

/// "Did you mean `go`? The fields here are: say, go".
fn one_of(written: &str, known: &[&'static str], all: &str) -> String {
    let list = known.join(", ");
    match nearest(written, known.iter().copied()) {
        Some(nearest) => format!("did you mean `{nearest}`? {}{}: {list}", all[..1].to_uppercase(), &all[1..]),
        None if known.is_empty() => "remove it".to_owned(),
        None => format!("{all}: {list}"),
    }
}
