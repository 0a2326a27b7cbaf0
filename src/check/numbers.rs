//! Telephone numbers in scripts: every one must be a line of `lines.yaml`, so that none is spoken that nobody looks after,
//! or that nobody has verified.

use crate::{
    diagnostic::{Diagnostic, Place},
    lines::{Lines, only_digits},
    script::{Part, Scripts},
};

pub(super) fn check(scripts: &Scripts, lines: &Lines) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (_, _, script) in scripts.spoken() {
        for part in &script.parts {
            let Part::Number(number) = part else { continue };
            let digits = only_digits(&number.written);
            let finding = match lines.announced(&digits).next() {
                None => Diagnostic::error("unknown-number", format!("{} is not a number of lines.yaml", number.written))
                    .help("add its line to call_flows/lines.yaml, with the source of the number"),
                Some(_) if lines.announced(&digits).all(|(_, line)| !line.verified) => {
                    Diagnostic::error("unverified-line", format!("nobody has verified {}: it can't be said", number.written))
                        .help("dial it, write the day of it under `source`, and remove `verified: false` in lines.yaml; or take it out here")
                }
                Some(_) => continue,
            };
            found.push(finding.at(Place { file: script.file.clone(), span: number.span.clone() }));
        }
    }
    found
}
