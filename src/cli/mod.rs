//! The command line: one file per subcommand. Maps arguments and settings to what the other rooms do, and their results to
//! text and an exit code.

mod call;
mod centres;
mod check;
mod completions;
mod config;
mod demo;
mod directory;
mod doctor;
mod exchange;
mod fallback;
mod graph;
mod health;
mod journal;
mod leaflet;
mod line;
mod lines;
mod lines_admin;
mod loopback;
mod man;
mod privacy;
mod providers;
mod report;
mod report_names;
mod schema;
mod serve;
mod setup;
mod stamp;

use std::{
    ffi::OsString,
    fmt,
    io::{self, IsTerminal, StdoutLock, Write},
    path::PathBuf,
    process::ExitCode,
};

use clap::{Args, Parser, Subcommand};

use crate::config::Loaded;

/// What `--version` tells; `-V` tells the version alone. `build.rs` finds the facts.
const BUILD: &str = concat!(
    env!("CARGO_PKG_VERSION"),
    "\ncommit: ",
    env!("ALLO_CMP_BUILT_FROM"),
    "\ncompiler: ",
    env!("ALLO_CMP_BUILT_WITH"),
    "\ntarget: ",
    env!("ALLO_CMP_BUILT_FOR"),
    "\nfeatures: ",
    env!("ALLO_CMP_BUILT_HAVING"),
);

/// What it is for, in a sentence.
const ABOUT: &str = "A phone line to reach public mental-health care in France: keypad menus, documents read aloud, \
    forwarding to helplines";

/// A phone line to reach public mental-health care in France.
#[derive(Parser, Debug)]
#[command(name = "allo-cmp", version, long_version = BUILD, about = ABOUT, max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

/// What every subcommand accepts.
#[derive(Args, Debug)]
struct Common {
    /// The settings file; without it, allo-cmp.toml in this folder, else /etc/allo-cmp/allo-cmp.toml, if there is one
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The folder of the call flows, instead of those inside the program
    #[arg(long, global = true, value_name = "DIR")]
    flows: Option<PathBuf>,
    /// The folder of the audio scripts, instead of those inside the program
    #[arg(long, global = true, value_name = "DIR")]
    scripts: Option<PathBuf>,
    /// A folder of your own call flows: each takes the place of the one of the same path, or is added
    #[arg(long, global = true, value_name = "DIR")]
    flows_overlay: Option<PathBuf>,
    /// A folder of your own audio scripts and recordings: each takes the place of the one of the same path, or is added
    #[arg(long, global = true, value_name = "DIR")]
    scripts_overlay: Option<PathBuf>,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Everything on this machine, and a telephone in the terminal
    Demo(demo::Demo),
    /// The webhook server
    Serve(serve::Serve),
    /// Place one simulated call and print what the caller hears
    Call(call::Call),
    /// Judge flows, scripts and lines: errors and warnings with their positions
    Check(check::Check),
    /// Draw the whole line
    Graph(graph::Graph),
    /// Who answers at a time, chain by chain, and why the others don't; pauses and resumes lines of the server that runs
    Lines(lines::Lines),
    /// The line on one printed page (HTML): number, keys, what to bring, urgent numbers
    Leaflet(leaflet::Leaflet),
    /// The directory of centres: import the national list, find the nearest ones, what is doubtful
    Directory(directory::Directory),
    /// The journal of what happened on the line: its condition, backups, what can be saved of a damaged one
    Journal(journal::Journal),
    /// What is kept with these settings, where and how long; drafts of the register entry and of the impact assessment
    Privacy(privacy::Privacy),
    /// What the line did in some days: calls, languages, goals, transfers, in words, as a table or as a page with charts
    Report(report::Report),
    /// What a provider says when this server can't be reached: a file for its fallback URL
    Fallback(fallback::Fallback),
    /// What to enter in a provider's console
    Setup(setup::Setup),
    /// Sends the server that runs a signed request, and says what is wrong between it, the settings and the outside
    Doctor(doctor::Doctor),
    /// Whether the server that runs takes calls: exit code 0, else 1; for containers and scripts
    Health(health::Health),
    /// The settings in force, where each comes from, and what `serve` lacks; nothing of a secret
    Config(config::Config),
    /// What an editor needs to complete and check flow files: JSON Schema
    Schema(schema::Schema),
    /// Write into translations which text they were made from, once both were read
    Stamp(stamp::Stamp),
    /// What a shell must know to complete what you type: bash, zsh, fish
    Completions(completions::Completions),
    /// The manual pages, for packages
    #[command(hide = true)]
    Man(man::Pages),
}

impl Common {
    /// The settings. Where a command works `without` a file, one of the system that one may not read is passed over.
    fn settings(&self, env: &[(String, String)], without: bool) -> anyhow::Result<Loaded> {
        let env = || env.iter().cloned();
        let mut loaded = match Loaded::load(self.config.as_deref(), env()) {
            Err(denied) if without && self.config.is_none() && denied.is_denied() => {
                complain(format_args!("allo-cmp: {denied}. Until then, the line as it is shipped"));
                Loaded::first_of(&[], env())?
            }
            read => read?,
        };
        let settings = &mut loaded.settings;
        let folders = [
            ("flows", "--flows", &self.flows, &mut settings.flows),
            ("scripts", "--scripts", &self.scripts, &mut settings.scripts),
            ("flows_overlay", "--flows-overlay", &self.flows_overlay, &mut settings.flows_overlay),
            ("scripts_overlay", "--scripts-overlay", &self.scripts_overlay, &mut settings.scripts_overlay),
        ];
        let mut given = Vec::new();
        for (name, option, folder, setting) in folders {
            if let Some(folder) = folder {
                *setting = Some(folder.clone());
                given.push((name, folder.display().to_string(), option));
            }
        }
        given.into_iter().for_each(|(name, folder, option)| loaded.set_by_option(name, folder, option));
        Ok(loaded)
    }
}

/// Runs the program. An error is one message on the standard error, and exit code 1.
pub fn main(args: impl Iterator<Item = OsString>, env: impl Iterator<Item = (String, String)>) -> ExitCode {
    let env: Vec<(String, String)> = env.collect();
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are no errors; clap writes each to where it belongs.
            let _ = error.print();
            return if error.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS };
        }
    };
    match run(cli, env) {
        Ok(code) => code,
        Err(error) => {
            complain(format_args!("allo-cmp: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli, env: Vec<(String, String)>) -> anyhow::Result<ExitCode> {
    let filter = env.iter().find(|(name, value)| name == "RUST_LOG" && !value.trim().is_empty());
    let filter = filter.map(|(_, value)| value.clone());
    let loaded = match cli.command {
        // About the program alone: settings that can't be read are in nobody's way.
        Command::Completions(_) | Command::Man(_) => Loaded::first_of(&[], std::iter::empty())?,
        Command::Demo(_) | Command::Schema(_) => cli.common.settings(&env, true)?,
        _ => cli.common.settings(&env, false)?,
    };
    // Where it matters; a telephone in the terminal is not the place.
    if matches!(cli.command, Command::Serve(_) | Command::Config(_)) {
        for warning in &loaded.warnings {
            complain(format_args!("allo-cmp: {warning}"));
        }
    }
    let settings = &loaded.settings;
    match cli.command {
        Command::Demo(demo) => demo.run(settings, filter.as_deref()),
        Command::Serve(serve) => serve.run(settings, filter.as_deref()),
        Command::Call(call) => call.run(settings, filter.as_deref()),
        Command::Check(check) => check.run(settings),
        Command::Graph(graph) => graph.run(settings),
        Command::Lines(lines) => lines.run(settings),
        Command::Leaflet(leaflet) => leaflet.run(settings),
        Command::Directory(directory) => directory.run(settings),
        Command::Journal(journal) => journal.run(settings),
        Command::Privacy(privacy) => privacy.run(settings, filter.as_deref()),
        Command::Report(report) => report.run(settings),
        Command::Fallback(fallback) => fallback.run(settings),
        Command::Setup(setup) => setup.run(settings),
        Command::Doctor(doctor) => doctor.run(settings),
        Command::Health(health) => health.run(settings),
        Command::Config(config) => config.run(&loaded),
        Command::Schema(schema) => schema.run(),
        Command::Stamp(stamp) => stamp.run(settings),
        Command::Completions(completions) => completions.run(),
        Command::Man(pages) => pages.run(),
    }
}

/// Several threads for the server and the telephone beside it.
fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_multi_thread().enable_all().build()?)
}

/// Writes to the standard output. Whoever has read enough and closes it (`| head`) has made no mistake.
fn print(write: impl FnOnce(&mut StdoutLock<'_>) -> io::Result<()>) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match write(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

/// Writes a line to the standard error. Nobody may be there to read it, which must stop nothing.
fn complain(line: fmt::Arguments<'_>) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// Whether what is printed may be coloured.
fn coloured() -> bool {
    io::stdout().is_terminal()
}
