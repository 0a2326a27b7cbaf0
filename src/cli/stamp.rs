//! `allo-cmp stamp`: writes into the heads of translations which text they were made from, once someone has read both.

use std::{
    collections::BTreeSet,
    io::Write,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, anyhow, bail};
use clap::Args;

use super::{line, print};
use crate::{
    call::Lang,
    config::Settings,
    files::{Files, nearest},
    http::{Clock, SystemClock},
    script::{Scripts, stamped},
};

#[derive(Args, Debug)]
pub(super) struct Stamp {
    /// The translations, as in `access/intro`; `en/access/intro` in one language only
    #[arg(value_name = "ID", required_unless_present = "all")]
    ids: Vec<String>,
    /// All translations
    #[arg(long, conflicts_with = "ids")]
    all: bool,
}

impl Stamp {
    pub(super) fn run(&self, settings: &Settings) -> anyhow::Result<ExitCode> {
        let Some(folder) = &settings.scripts else {
            bail!("the scripts inside the program can't be changed: name the folder of yours with --scripts DIR");
        };
        let loaded = line::load(settings, SystemClock.now());
        let Some(flow) = &loaded.flow else { bail!("nothing can be read: try `allo-cmp check`") };
        let original = flow.first_language();
        let translations = translations(&loaded.scripts, original);
        let chosen = self.chosen(&translations)?;
        let mut written = 0;
        for (lang, id) in &chosen {
            let now = loaded.scripts.get(original, id).map(|script| script.fingerprint());
            let before = loaded.scripts.get(*lang, id).and_then(|script| script.front.translates.as_ref());
            let Some(now) = now.filter(|now| before.map(|before| before.as_str()) != Some(now)) else { continue };
            write(folder, *lang, id, &now)?;
            written += 1;
            let before = before.map_or_else(String::new, |before| format!(", before: {}", **before));
            print(|out| writeln!(out, "{lang}/{id}: {now}{before}"))?;
        }
        print(|out| writeln!(out, "{written} stamped, {} were right already", chosen.len() - written))?;
        Ok(ExitCode::SUCCESS)
    }

    /// All that are named, or none: a slip of the pen changes nothing.
    fn chosen<'s>(&self, translations: &BTreeSet<(Lang, &'s str)>) -> anyhow::Result<BTreeSet<(Lang, &'s str)>> {
        if self.all {
            return Ok(translations.clone());
        }
        let mut chosen = BTreeSet::new();
        for wanted in &self.ids {
            let is_it = |(lang, id): &&(Lang, &str)| wanted == id || *wanted == format!("{lang}/{id}");
            let found: Vec<_> = translations.iter().filter(is_it).collect();
            if found.is_empty() {
                let near = nearest(wanted, translations.iter().map(|(_, id)| *id));
                let near = near.map_or_else(String::new, |near| format!(": did you mean `{near}`?"));
                bail!("no translation is called `{wanted}`{near}");
            }
            chosen.extend(found);
        }
        Ok(chosen)
    }
}

/// Every script of another language that the original has, too.
fn translations(scripts: &Scripts, original: Lang) -> BTreeSet<(Lang, &str)> {
    let others = scripts.scripts.iter().filter(|(lang, _)| **lang != original);
    let all = others.flat_map(|(lang, scripts)| scripts.keys().map(|id| (*lang, id.as_str())));
    all.filter(|(_, id)| scripts.get(original, id).is_some()).collect()
}

fn write(folder: &Path, lang: Lang, id: &str, fingerprint: &str) -> anyhow::Result<()> {
    let name = format!("{lang}/{id}.md");
    let path: PathBuf = folder.join(&name);
    let shown = path.display();
    let text = std::fs::read_to_string(&path).with_context(|| format!("{shown} can't be read"))?;
    let new = stamped(&text, fingerprint).filter(|new| is_right(&name, new, lang, id, fingerprint));
    let new = new.ok_or_else(|| {
        anyhow!("the head of {shown} is written in an unusual way: write `translates: {fingerprint}` into it yourself")
    })?;
    std::fs::write(&path, new).with_context(|| format!("{shown} can't be written"))
}

/// Whether the new text is a script with that stamp: a head in curly brackets takes no further line.
fn is_right(name: &str, text: &str, lang: Lang, id: &str, fingerprint: &str) -> bool {
    let (scripts, _) = Scripts::parse(&Files::from_texts([(name, text)]));
    let translates = scripts.get(lang, id).and_then(|script| script.front.translates.as_ref());
    translates.is_some_and(|translates| **translates == fingerprint)
}
