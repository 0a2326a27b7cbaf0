//! The scripts: what the line says, one Markdown file a script and a language, in `audio_scripts/<language>/`.
//!
//! Reads them, their markers and front matter, and the words that each language has for keys and numbers. Knows nothing
//! of the flows: `engine` makes speeches from scripts with what only it knows (a line's name, the operator's settings).

mod front_matter;
mod language;
mod markup;
mod numbers;
mod speak;

use std::{collections::BTreeMap, sync::Arc};

pub use front_matter::{FrontMatter, Status};
pub use language::Language;
pub use markup::{Number, Part, Variable};
pub use numbers::{digit_by_digit, in_groups};
pub use speak::Speaker;

use crate::{
    call::Lang,
    diagnostic::{Diagnostic, Place, SourceFile},
    files::{File, Files, yaml},
};

/// The file of a language's own words.
const LANGUAGE_FILE: &str = "language.yaml";

/// One script in one language.
#[derive(Debug)]
pub struct Script {
    /// Where it comes from, whether it was reviewed.
    pub front: FrontMatter,
    /// What is said.
    pub parts: Vec<Part>,
    /// Its file.
    pub file: Arc<SourceFile>,
}

/// Every script of every language.
#[derive(Debug, Default)]
pub struct Scripts {
    /// The languages with their own words.
    pub languages: BTreeMap<Lang, Language>,
    /// Scripts by language, then by id: the path without folder of the language and without `.md`.
    pub scripts: BTreeMap<Lang, BTreeMap<String, Script>>,
}

impl Scripts {
    /// Reads every file, and gives back what could be understood with all that is wrong.
    pub fn parse(files: &Files) -> (Scripts, Vec<Diagnostic>) {
        let mut scripts = Scripts::default();
        let mut diagnostics = files.diagnostics.clone();
        for file in &files.files {
            if let Err(diagnostic) = scripts.add(file) {
                diagnostics.push(*diagnostic);
            }
        }
        for (lang, scripts_of) in &scripts.scripts {
            if !scripts.languages.contains_key(lang)
                && let Some(script) = scripts_of.values().next()
            {
                diagnostics.push(
                    Diagnostic::error("no-language-file", format!("the language `{lang}` has no file {LANGUAGE_FILE}"))
                        .at(Place::top(&script.file))
                        .help("it says how keys are named: copy the one of fr and translate it"),
                );
            }
        }
        (scripts, diagnostics)
    }

    /// The script `id` in `lang`.
    pub fn get(&self, lang: Lang, id: &str) -> Option<&Script> {
        self.scripts.get(&lang)?.get(id)
    }

    fn add(&mut self, file: &File) -> Result<(), Box<Diagnostic>> {
        let Some((folder, name)) = file.name.split_once('/') else {
            // README.md and its like, beside the folders of the languages.
            return Ok(());
        };
        let lang: Lang = folder.parse().map_err(|error| {
            Diagnostic::error("not-a-language", format!("{error}"))
                .at(Place::top(&file.source))
                .help("every folder of the scripts is a language")
        })?;
        if name == LANGUAGE_FILE {
            self.languages.insert(lang, yaml(&file.source)?);
        } else if let Some(id) = name.strip_suffix(".md") {
            let script = Script::parse(&file.source)?;
            self.scripts.entry(lang).or_default().insert(id.to_owned(), script);
        }
        Ok(())
    }
}

impl Script {
    fn parse(file: &Arc<SourceFile>) -> Result<Script, Box<Diagnostic>> {
        let (front, body) = front_matter::split(file)?;
        let parts = markup::parse(file, body)?;
        if parts.is_empty() {
            return Err(Box::new(
                Diagnostic::error("empty-script", "this script says nothing")
                    .at(Place::top(file))
                    .help("write what is to be said below the second line of ---"),
            ));
        }
        Ok(Script { front, parts, file: file.clone() })
    }
}
