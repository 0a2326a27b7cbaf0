//! Markers that say something in few scripts only: how many parts a document has is known where it begins, when a line
//! opens where it is said to be closed, the language of the caller where somebody answers for us, digits and places
//! where they are asked for, and what a centre is where centres are told.

use crate::{
    diagnostic::Diagnostic,
    engine::{CentreWord, Phrase, WHISPER},
    script::{Part, Scripts, Variable},
};

pub(super) fn check(scripts: &Scripts) -> Vec<Diagnostic> {
    let mut found = counts(scripts);
    found.extend(moments(scripts));
    found.extend(places(scripts));
    found
}

/// When a line opens is known only where it is said to be closed.
fn moments(scripts: &Scripts) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (_, id, script) in scripts.spoken() {
        if Phrase::ALL.into_iter().any(|phrase| phrase.says_when() && phrase.script() == id) {
            continue;
        }
        let of_centre = CentreWord::ALL.into_iter().find(|word| word.script() == id);
        if of_centre.is_some_and(CentreWord::says_when) {
            continue;
        }
        let known = of_centre.map_or(&[][..], CentreWord::blanks);
        for variable in [Variable::Hour, Variable::Weekday, Variable::Date] {
            if known.contains(&variable) {
                continue;
            }
            if script.parts.contains(&Part::Variable(variable)) {
                let name = variable.name();
                let error = Diagnostic::error(
                    "marker-without-line",
                    format!("{{{name}}} says nothing here: no line is said to be closed"),
                );
                found.push(error.at(script.place_of(name)).help(
                    "only the scripts phrases/opens-today, -tomorrow, -weekday and -date, and those of find/, say when a line opens: remove the marker here",
                ));
            }
        }
    }
    found
}

/// What a caller has typed, and what it means, is known only where it is read back; what a centre is, where it is told.
fn places(scripts: &Scripts) -> Vec<Diagnostic> {
    let of_code = vec![Phrase::CodeRead.script(), Phrase::DepartmentRead.script()];
    let of_centres = |variable| {
        CentreWord::ALL.into_iter().filter(move |word| word.blanks().contains(&variable)).map(CentreWord::script)
    };
    let of_place = [Phrase::ASK_DEPARTMENT].into_iter().chain(of_centres(Variable::Place)).collect();
    let mut known: Vec<(Variable, Vec<&str>)> = vec![(Variable::Code, of_code), (Variable::Place, of_place)];
    known.extend(CENTRE.map(|variable| (variable, of_centres(variable).collect())));
    let mut found = Vec::new();
    for (variable, ids) in known {
        let name = variable.name();
        let all = scripts.scripts.values().flatten().filter(|(id, _)| !ids.contains(&id.as_str()));
        for (_, script) in all.filter(|(_, script)| script.parts.contains(&Part::Variable(variable))) {
            let message = format!("{{{name}}} says nothing here: no place is read back, and no centre told");
            let help = format!("only {} can say it: remove the marker here", ids.join(" and "));
            found.push(Diagnostic::error("marker-without-line", message).at(script.place_of(name)).help(help));
        }
    }
    found
}

/// What is known of a centre alone.
const CENTRE: [Variable; 8] = [
    Variable::Centre,
    Variable::Street,
    Variable::Commune,
    Variable::Km,
    Variable::Number,
    Variable::NumberSlowly,
    Variable::Languages,
    Variable::Weeks,
];

fn counts(scripts: &Scripts) -> Vec<Diagnostic> {
    let counts = scripts.spoken().filter(|(_, id, script)| {
        ![Phrase::READ_BEGINS, Phrase::ASK_MISSING].contains(id)
            && script.parts.contains(&Part::Variable(Variable::Count))
    });
    let languages = scripts
        .spoken()
        .filter(|(_, id, script)| *id != WHISPER && script.parts.contains(&Part::Variable(Variable::Language)));
    let languages = languages.map(|(_, _, script)| {
        Diagnostic::error("marker-without-line", "{language} says nothing here: nobody answers for us")
            .at(script.place_of("language"))
            .help(format!("only `{WHISPER}` can say the caller's language: remove the marker here"))
    });
    counts
        .map(|(_, _, script)| {
            Diagnostic::error("marker-without-document", "{count} would say 0 here: no document begins")
                .at(script.place_of("count"))
                .help(format!(
                    "only `{}` can say how many parts there are, and `{}` how many digits are missing: remove the marker here",
                    Phrase::READ_BEGINS,
                    Phrase::ASK_MISSING
                ))
        })
        .chain(languages)
        .collect()
}
