//! `allo-cmp fallback`: writes the document that a provider performs when our server can't be reached.

use std::{fs, io::Write, path::PathBuf, process::ExitCode};

use anyhow::{Context, bail};
use clap::{Args, builder::PossibleValuesParser};

use super::{complain, line, print, providers};
use crate::{
    call::{E164, Lang},
    config::Settings,
    engine::{self, Kind, Loaded, World},
    http::{Clock, SystemClock},
    lines::{Line, Lines, MAX_RING_SECONDS},
    provider::{Capabilities, capabilities::ALL, console::Console, fallback::document},
};

#[derive(Args, Debug)]
pub(super) struct Fallback {
    /// The provider that performs it
    #[arg(long, value_name = "NAME", value_parser = PossibleValuesParser::new(ALL.map(|one| one.name)))]
    provider: String,
    /// The folder in which NAME.xml and README.txt are written
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Whom it calls; without it `line.fallback_number`, else the first listening line that answers day and night
    #[arg(long, value_name = "NUMBER")]
    dial: Option<E164>,
}

impl Fallback {
    pub(super) fn run(&self, settings: &Settings) -> anyhow::Result<ExitCode> {
        let capabilities = providers::capabilities(&settings.providers, &self.provider)?;
        let loaded = line::load(settings, SystemClock.now());
        let Some(world) = &loaded.world else {
            bail!("the line has errors, and a file can't be called back: `allo-cmp check` says which");
        };
        let langs = spoken(world, capabilities)?;
        let (number, ring, whom) = self.whom(settings, &loaded, world)?;
        let caller_id = settings.providers.caller_id(capabilities.name).with_context(|| {
            format!(
                "a file can't know which number was called, and without one of ours the caller's own would be shown to \
                 whom it calls: set providers.{}.caller_id",
                capabilities.name
            )
        })?;
        let text = document(capabilities, &engine::fallback(world, &langs, &number, ring), Some(caller_id))?;
        let name = format!("{}.xml", capabilities.name);
        let readme = readme(capabilities, &name, &number, &whom);
        fs::create_dir_all(&self.out).with_context(|| format!("{} can't be made", self.out.display()))?;
        for (name, text) in [(name.as_str(), &text), ("README.txt", &readme)] {
            let path = self.out.join(name);
            fs::write(&path, text).with_context(|| format!("{} can't be written", path.display()))?;
        }
        print(|out| {
            let spoken = langs.iter().map(Lang::as_str).collect::<Vec<_>>().join(", ");
            writeln!(out, "{}: {} bytes, spoken in {spoken}", self.out.join(&name).display(), text.len())?;
            writeln!(out, "it calls {} ({whom}); README.txt beside it says where it goes", number.as_str())
        })?;
        Ok(ExitCode::SUCCESS)
    }

    /// The number that is called, for how many seconds, and whose it is.
    fn whom(&self, settings: &Settings, loaded: &Loaded, world: &World) -> anyhow::Result<(E164, u8, String)> {
        let given = self.dial.as_ref().map(|number| (number, "--dial"));
        let given = given.or(settings.line.fallback_number.as_ref().map(|number| (number, "line.fallback_number")));
        if let Some((number, from)) = given {
            if loaded.lines.as_ref().is_some_and(|lines| is_unfit(lines, number)) {
                bail!("{from}: {} is a number that nobody has verified, or one of emergency", number.as_str());
            }
            return Ok((number.clone(), MAX_RING_SECONDS, from.to_owned()));
        }
        let lines = loaded.lines.as_ref().context("there are no lines")?;
        let by_chain = listening(world).into_iter().filter_map(|name| Some((name, lines.get(name)?)));
        let mut by_file: Vec<_> = lines.lines.value.iter().collect();
        by_file.sort_by_key(|(name, _)| name.place(&lines.lines.file).span.start);
        let by_file = by_file.into_iter().map(|(name, line)| (name.as_str(), line));
        let found = by_chain.chain(by_file).find_map(|(name, line)| {
            let number = line.dial.as_ref().filter(|_| answers_always(line))?;
            Some((E164::clone(number), line.ring(), name.to_owned()))
        });
        found.context(
            "no line that can be dialled answers day and night: say whom to call by --dial or line.fallback_number",
        )
    }
}

/// The languages of the line that the provider can speak. The others are told: their speakers hear what the rest hear.
fn spoken(world: &World, capabilities: &Capabilities) -> anyhow::Result<Vec<Lang>> {
    let (spoken, mute): (Vec<Lang>, Vec<Lang>) =
        world.langs.iter().partition(|lang| capabilities.voice(**lang).is_some());
    for lang in &mute {
        complain(format_args!("allo-cmp: {} has no voice for `{lang}`: it is left out", capabilities.name));
    }
    if spoken.is_empty() {
        bail!("{} has a voice for none of the line's languages", capabilities.name);
    }
    Ok(spoken)
}

/// The names of the lines that key 4 leads to, in order.
fn listening(world: &World) -> Vec<&str> {
    match world.node(world.roles.listener).map(|node| &node.kind) {
        Some(Kind::Transfer { chain, .. }) => chain.attempts.iter().map(|attempt| attempt.line.name.as_str()).collect(),
        _ => Vec::new(),
    }
}

fn answers_always(line: &Line) -> bool {
    let always = line.hours.as_ref().is_some_and(|hours| hours.trim() == "24/7");
    line.is_called() && always && line.closed.is_empty() && line.open.is_empty()
}

/// A number of `lines.yaml` that must not be called.
fn is_unfit(lines: &Lines, number: &E164) -> bool {
    let of = |line: &&Line| line.dial.as_ref().is_some_and(|dial| **dial == *number);
    let mut with: Vec<&Line> = lines.lines.value.values().filter(of).collect();
    let written = with.len();
    with.retain(|line| line.is_called());
    written > 0 && with.is_empty()
}

fn readme(capabilities: &Capabilities, file: &str, number: &E164, whom: &str) -> String {
    let number = number.as_str();
    let mut text = format!(
        "{file}: what callers hear when the line's own server can't be reached.\n\n\
         It says that the fault is ours, gives the numbers of urgent help, calls {number} ({whom}),\n\
         says the numbers again, and ends. It needs nothing of the server: keep it on another machine, best at the\n\
         provider itself.\n\n"
    );
    for line in Console::of(capabilities.name).map_or(&[][..], |console| console.fallback) {
        text += &format!("- {line}\n");
    }
    text += "\nAfterwards: stop the server, call the number, and listen to the end. Do so once a year, and after each change\n\
             of the numbers: write the file again with `allo-cmp fallback`, and put it in the old one's place.\n";
    text
}
