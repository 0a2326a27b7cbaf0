//! `allo-cmp check`: judges the line before it is on the air.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use clap::{Args, builder::PossibleValuesParser};

use super::{
    call::{now, seconds},
    centres, coloured, line, print, providers,
};
use crate::{
    check::{Cost, Goals, Item, Way, check, coverage, day, for_provider, goals, summary},
    config::Settings,
    diagnostic::{Diagnostic, Severity},
    files::{Files, Laid},
    http::{Clock, FixedClock},
    provider::capabilities::ALL,
    script::SOURCES_FILE,
};

#[derive(Args, Debug)]
pub(super) struct Check {
    /// One JSON object per finding, or with --reach per goal and language, with --coverage per item
    #[arg(long)]
    json: bool,
    /// What each goal costs a caller: the fewest keys, and the seconds until it is heard
    #[arg(long)]
    reach: bool,
    /// As of when reviews are due: 2026-12-25T03:00 (Paris) or RFC 3339; without it, now
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// Which scripts carry each item of the source texts, and what is left out
    #[arg(long, conflicts_with = "reach")]
    coverage: bool,
    /// What the line would lose through this provider, too
    #[arg(long, value_name = "NAME", conflicts_with_all = ["reach", "coverage"], value_parser = PossibleValuesParser::new(ALL.map(|one| one.name)))]
    provider: Option<String>,
}

impl Check {
    pub(super) fn run(&self, settings: &Settings) -> anyhow::Result<ExitCode> {
        let at = self.at.as_deref().map_or_else(|| Ok(now()), seconds)?;
        let now = FixedClock::at(at).now();
        let today = day(now);
        let (directory, wrong) = centres::centres(settings);
        let (age, stale) = centres::told(directory.as_deref(), settings, (now.minute, today));
        let files = line::files(settings);
        let loaded = line::load_from(settings, now, directory, &files);
        // A line with errors can't be walked: they are what is to be said.
        if self.reach
            && let Some(goals) = goals(&loaded)
        {
            return self.reach(&goals);
        }
        if self.coverage && loaded.scripts.sources.is_none() {
            print(|out| writeln!(out, "the scripts have no {SOURCES_FILE}: there is nothing to compare with"))?;
            return Ok(ExitCode::SUCCESS);
        }
        if self.coverage
            && let Some(items) = coverage(&loaded)
        {
            return self.coverage(&items);
        }
        let mut found = check(&loaded, today);
        found.extend(unnamed_operator(settings));
        found.extend(wrong);
        found.extend(stale);
        if let Some(name) = &self.provider {
            let provider = providers::capabilities(&settings.providers, name)?;
            let short_numbers = providers::dials_short_numbers(settings, provider.name);
            found.extend(for_provider(&loaded, provider, short_numbers));
        }
        let errors = found.iter().filter(|found| found.severity == Severity::Error).count();
        print(|out| {
            for diagnostic in &found {
                if self.json {
                    writeln!(out, "{}", diagnostic.to_json())?;
                } else {
                    writeln!(out, "{}\n", diagnostic.render(coloured()))?;
                }
            }
            if self.json {
                return Ok(());
            }
            let nodes = loaded.flow.as_ref().map_or(0, |flow| flow.nodes.len());
            let scripts: usize = loaded.scripts.scripts.values().map(|scripts| scripts.len()).sum();
            let warnings = found.len() - errors;
            writeln!(out, "{nodes} nodes, {scripts} scripts: {errors} error(s), {warnings} warning(s)")?;
            writeln!(out, "{age}")?;
            own_files(out, &files, errors > 0)?;
            match &loaded.world {
                Some(world) => writeln!(out, "world {}", world.mark),
                None => Ok(()),
            }
        })?;
        Ok(if errors > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS })
    }
}

impl Check {
    fn reach(&self, goals: &Goals) -> anyhow::Result<ExitCode> {
        print(|out| {
            if self.json {
                return goals.ways.iter().try_for_each(|way| writeln!(out, "{}", serde_json::json!(way)));
            }
            writeln!(out, "{:28} {:4}  {:>24}  {:>24}", "goal", "", "from the answer", "from the language")?;
            for way in &goals.ways {
                let [answer, language] = [&way.from_answer, &way.from_language].map(|cost| shown(cost.as_ref()));
                writeln!(out, "{:28} {:4}  {answer:>24}  {language:>24}", way.goal, way.lang.as_str())?;
            }
            goals.apart.iter().try_for_each(|apart| writeln!(out, "{apart}"))?;
            let missed = goals.missed.iter().chain(&goals.missed_by_number);
            missed.into_iter().try_for_each(|missed| writeln!(out, "missed: {}", missed.message))
        })?;
        let is_lost = |way: &Way| way.from_answer.is_none() || way.from_language.is_none();
        let missed = !goals.missed.is_empty() || !goals.missed_by_number.is_empty();
        let lost = !goals.apart.is_empty() || missed || goals.ways.iter().any(is_lost);
        Ok(if lost { ExitCode::FAILURE } else { ExitCode::SUCCESS })
    }
}

impl Check {
    fn coverage(&self, items: &[Item]) -> anyhow::Result<ExitCode> {
        print(|out| {
            if self.json {
                return items.iter().try_for_each(|item| writeln!(out, "{}", serde_json::json!(item)));
            }
            for item in items.iter().filter(|item| item.left_out.is_none()) {
                writeln!(out, "{:6} {}", item.id, carried_by(item))?;
            }
            for item in items {
                if let Some(reason) = &item.left_out {
                    writeln!(out, "{:6} left out: {reason}", item.id)?;
                }
                if let Some(not_said) = &item.not_said {
                    writeln!(out, "{:6} not said: {not_said}", item.id)?;
                }
            }
            writeln!(out, "{}", summary(items))
        })?;
        Ok(if items.iter().any(Item::is_missing) { ExitCode::FAILURE } else { ExitCode::SUCCESS })
    }
}

/// One list where all languages have the same scripts, else one for each.
fn carried_by(item: &Item) -> String {
    let shown = |scripts: &Vec<String>| if scripts.is_empty() { "MISSING".to_owned() } else { scripts.join(", ") };
    let mut lists = item.scripts.iter();
    match lists.next() {
        Some((_, first)) if lists.all(|(_, scripts)| scripts == first) => shown(first),
        _ => {
            let lists: Vec<String> =
                item.scripts.iter().map(|(lang, scripts)| format!("{lang}: {}", shown(scripts))).collect();
            lists.join("; ")
        }
    }
}

/// "2 1 : 29.0 s"; in brackets, when the words come in the caller's own language, where another one speaks first.
fn shown(cost: Option<&Cost>) -> String {
    match cost {
        None => "no way".to_owned(),
        Some(cost) if cost.seconds_own > cost.seconds => {
            format!("{} : {:.1} s ({:.1} s)", cost.pressed, cost.seconds, cost.seconds_own)
        }
        Some(cost) => format!("{} : {:.1} s", cost.pressed, cost.seconds),
    }
}

/// Which files are the operator's; and, where something is wrong, that one of them may be of another version.
fn own_files(out: &mut impl Write, files: &[Files], is_broken: bool) -> io::Result<()> {
    let laid: Vec<&Laid> = files.iter().filter_map(|files| files.laid.as_ref()).collect();
    laid.iter().try_for_each(|laid| writeln!(out, "{laid}"))?;
    if is_broken && laid.iter().any(|laid| !laid.replaced.is_empty()) {
        writeln!(
            out,
            "a file of yours takes the place of the whole shipped one: after an update, compare yours with those of this version"
        )?;
    }
    Ok(())
}

/// Callers have a right to know who runs the line; the scripts can only say "an association".
fn unnamed_operator(settings: &Settings) -> Option<Diagnostic> {
    let line = &settings.line;
    (line.operator.is_empty() || line.contact.is_empty()).then(|| {
        Diagnostic::warning("no-operator", "the settings don't say who runs the line, or how to reach them").help(
            "set line.operator and line.contact, by language, as they are to be spoken: callers have a right to know",
        )
    })
}
