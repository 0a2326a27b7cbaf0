//! `allo-cmp setup`: what to enter in a provider's console, with placeholders where settings are missing.

use std::{fmt::Write as _, io::Write, process::ExitCode};

use anyhow::Context;
use clap::{Args, builder::PossibleValuesParser};

use super::print;
use crate::{
    config::{Settings, variable},
    provider::{
        capabilities::ALL,
        console::{Console, Field},
    },
};

#[derive(Args, Debug)]
pub(super) struct Setup {
    /// The provider
    #[arg(long, value_name = "NAME", value_parser = PossibleValuesParser::new(ALL.map(|one| one.name)))]
    provider: String,
}

impl Setup {
    pub(super) fn run(&self, settings: &Settings) -> anyhow::Result<ExitCode> {
        let console = Console::of(&self.provider).context("no provider has this name")?;
        let text = told(console, settings);
        print(|out| out.write_all(text.as_bytes()))?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Everything that is to be entered, step by step.
fn told(console: &Console, settings: &Settings) -> String {
    let name = console.name;
    let setting = format!("providers.{name}.{}", console.secret);
    let given = |is: bool| if is { "given" } else { "MISSING" };
    let url = public_url(settings);
    let mut text = format!("{}: what to enter, and where\n", console.title);
    let mut step = 0;
    let mut heading = |text: &mut String, words: &str| {
        step += 1;
        let _ = write!(text, "\n{step}. {words}\n");
    };
    heading(&mut text, "The settings of this server (allo-cmp.toml, or the environment)");
    let secret = settings.providers.configured().contains(&name);
    for (setting, is, what) in [
        (
            "server.public_url",
            settings.server.public_url.is_some(),
            "the https address at which the provider reaches us",
        ),
        ("server.secret", settings.server.secret.is_some(), "from `openssl rand -hex 32`"),
        (&setting, secret, console.secret_from),
        (
            &format!("providers.{name}.caller_id"),
            settings.providers.caller_id(name).is_some(),
            "your number there, as +33...: needed by `allo-cmp fallback`, else the number that was called",
        ),
    ] {
        let _ = write!(text, "   {setting}: {}\n      {what}\n      {}\n", given(is), variable(setting));
    }
    heading(&mut text, &format!("In {}'s console: {}", console.title, console.place));
    for Field { label, path, fragment } in console.fields {
        let _ = write!(text, "   {label}\n      {url}/{name}/{path}{fragment}\n      method: POST\n");
    }
    heading(&mut text, "For when this server can't be reached");
    let _ = writeln!(text, "   allo-cmp fallback --provider {name} --out fallback");
    for sentence in console.fallback {
        let _ = writeln!(text, "   - {sentence}");
    }
    heading(&mut text, "To know");
    for sentence in console.notes {
        let _ = writeln!(text, "   - {sentence}");
    }
    if url.contains("<USER:PASSWORD>") {
        let _ = writeln!(
            text,
            "   - <USER:PASSWORD> stands in server.public_url, and is not printed: it is signed, so enter it"
        );
    }
    if url == PLACEHOLDER {
        let _ = writeln!(text, "   - {PLACEHOLDER} is server.public_url, which is not set yet");
    }
    heading(&mut text, &format!("Start the server, then: allo-cmp doctor --provider {name}"));
    text
}

const PLACEHOLDER: &str = "<PUBLIC_URL>";

/// The public URL as it is entered, its password apart.
fn public_url(settings: &Settings) -> String {
    let Some(url) = &settings.server.public_url else { return PLACEHOLDER.to_owned() };
    match url.as_str().split_once("://") {
        Some((scheme, rest)) => match rest.rsplit_once('@') {
            Some((_, host)) => format!("{scheme}://<USER:PASSWORD>@{host}"),
            None => url.as_str().to_owned(),
        },
        None => PLACEHOLDER.to_owned(),
    }
}
