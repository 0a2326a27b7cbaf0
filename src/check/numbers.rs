//! Telephone numbers in scripts: every one must be a line of `lines.yaml`, so that none is spoken that nobody looks after.

use crate::{
    diagnostic::{Diagnostic, Place},
    lines::{Lines, only_digits},
    script::{Part, Scripts},
};

pub(super) fn check(scripts: &Scripts, lines: &Lines) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for script in scripts.scripts.values().flat_map(|scripts| scripts.values()) {
        for part in &script.parts {
            if let Part::Number(number) = part
                && !lines.announces(&only_digits(&number.written))
            {
                found.push(
                    Diagnostic::error("unknown-number", format!("{} is not a number of lines.yaml", number.written))
                        .at(Place { file: script.file.clone(), span: number.span.clone() })
                        .help("add its line to call_flows/lines.yaml, with the source of the number"),
                );
            }
        }
    }
    found
}
