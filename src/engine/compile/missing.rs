//! Scripts that are missing: what was probably meant, and many of one language in few words.

use std::collections::{BTreeMap, BTreeSet};

use super::Compiler;
use crate::{
    call::Lang,
    diagnostic::Diagnostic,
    files::{Name, even, nearest},
    flow,
};

/// So many scripts of one language that are missing are named one by one.
const MOST_ONE_BY_ONE: usize = 10;

/// One script that is missing in one language, said already.
pub(super) struct Missing {
    lang: Lang,
    id: String,
    said: Diagnostic,
}

impl Compiler<'_> {
    /// Says that the script `id` is missing in `lang`, once.
    pub(super) fn is_missing(&mut self, lang: Lang, id: &str, said: Diagnostic) {
        self.missing.push(Missing { lang, id: id.to_owned(), said: said.clone() });
        self.find(said);
    }

    pub(super) fn missing_script(&mut self, node: &flow::Node, name: &Name, lang: Lang) {
        let known = self.scripts.languages.contains_key(&lang);
        if known && !self.scripts.is_broken_script(lang, name) {
            let missing = self.missing(node, name, lang);
            self.is_missing(lang, name, missing);
        }
    }

    /// What is missing, and what may have been meant.
    pub(super) fn missing(&self, node: &flow::Node, name: &Name, lang: Lang) -> Diagnostic {
        if let Some(plain) = self.scripts.plain_name(name) {
            let message = format!("a script is named without `.md` and without its language: `{plain}`");
            return Diagnostic::error("missing-script", message)
                .at(node.at(name))
                .help(format!("write `{plain}` in place of `{}`", **name));
        }
        let elsewhere = self.langs.iter().any(|other| self.scripts.get(*other, name).is_some());
        let code = if elsewhere { "missing-translation" } else { "missing-script" };
        let known = self.scripts.scripts.get(&lang).into_iter().flat_map(|scripts| scripts.keys().map(String::as_str));
        let file = format!("audio_scripts/{lang}/{}.md", **name);
        let help = if let Some(other) = known.clone().find(|known| self.is_in_another_folder(name, known)) {
            format!("is it audio_scripts/{lang}/{other}.md? Move it to {file}")
        } else if let Some(nearest) = nearest(name, known).filter(|_| !elsewhere) {
            format!("did you mean `{nearest}`? Else write {file}")
        } else {
            format!("write {file}")
        };
        Diagnostic::error(code, format!("the script `{}` is missing in `{lang}`", **name)).at(node.at(name)).help(help)
    }

    /// Whether the file `known` has the same name in another folder or with other capitals, and no node says it there.
    fn is_in_another_folder(&self, name: &str, known: &str) -> bool {
        let last = |name: &str| even(name.rsplit('/').next().unwrap_or(name));
        let is_said = || self.flow.nodes.values().any(|node| node.scripts().iter().any(|said| said.as_str() == known));
        let of_program = ["phrases/", "speaks/"].iter().any(|folder| known.starts_with(folder));
        last(name) == last(known) && !of_program && !is_said()
    }

    /// Where a language lacks many scripts, it is unfinished: one finding for each folder.
    pub(super) fn sum_up_missing(&mut self) {
        let mut by_lang: BTreeMap<Lang, Vec<&Missing>> = BTreeMap::new();
        for missing in &self.missing {
            by_lang.entry(missing.lang).or_default().push(missing);
        }
        let mut sums = Vec::new();
        let mut summed = Vec::new();
        for (lang, missing) in by_lang {
            let mut folders: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
            for one in &missing {
                let (folder, name) = one.id.rsplit_once('/').unwrap_or(("", &one.id));
                folders.entry(folder).or_default().insert(name);
            }
            if folders.values().map(BTreeSet::len).sum::<usize>() <= MOST_ONE_BY_ONE {
                continue;
            }
            summed.extend(missing.iter().map(|one| one.said.clone()));
            sums.extend(folders.into_iter().map(|(folder, names)| in_folder(lang, folder, &names)));
        }
        self.found.retain(|found| !summed.contains(found));
        self.found.extend(sums);
    }
}

fn in_folder(lang: Lang, folder: &str, names: &BTreeSet<&str>) -> Diagnostic {
    let (scripts, list) = match names.len() {
        1 => ("1 script".to_owned(), names.iter().copied().collect()),
        many => (format!("{many} scripts"), names.iter().copied().collect::<Vec<_>>().join(", ")),
    };
    let (of, path) = match folder {
        "" => (String::new(), String::new()),
        folder => (format!(" of `{folder}/`"), format!("{folder}/")),
    };
    Diagnostic::error("missing-translation", format!("`{lang}` lacks {scripts}{of}: {list}"))
        .help(format!("write each as a file in audio_scripts/{lang}/{path}, its name and then .md"))
}
