//! `allo-cmp call`: places one simulated call over real HTTP webhooks and prints what the caller hears.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use anyhow::{Context, bail};
use clap::{Args, builder::PossibleValuesParser};
use jiff::Timestamp;

use super::{
    loopback::{CALLER, Loopback, OUR_NUMBER, telephone},
    providers, runtime,
};
use crate::{
    call::E164,
    config::Settings,
    http::{self, Clock, SystemClock},
    lines::moment,
    phone::{self, HttpTransport, Script, Semantics, Signer, human, json_line, run_script},
    telemetry,
};

#[derive(Args, Debug)]
pub(super) struct Call {
    /// The server to call, as http://127.0.0.1:8080 or https://line.example.org; without it, one is started for this call
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// The provider through which the call comes
    #[arg(long, value_name = "NAME", default_value = "twilio", value_parser = PossibleValuesParser::new(Semantics::names()))]
    provider: String,
    /// The number that is called
    #[arg(long, value_name = "NUMBER", default_value = OUR_NUMBER, value_parser = called)]
    to: String,
    /// The number that calls; `anonymous` for a hidden one
    #[arg(long, value_name = "NUMBER", default_value = CALLER)]
    from: String,
    /// What is pressed, one group for each wait: `1 _ 2 !9`; _ is silence, ! presses before the words end
    #[arg(long, value_name = "KEYS", default_value = "")]
    keys: String,
    /// What becomes of the numbers that the line dials: busy, no-answer, completed, completed:60, failed, canceled
    #[arg(long, value_name = "OUTCOMES", default_value = "")]
    dial: String,
    /// When the call begins: 2026-12-25T03:00 (Paris) or RFC 3339; only without --url
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// After the last key: hear the next answer and hang up, instead of staying silent
    #[arg(long)]
    hang_up: bool,
    /// One JSON object per line
    #[arg(long)]
    json: bool,
}

impl Call {
    pub(super) fn run(&self, settings: &Settings, filter: Option<&str>) -> anyhow::Result<ExitCode> {
        telemetry::init(false, Some(filter.unwrap_or("warn")))?;
        http::hush_panics();
        let mut script = Script::parse(&self.keys, &self.dial)?;
        script.hang_up_at_end = self.hang_up;
        runtime()?.block_on(async {
            let mut call = self.telephone(settings).await?;
            let outcome = run_script(&mut call, &script).await;
            // What was heard before a fault is worth reading, too.
            print(&call, self.json)?;
            outcome?;
            Ok(ExitCode::SUCCESS)
        })
    }

    async fn telephone(&self, settings: &Settings) -> anyhow::Result<phone::Call<HttpTransport>> {
        let semantics = Semantics::of(&self.provider).context("no provider has this name")?;
        let Some(url) = &self.url else {
            let at = self.at.as_deref().map_or_else(|| Ok(now()), seconds)?;
            return Loopback::start(settings, semantics, at).await?.telephone(&self.from, &self.to);
        };
        if self.at.is_some() {
            bail!("--at goes without --url: a server that runs has its own clock");
        }
        let secret = providers::signing(settings, semantics.name)?;
        let public = settings.server.public_url.as_ref().map_or(url.as_str(), |public| public.as_str());
        let short_numbers = providers::dials_short_numbers(settings, semantics.name);
        let signer = Signer::new(semantics, secret.expose(), || SystemClock.second());
        telephone(semantics, signer, public, url, &self.from, &self.to, short_numbers)
    }
}

/// Prints a call, for people or as JSON lines.
pub(super) fn print(call: &phone::Call<HttpTransport>, json: bool) -> io::Result<()> {
    super::print(|out| {
        for heard in call.transcript() {
            if json {
                writeln!(out, "{}", json_line(heard))?;
            } else if let Some(line) = human(heard, WIDTH) {
                writeln!(out, "{line}")?;
            }
        }
        Ok(())
    })
}

/// Columns of what is printed for people.
pub(super) const WIDTH: usize = 100;

/// The machine's time, in seconds since 1970.
#[expect(clippy::disallowed_methods, reason = "the time at which a person runs this command")]
pub(super) fn now() -> i64 {
    Timestamp::now().as_second()
}

/// A time as people give it: RFC 3339, or Paris local time without a zone. Seconds since 1970.
pub(super) fn seconds(text: &str) -> anyhow::Result<i64> {
    moment::seconds(text).with_context(|| format!("--at {text}: {}", moment::HOW))
}

/// The called number, in the form in which providers name it: in any other it is no number of `numbers.yaml`, and the call heard
/// would be that of another one.
fn called(text: &str) -> Result<String, String> {
    let is_short = (2..=6).contains(&text.len()) && text.bytes().all(|digit| digit.is_ascii_digit());
    match text.parse::<E164>() {
        Err(error) if !is_short => Err(error.to_string()),
        _ => Ok(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_without_a_zone_are_those_of_paris() {
        assert_eq!(seconds("2026-12-25T03:00").unwrap(), seconds("2026-12-25T02:00:00Z").unwrap());
        assert_eq!(seconds("2026-07-14T12:00:30").unwrap(), seconds("2026-07-14T12:00:30+02:00").unwrap());
        assert!(seconds("tomorrow").unwrap_err().to_string().contains("2026-12-25T03:00"));
    }
}
