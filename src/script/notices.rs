//! The words of notices: they stand in a file of the flows, and are read with the markers of scripts.

use std::sync::Arc;

use super::{FrontMatter, Part, Script, Scripts, facts::Facts, markup};
use crate::{
    call::Lang,
    diagnostic::{Diagnostic, SourceFile},
    files::Name,
};

impl Scripts {
    /// Adds the words of notices, each with its language and its name; gives back what is wrong with them.
    pub fn add_notices<'n>(
        &mut self,
        file: &Arc<SourceFile>,
        notices: impl Iterator<Item = (Lang, &'n Name, &'n Name)>,
    ) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        for (lang, name, words) in notices {
            match Script::within(file, words) {
                Ok(script) => {
                    found.extend(Facts::judge_script(self, lang, &script));
                    self.notices.entry(lang).or_default().insert(name.to_string(), script);
                }
                Err(diagnostic) => found.push(*diagnostic),
            }
        }
        found
    }

    /// The words of a notice.
    pub fn notice(&self, lang: Lang, name: &str) -> Option<&Script> {
        self.notices.get(&lang)?.get(name)
    }

    /// Everything that is said, notices last: its language, its name, its words.
    pub fn spoken(&self) -> impl Iterator<Item = (Lang, &str, &Script)> {
        let all = self.scripts.iter().chain(&self.notices);
        all.flat_map(|(lang, of)| of.iter().map(|(name, script)| (*lang, name.as_str(), script)))
    }
}

impl Script {
    /// Words that stand in one line of a YAML file.
    fn within(file: &Arc<SourceFile>, words: &Name) -> Result<Script, Box<Diagnostic>> {
        let place = words.place(file);
        let rest = &file.text[place.span.start..];
        let quote = usize::from(!words.is_empty() && rest.starts_with(['"', '\'']));
        let start = place.span.start + quote;
        // What is written in another way than it is said could not be shown where it stands.
        if !file.text[start..].starts_with(words.as_str()) {
            return Err(Box::new(
                Diagnostic::error("wrong-value", "these words are not written as they are said")
                    .at(place)
                    .help("write them in one line between straight quotation marks \", without \\ in them"),
            ));
        }
        let body = start..start + words.len();
        let parts = markup::parse(file, body.clone())?;
        if !parts.iter().any(Part::is_heard) {
            let error = Diagnostic::error("empty-script", "this notice says nothing").at(place);
            return Err(Box::new(error.help("write what is said, in one line between straight quotation marks")));
        }
        Ok(Script { front: FrontMatter::draft(), parts, recording: None, unplayed: None, body, file: file.clone() })
    }
}
