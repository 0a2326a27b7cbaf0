//! Markers that say something in one script only: how many parts a document has is known where it begins, and the
//! language of the caller where somebody answers for us.

use crate::{
    diagnostic::Diagnostic,
    engine::{Phrase, WHISPER},
    script::{Part, Scripts, Variable},
};

pub(super) fn check(scripts: &Scripts) -> Vec<Diagnostic> {
    let all = scripts.scripts.values().flatten();
    let counts = all.filter(|(id, script)| {
        id.as_str() != Phrase::READ_BEGINS && script.parts.contains(&Part::Variable(Variable::Count))
    });
    let languages =
        scripts.scripts.values().flatten().filter(|(id, script)| {
            id.as_str() != WHISPER && script.parts.contains(&Part::Variable(Variable::Language))
        });
    let languages = languages.map(|(_, script)| {
        Diagnostic::error("marker-without-line", "{language} says nothing here: nobody answers for us")
            .at(script.place_of("language"))
            .help(format!("only `{WHISPER}` can say the caller's language: remove the marker here"))
    });
    counts
        .map(|(_, script)| {
            Diagnostic::error("marker-without-document", "{count} would say 0 here: no document begins")
                .at(script.place_of("count"))
                .help(format!(
                    "only `{}` can say how many parts there are: remove the marker here",
                    Phrase::READ_BEGINS
                ))
        })
        .chain(languages)
        .collect()
}
