//! `allo-cmp demo`: the real server on loopback, and a telephone in the terminal. Without a terminal, a call by script.

use std::{
    io::{IsTerminal, Write},
    process::ExitCode,
};

use clap::Args;

use super::{
    call::{WIDTH, now, print},
    centres,
    loopback::{CALLER, Loopback, OUR_NUMBER},
    runtime,
};
use crate::{
    config::Settings,
    directory::Directory,
    http,
    phone::{Script, run_script, terminal},
    telemetry,
};

/// French, the useful numbers are not what is sought: urgent help, and nobody pressed any more; the line calls someone,
/// they talk, and the caller says goodbye.
const SCRIPTED_KEYS: &str = "1 9 _ _ 4";

#[derive(Args, Debug)]
pub(super) struct Demo {}

impl Demo {
    pub(super) fn run(&self, settings: &Settings, filter: Option<&str>) -> anyhow::Result<ExitCode> {
        telemetry::init(false, Some(filter.unwrap_or("warn")))?;
        http::hush_panics();
        runtime()?.block_on(async {
            // Whoever has imported no list hears of centres of fiction, which are announced as such.
            let centres = centres::for_calls(settings, None).or_else(|| Some(Directory::example().clone()));
            let server = Loopback::with(settings, now(), centres).await?;
            let mut call = server.telephone(CALLER, OUR_NUMBER)?;
            if std::io::stdin().is_terminal() {
                println!("Allô CMP, on this machine only. You are the caller; the words are what the voice says.");
                let input = tokio::io::BufReader::new(tokio::io::stdin());
                terminal::run(&mut call, input, &mut std::io::stdout(), WIDTH).await?;
            } else {
                let title = "A scripted call (no terminal here): French, then 9, then silence until a person answers.";
                super::print(|out| writeln!(out, "{title}\n"))?;
                let outcome = run_script(&mut call, &Script::parse(SCRIPTED_KEYS, "")?).await;
                print(&call, false)?;
                outcome?;
            }
            Ok(ExitCode::SUCCESS)
        })
    }
}
