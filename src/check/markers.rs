//! Markers that say something in one script only: how many parts a document has is known where it begins.

use crate::{
    diagnostic::Diagnostic,
    engine::Phrase,
    script::{Part, Scripts, Variable},
};

pub(super) fn check(scripts: &Scripts) -> Vec<Diagnostic> {
    let all = scripts.scripts.values().flatten();
    let counts = all.filter(|(id, script)| {
        id.as_str() != Phrase::READ_BEGINS && script.parts.contains(&Part::Variable(Variable::Count))
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
        .collect()
}
