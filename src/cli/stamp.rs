//! `allo-cmp stamp`: writes into the heads of translations which text they were made from, once someone has read both; and
//! with `--recorded` into those of recorded scripts which text was recorded.

use std::{
    collections::BTreeSet,
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, anyhow, bail};
use clap::Args;

use super::{line, print};
use crate::{
    call::Lang,
    config::Settings,
    files::{Files, Name, nearest},
    http::{Clock, SystemClock},
    script::{FrontMatter, Script, Scripts, Unplayed, stamped, stamped_recording},
};

/// What is stamped.
struct Kind {
    /// What a script of that kind is called.
    what: &'static str,
    /// The field of the head.
    field: &'static str,
    of: fn(&FrontMatter) -> Option<&Name>,
    /// The file with another fingerprint in that field.
    stamped: fn(&str, &str) -> Option<String>,
}

const TRANSLATED: Kind =
    Kind { what: "translation", field: "translates", of: |front| front.translates.as_ref(), stamped };
const RECORDED: Kind = Kind {
    what: "recorded script",
    field: "recorded",
    of: |front| front.recorded.as_ref(),
    stamped: stamped_recording,
};

#[derive(Args, Debug)]
pub(super) struct Stamp {
    /// The scripts, as in `access/intro`, or a folder, as in `access`; `en/access/intro` in one language only
    #[arg(value_name = "ID", required_unless_present = "all")]
    ids: Vec<String>,
    /// Which text was recorded, in place of which one was translated
    #[arg(long)]
    recorded: bool,
    /// All translations, or all recorded scripts
    #[arg(long, conflicts_with = "ids")]
    all: bool,
}

impl Stamp {
    pub(super) fn run(&self, settings: &Settings) -> anyhow::Result<ExitCode> {
        // Below files of the operator's nothing is written: what is stamped there becomes one of theirs.
        let Some(folder) = settings.scripts_overlay.as_ref().or(settings.scripts.as_ref()) else {
            bail!(
                "the scripts inside the program can't be changed: name the folder of yours with --scripts-overlay DIR, or \
                 that of all scripts with --scripts DIR"
            );
        };
        let loaded = line::load(settings, SystemClock.now());
        let Some(flow) = &loaded.flow else { bail!("nothing can be read: try `allo-cmp check`") };
        let original = flow.first_language();
        let scripts = &loaded.scripts;
        let stamp = if self.recorded { RECORDED } else { TRANSLATED };
        let all = if self.recorded { recorded(scripts) } else { translations(scripts, original) };
        let chosen = self.chosen(&all, &stamp)?;
        let mut written = 0;
        for (lang, id) in &chosen {
            let now = if self.recorded {
                let (script, words) = (scripts.get(*lang, id), scripts.languages.get(lang));
                script.zip(words).map(|(script, words)| script.recorded_fingerprint(*lang, words, &scripts.facts))
            } else {
                scripts.get(original, id).map(|script| script.fingerprint())
            };
            let Some(script) = scripts.get(*lang, id) else { continue };
            let before = (stamp.of)(&script.front);
            // A recording that is alone wants its text beside it, whatever the head of the one below says.
            let is_alone = self.recorded && script.unplayed == Some(Unplayed::Alone);
            let is_new = |now: &String| is_alone || before.map(|before| before.as_str()) != Some(now);
            let Some(now) = now.filter(is_new) else { continue };
            write(folder, (*lang, id), script, &now, &stamp)?;
            written += 1;
            let before = before.map_or_else(String::new, |before| format!(", before: {}", **before));
            print(|out| writeln!(out, "{lang}/{id}: {now}{before}"))?;
        }
        print(|out| writeln!(out, "{written} stamped, {} were right already", chosen.len() - written))?;
        Ok(ExitCode::SUCCESS)
    }

    /// All that are named, or none: a slip of the pen changes nothing.
    fn chosen<'s>(&self, all: &BTreeSet<(Lang, &'s str)>, stamp: &Kind) -> anyhow::Result<BTreeSet<(Lang, &'s str)>> {
        if self.all {
            return Ok(all.clone());
        }
        let mut chosen = BTreeSet::new();
        for wanted in &self.ids {
            let wanted = wanted.trim_end_matches('/');
            let folder = format!("{wanted}/");
            let is_it = |(lang, id): &&(Lang, &str)| {
                let whole = format!("{lang}/{id}");
                wanted == *id || wanted == whole || id.starts_with(&folder) || whole.starts_with(&folder)
            };
            let found: Vec<_> = all.iter().filter(is_it).collect();
            if found.is_empty() {
                let near = nearest(wanted, all.iter().map(|(_, id)| *id));
                let near = near.map_or_else(String::new, |near| format!(": did you mean `{near}`?"));
                bail!("no {} is called `{wanted}`{near}", stamp.what);
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

/// Every script with a recording beside it.
fn recorded(scripts: &Scripts) -> BTreeSet<(Lang, &str)> {
    let all = scripts.scripts.iter().flat_map(|(lang, scripts)| scripts.iter().map(|(id, script)| (*lang, id, script)));
    let is_recorded = |script: &Script| script.recording.is_some() || script.unplayed == Some(Unplayed::Alone);
    all.filter(|(.., script)| is_recorded(script)).map(|(lang, id, _)| (lang, id.as_str())).collect()
}

/// Writes the stamp into the script's file in this folder, and into a copy of it where there is none yet.
fn write(
    folder: &Path,
    (lang, id): (Lang, &str),
    script: &Script,
    fingerprint: &str,
    stamp: &Kind,
) -> anyhow::Result<()> {
    let name = format!("{lang}/{id}.md");
    let path: PathBuf = folder.join(&name);
    let shown = path.display();
    let text = match std::fs::read_to_string(&path) {
        Err(error) if error.kind() == ErrorKind::NotFound => script.file.text.clone(),
        read => read.with_context(|| format!("{shown} can't be read"))?,
    };
    let is_right = |new: &String| is_right(&name, new, (lang, id), fingerprint, stamp);
    let new = (stamp.stamped)(&text, fingerprint).filter(is_right);
    let new = new.ok_or_else(|| {
        let field = stamp.field;
        anyhow!("the head of {shown} is written in an unusual way: write `{field}: {fingerprint}` into it yourself")
    })?;
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent).with_context(|| format!("{} can't be made", parent.display()))?;
    }
    std::fs::write(&path, new).with_context(|| format!("{shown} can't be written"))
}

/// Whether the new text is a script with that stamp: a head in curly brackets takes no further line.
fn is_right(name: &str, text: &str, (lang, id): (Lang, &str), fingerprint: &str, stamp: &Kind) -> bool {
    let (scripts, _) = Scripts::parse(&Files::from_texts([(name, text)]));
    let written = scripts.get(lang, id).and_then(|script| (stamp.of)(&script.front));
    written.is_some_and(|written| **written == fingerprint)
}
