//! The scripts: what the line says, one Markdown file a script and a language, in `audio_scripts/<language>/`.
//!
//! Reads them, their markers and front matter, the facts that they say by name, and the words that each language has for
//! keys and numbers. Knows nothing
//! of the flows: `engine` makes speeches from scripts with what only it knows (a line's name, the operator's settings).

mod dictate;
pub mod ear;
mod facts;
mod front_matter;
mod language;
mod leaflet;
mod markup;
mod notices;
mod numbers;
mod part;
mod recordings;
mod sources;
mod speak;
mod stamp;
mod units;
mod words;

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
    path::PathBuf,
    sync::Arc,
};

pub use dictate::{DICTATED_IN, Punctuation, unnamed_sign};
pub use facts::{Fact, Facts, Value};
pub use front_matter::{Day, FrontMatter, Status};
pub use language::Language;
pub use leaflet::LeafletWords;
pub(crate) use markup::PARAGRAPH_PAUSE;
pub use numbers::{digit_by_digit, has_words, in_groups, number_words};
pub use part::{Dictated, Number, Part, Variable};
pub use recordings::Unplayed;
pub use sources::{SOURCES_FILE, Source, Sources};
pub use speak::Speaker;
pub use stamp::{stamped, stamped_recording};
pub use units::{InWords, Units};
pub use words::{Web, Words};

use self::facts::FACTS_FILE;
use crate::{
    call::{Lang, NotALang, Recording},
    diagnostic::{Diagnostic, Place, SourceFile},
    files::{File, Files, Located, yaml},
    lines::HoursWords,
};

/// The file of a language's own words.
const LANGUAGE_FILE: &str = "language.yaml";
/// The file of the words that a language watches.
const WORDS_FILE: &str = "words.yaml";
/// The file of the words that only the printed sheet has.
pub const LEAFLET_FILE: &str = "leaflet.yaml";
/// The file of the words for opening hours.
pub const HOURS_FILE: &str = "hours.yaml";

const PASSED_OVER: &str = "this file is not read: its name has another end than .md";

/// One script in one language.
#[derive(Debug)]
pub struct Script {
    /// Where it comes from, whether it was reviewed.
    pub front: FrontMatter,
    /// What is said.
    pub parts: Vec<Part>,
    /// What is played in place of the voice, if somebody has recorded it.
    pub recording: Option<Arc<Recording>>,
    /// Why none is played although there is one.
    pub unplayed: Option<Unplayed>,
    /// Which bytes of its file are said.
    pub body: Range<usize>,
    /// Its file.
    pub file: Arc<SourceFile>,
}

/// Every script of every language.
#[derive(Debug, Default)]
pub struct Scripts {
    /// The languages with their own words.
    pub languages: BTreeMap<Lang, Language>,
    /// The words that each language watches.
    pub words: BTreeMap<Lang, Words>,
    /// What may change, and scripts say by name.
    pub facts: Facts,
    /// The words of the printed sheet.
    pub leaflets: BTreeMap<Lang, Located<LeafletWords>>,
    /// How opening hours are said.
    pub hours: BTreeMap<Lang, HoursWords>,
    /// Scripts by language, then by id: the path without folder of the language and without `.md`.
    pub scripts: BTreeMap<Lang, BTreeMap<String, Script>>,
    /// The words of notices by language, then by name.
    pub notices: BTreeMap<Lang, BTreeMap<String, Script>>,
    /// What the source texts say, if somebody wrote it down.
    pub sources: Option<Sources>,
    /// The folder whose files lie over the others, if one was named.
    pub overlay: Option<PathBuf>,
    /// Scripts and files of languages that are written, and could not be understood: by language, and name in its folder.
    broken: BTreeSet<(Lang, String)>,
}

impl Scripts {
    /// Reads every file, and gives back what could be understood with all that is wrong.
    pub fn parse(files: &Files) -> (Scripts, Vec<Diagnostic>) {
        let overlay = files.laid.as_ref().map(|laid| laid.folder.clone());
        let mut scripts = Scripts { overlay, ..Scripts::default() };
        let mut diagnostics = files.diagnostics.clone();
        for name in &files.unread {
            if let Some((Ok(lang), name)) = in_language(name) {
                scripts.broken.insert((lang, name.to_owned()));
            }
        }
        for file in &files.files {
            scripts.add(file, files, &mut diagnostics);
        }
        for (lang, scripts_of) in &scripts.scripts {
            if !scripts.languages.contains_key(lang)
                && !scripts.is_broken(*lang, LANGUAGE_FILE)
                && let Some(script) = scripts_of.values().next()
            {
                let folder = format!("{lang}/");
                let mut others = scripts.languages.keys();
                let within = others.find(|other| {
                    scripts.scripts.get(*other).is_some_and(|all| all.keys().any(|id| id.as_str().starts_with(&folder)))
                });
                let help = match within {
                    Some(other) => format!("is it a folder of a language? Move it into that, as in {other}/{lang}"),
                    None => "it says how keys are named: copy the one of fr and translate it".to_owned(),
                };
                diagnostics.push(
                    Diagnostic::error("no-language-file", format!("the language `{lang}` has no file {LANGUAGE_FILE}"))
                        .at(Place::top(&script.file))
                        .help(help),
                );
            }
        }
        scripts.add_recordings(files, &mut diagnostics);
        scripts.facts = Facts::parse(files, &mut diagnostics);
        scripts.silence_other_facts(files);
        diagnostics.extend(Facts::judge_scripts(&scripts));
        (scripts, diagnostics)
    }

    /// The script `id` in `lang`.
    pub fn get(&self, lang: Lang, id: &str) -> Option<&Script> {
        self.scripts.get(&lang)?.get(id)
    }

    /// How `allo-cmp stamp` is called for these scripts.
    pub(crate) fn stamp_command(&self, options: &str) -> String {
        match &self.overlay {
            Some(folder) => format!("allo-cmp stamp{options} --scripts-overlay {}", folder.display()),
            None => format!("allo-cmp stamp{options} --scripts audio_scripts"),
        }
    }

    /// Whether the script `id` is written in `lang`, and could not be understood.
    pub fn is_broken_script(&self, lang: Lang, id: &str) -> bool {
        self.is_broken(lang, &format!("{id}.md"))
    }

    /// The name of a script as a node should write it, where `.md` or its language is written, too.
    pub fn plain_name<'n>(&self, name: &'n str) -> Option<&'n str> {
        let without_end = name.strip_suffix(".md").unwrap_or(name);
        let is_lang = |folder: &str| folder.parse().is_ok_and(|lang| self.languages.contains_key(&lang));
        let plain = without_end.split_once('/').filter(|(folder, _)| is_lang(folder)).map_or(without_end, |(_, id)| id);
        let is_written = || self.scripts.values().any(|scripts| scripts.contains_key(plain));
        (plain != name && (without_end != name || is_written())).then_some(plain)
    }

    /// Whether the language has its file, and it could not be understood.
    pub fn is_broken_language(&self, lang: Lang) -> bool {
        self.is_broken(lang, LANGUAGE_FILE)
    }

    /// Whether everything that is written was understood: only then can something be said to be missing.
    pub fn is_whole(&self) -> bool {
        self.broken.is_empty()
    }

    fn is_broken(&self, lang: Lang, name: &str) -> bool {
        self.broken.contains(&(lang, name.to_owned()))
    }

    fn add(&mut self, file: &File, files: &Files, diagnostics: &mut Vec<Diagnostic>) {
        // README.md and its like stand beside the folders of the languages.
        let Some((lang, name)) = in_language(&file.name) else {
            if file.name == SOURCES_FILE {
                let (sources, found) = Sources::parse(&file.source);
                diagnostics.extend(found);
                self.sources = Some(sources);
            } else if file.over && ![FACTS_FILE, "README.md"].contains(&file.name.as_str()) {
                let message = "this file is not read: it is in the folder of no language";
                let help = "put it where the shipped one is, as in fr/end/goodbye.md, or remove it";
                diagnostics
                    .push(Diagnostic::warning("file-passed-over", message).at(Place::top(&file.source)).help(help));
            }
            return;
        };
        let lang = match lang {
            Ok(lang) => lang,
            Err(error) => {
                let error = Diagnostic::error("not-a-language", error.to_string()).at(Place::top(&file.source));
                return diagnostics
                    .push(error.help("every folder of the scripts is a language: rename it, or remove it"));
            }
        };
        let mut broken = Vec::new();
        if name == LANGUAGE_FILE {
            match yaml::<Language>(&file.source) {
                Ok(language) => {
                    broken.extend(language.judge(&file.source));
                    self.languages.insert(lang, language);
                }
                Err(diagnostic) => broken.push(*diagnostic),
            }
        } else if name == WORDS_FILE {
            match yaml::<Words>(&file.source) {
                Ok(words) => {
                    self.words.insert(lang, words);
                }
                Err(diagnostic) => broken.push(*diagnostic),
            }
        } else if name == LEAFLET_FILE {
            match yaml(&file.source) {
                Ok(value) => {
                    self.leaflets.insert(lang, Located { value, file: file.source.clone() });
                }
                Err(diagnostic) => broken.push(*diagnostic),
            }
        } else if name == HOURS_FILE {
            match yaml(&file.source) {
                Ok(hours) => {
                    self.hours.insert(lang, hours);
                }
                Err(diagnostic) => broken.push(*diagnostic),
            }
        } else if let Some(id) = name.strip_suffix(".md") {
            match Script::parse(&file.source) {
                Ok(script) => {
                    self.scripts.entry(lang).or_default().insert(id.to_owned(), script);
                }
                Err(diagnostic) => broken.push(*diagnostic),
            }
        } else if let Some((right, help)) = files.right_name(file, ".md") {
            // A script that is there is not missing.
            self.broken.extend(right.split_once('/').map(|(_, right)| (lang, right.to_owned())));
            diagnostics
                .push(Diagnostic::error("file-passed-over", PASSED_OVER).at(Place::top(&file.source)).help(help));
        } else {
            diagnostics.push(
                Diagnostic::warning("file-passed-over", PASSED_OVER)
                    .at(Place::top(&file.source))
                    .help(format!("a script is a file .md, and the words for keys stand in {LANGUAGE_FILE}, those that are not said in {WORDS_FILE}, those of paper in {LEAFLET_FILE} and {HOURS_FILE}: rename it, or remove it")),
            );
        }
        if !broken.is_empty() {
            self.broken.insert((lang, name.to_owned()));
            diagnostics.extend(broken);
        }
    }
}

/// The language whose folder `name` is in, and its name there.
fn in_language(name: &str) -> Option<(Result<Lang, NotALang>, &str)> {
    name.split_once('/').map(|(folder, name)| (folder.parse(), name))
}

impl Script {
    fn parse(file: &Arc<SourceFile>) -> Result<Script, Box<Diagnostic>> {
        let (front, body) = front_matter::split(file)?;
        let parts = markup::parse(file, body.clone())?;
        if !parts.iter().any(Part::is_heard) {
            return Err(Box::new(
                Diagnostic::error("empty-script", "this script says nothing")
                    .at(Place::top(file))
                    .help("write the words below the second line of ---: a pause, or what is said only at times, is not enough"),
            ));
        }
        Ok(Script { front, parts, recording: None, unplayed: None, body, file: file.clone() })
    }

    /// The phrases that a caller writes down, in order.
    pub fn dictated(&self) -> impl Iterator<Item = &Dictated> {
        self.parts.iter().filter_map(|part| match part {
            Part::Dictate(dictated) => Some(dictated),
            _ => None,
        })
    }

    /// Where the marker `{name}` or `{name: ...}` stands, or the top of the file.
    pub fn place_of(&self, name: &str) -> Place {
        let text = &self.file.text[..self.body.end];
        let body = &text[self.body.start..];
        let span = body.match_indices('{').map(|(at, _)| self.body.start + at).find_map(|start| {
            let inside = text[start + 1..].split('}').next()?;
            let is_it = inside.split(':').next()?.trim() == name;
            is_it.then_some(start..(start + inside.len() + 2).min(text.len()))
        });
        span.map_or_else(|| Place::top(&self.file), |span| Place { file: self.file.clone(), span })
    }
}
