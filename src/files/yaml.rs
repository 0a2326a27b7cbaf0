//! YAML with positions: one place where a parser's error becomes a diagnostic that an operator understands.

use std::sync::Arc;

use serde::de::DeserializeOwned;

use super::At;
use crate::diagnostic::{Diagnostic, Place, SourceFile};

/// Reads one YAML file into `T`; the error stands at its line and column.
pub fn yaml<T: DeserializeOwned>(file: &Arc<SourceFile>) -> Result<T, Box<Diagnostic>> {
    if file.text.trim().is_empty() {
        return Err(Box::new(
            Diagnostic::error("empty-file", "this file is empty")
                .at(Place::top(file))
                .help("write something into it, or remove it"),
        ));
    }
    yaml_part(file, &file.text)
}

/// Reads `text`, whose lines are the first lines of `file`, as the front matter of a script is.
pub fn yaml_part<T: DeserializeOwned>(file: &Arc<SourceFile>, text: &str) -> Result<T, Box<Diagnostic>> {
    serde_saphyr::from_str(text).map_err(|error| Box::new(explain(file, &error)))
}

fn explain(file: &Arc<SourceFile>, error: &serde_saphyr::Error) -> Diagnostic {
    let plain = error.without_snippet();
    let mut message = plain.to_string();
    // The place is drawn; saying it twice would only make the sentence longer.
    if let Some(at) = message.rfind(" at line ") {
        message.truncate(at);
    }
    let (code, help) = if message.starts_with("unknown field") {
        ("unknown-field", "check the spelling; the README.md of the folder lists every field")
    } else if message.starts_with("unknown variant") {
        ("unknown-kind", "a node is one of: menu, say, language, transfer, end")
    } else if message.starts_with("duplicate mapping key") {
        message = message.replace(", set DuplicateKeyPolicy in Options if acceptable", "");
        ("key-twice", "the same name stands twice at this level: remove or rename one")
    } else if message.starts_with("missing field") {
        ("missing-field", "add the field; the README.md of the folder has an example of each kind")
    } else if message.contains("recursion limit") || message.contains("udget") {
        ("too-deep", "nothing in a flow is nested this deeply: check the brackets and the blanks before each line")
    } else {
        ("yaml", "check the blanks before the line, the colons and the brackets")
    };
    let place = error
        .location()
        .map_or_else(|| Place::top(file), |at| At::new((), at.line(), at.column(), at.span().len()).place(file));
    Diagnostic::error(code, message).at(place).help(help)
}
