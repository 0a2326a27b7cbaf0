//! `allo-cmp leaflet`: the line on one printed page, for a wall or a pocket.

use std::{io::Write, path::PathBuf, process::ExitCode};

use anyhow::{Context, bail};
use clap::Args;

use super::{complain, line, print};
use crate::{
    call::Lang,
    config::Settings,
    http::{Clock, SystemClock},
    leaflet::{About, Sheet},
};

#[derive(Args, Debug)]
pub(super) struct Leaflet {
    /// The language of the sheet
    #[arg(long, default_value = "fr")]
    lang: Lang,
    /// Write it into this file instead of printing it
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl Leaflet {
    pub(super) fn run(&self, settings: &Settings) -> anyhow::Result<ExitCode> {
        let loaded = line::load(settings, SystemClock.now());
        let lang = self.lang;
        if loaded.scripts.languages.contains_key(&lang) && !loaded.scripts.leaflets.contains_key(&lang) {
            bail!("the sheet has no words in `{lang}`: write audio_scripts/{lang}/leaflet.yaml, as that of fr");
        }
        let (Some(world), Some(lines)) = (&loaded.world, &loaded.lines) else {
            bail!("the line has errors, and paper can't be called back: `allo-cmp check` says which");
        };
        if !world.langs.contains(&lang) {
            let known = world.langs.iter().map(|lang| lang.as_str()).collect::<Vec<_>>().join(", ");
            bail!("the line does not speak `{lang}`; its languages are: {known}");
        }
        let line = &settings.line;
        let about = About {
            number: line.number.as_deref().map(str::trim).filter(|number| !number.is_empty()),
            call_is_free: line.call_is_free,
            operator: line.operator.get(&lang).map(String::as_str),
            contact: line.contact.get(&lang).map(String::as_str),
        };
        let (sheet, found) = Sheet::new(world, &loaded.scripts, lines, lang, &about);
        found.iter().for_each(|found| complain(format_args!("{}\n", found.render(false))));
        let Some(sheet) = sheet else { bail!("the sheet can't be made: mend what is said above") };
        if about.number.is_none() {
            complain(format_args!(
                "allo-cmp: the settings don't say `line.number`: the sheet has room to write it by hand"
            ));
        }
        if !sheet.fits() {
            complain(format_args!(
                "allo-cmp: this is more than one page holds: name fewer `parts` in audio_scripts/{lang}/leaflet.yaml"
            ));
        }
        match &self.out {
            Some(path) => {
                std::fs::write(path, sheet.html()).with_context(|| format!("{} can't be written", path.display()))?;
            }
            None => print(|out| write!(out, "{}", sheet.html()))?,
        }
        Ok(ExitCode::SUCCESS)
    }
}
