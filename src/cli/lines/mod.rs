//! `allo-cmp lines`: who answers at a time, chain by chain, by the same choice as the engine's; and a week as a table.

mod calendar;

use std::{
    io::{self, Write},
    process::ExitCode,
};

use anyhow::bail;
use clap::Args;
use jiff::{Timestamp, Zoned, tz::TimeZone};
use serde_json::{Value, json};

use super::{
    call::{now, seconds},
    line,
    lines_admin::LinesAdmin,
    print,
};
use crate::{
    check::{Called, Member, NotCalled, alone, called, longest},
    config::Settings,
    http::{Clock, FixedClock},
    lines::{Attempt, Telephone, hours::Prepared},
};

#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct Lines {
    #[command(subcommand)]
    command: Option<LinesAdmin>,
    /// The time that is asked about: 2026-12-25T03:00 (Paris) or RFC 3339; without it, now
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// One chain of chains.yaml, or one line that is called alone
    #[arg(long, value_name = "NAME")]
    chain: Option<String>,
    /// The seven days from that time on, as a table of who can be called
    #[arg(long)]
    calendar: bool,
    /// One JSON object per chain
    #[arg(long, conflicts_with = "calendar")]
    json: bool,
}

impl Lines {
    pub(super) fn run(&self, settings: &Settings) -> anyhow::Result<ExitCode> {
        if let Some(command) = &self.command {
            return command.run(settings);
        }
        let at = self.at.as_deref().map_or_else(|| Ok(now()), seconds)?;
        let loaded = line::load(settings, FixedClock::at(at).now());
        if loaded.lines.is_none() {
            bail!("the lines can't be read: `allo-cmp check` says why");
        }
        let paris = TimeZone::get("Europe/Paris")?;
        let minute = FixedClock::at(at).now().minute;
        let time = clock(minute, &paris);
        let week = time.start_of_day()?.date();
        let from = if self.calendar { calendar::minute(week, 0, &paris) } else { minute };
        let mut all = called(&loaded, from);
        if let Some(name) = &self.chain {
            let names: Vec<&str> = all.iter().map(|one| one.name.as_str()).collect();
            if !names.contains(&name.as_str()) {
                bail!(
                    "no chain is called `{name}`, and no line of that name is called alone. There are: {}",
                    names.join(", ")
                );
            }
            all.retain(|one| one.name == *name);
        }
        print(|out| {
            if self.json {
                return all.iter().try_for_each(|one| writeln!(out, "{}", as_json(one, minute, &paris)));
            }
            if all.is_empty() {
                return writeln!(out, "no line is called: no place of the flows is a transfer, and there is no chain");
            }
            writeln!(out, "{} (Paris)", time.strftime("%A %-d %B %Y, %H:%M"))?;
            for one in &all {
                writeln!(out)?;
                heading(out, one)?;
                if self.calendar {
                    calendar::draw(out, one, week, &paris)?;
                } else {
                    for (at, words) in words(one, minute, &paris).iter().enumerate() {
                        writeln!(out, "  {:>2}. {words}", at + 1)?;
                    }
                }
                nobody(out, one, from)?;
            }
            Ok(())
        })?;
        Ok(ExitCode::SUCCESS)
    }
}

fn clock(minute: u32, zone: &TimeZone) -> Zoned {
    Timestamp::from_second(i64::from(minute) * 60).unwrap_or_default().to_zoned(zone.clone())
}

fn heading(out: &mut impl Write, one: &Called) -> io::Result<()> {
    let seconds = longest(one.attempts(), one.most_seconds());
    let nodes: Vec<&str> = one.nodes.iter().map(|node| node.name.as_str()).collect();
    let by = if nodes.is_empty() { String::new() } else { format!(", called by {}", nodes.join(", ")) };
    writeln!(out, "{}: rings {seconds} s at most{by}", one.name)
}

/// When only a number is said, and why that is all right.
fn nobody(out: &mut impl Write, one: &Called, from: u32) -> io::Result<()> {
    let Some(when) = alone(one, from) else { return Ok(()) };
    writeln!(out, "  nobody can be called:")?;
    when.split("; ").try_for_each(|when| writeln!(out, "    {when}"))?;
    one.announced_only.map_or(Ok(()), |why| writeln!(out, "    allowed: {why}"))
}

/// A line for each attempt, and for each name that is never called.
fn words(one: &Called, minute: u32, zone: &TimeZone) -> Vec<String> {
    let mut said = Vec::new();
    for member in &one.members {
        if let Some(why) = &member.not_called {
            said.push(format!("{:28} {}", member.name, never(why)));
        }
        for attempt in &member.attempts {
            said.push(format!("{:28} {}", names(attempt), state(attempt, minute, zone)));
        }
    }
    said
}

fn names(attempt: &Attempt) -> String {
    attempt.telephones.iter().map(|telephone| telephone.name.as_str()).collect::<Vec<_>>().join(" + ")
}

fn never(why: &NotCalled) -> String {
    match why {
        NotCalled::AnnouncedOnly(number) => format!("announced only: {number}"),
        NotCalled::NotByThisProvider(number) => format!("announced only: not every provider dials {number}"),
        NotCalled::Unverified => "not verified: neither said nor called".to_owned(),
        NotCalled::NoPeople => "nobody is in this group".to_owned(),
        NotCalled::Unknown => "not known: `allo-cmp check` says why".to_owned(),
    }
}

fn state(attempt: &Attempt, minute: u32, zone: &TimeZone) -> String {
    if !attempt.is_open(minute) {
        let hours = attempt.telephones.iter().filter_map(|telephone| telephone.hours.as_deref());
        return hours
            .min_by_key(|hours| opens(hours, minute))
            .map_or_else(String::new, |hours| closed(hours, minute, zone));
    }
    let turn = if attempt.turn.is_some() { ", in turn" } else { "" };
    let accept = if attempt.accept { ", must press 1" } else { "" };
    let closed: Vec<&str> =
        attempt.telephones.iter().filter(|one| !one.is_open(minute)).map(|one| one.name.as_str()).collect();
    let without = if closed.is_empty() { String::new() } else { format!(", without {}", closed.join(", ")) };
    format!("open, rings {} s{accept}{turn}{without}", attempt.ring)
}

/// The minute of the next opening; the last of all where none is known.
fn opens(hours: &Prepared, minute: u32) -> u32 {
    hours.next_change(minute).filter(|(_, open)| *open).map_or(u32::MAX, |(at, _)| at)
}

fn closed(hours: &Prepared, minute: u32, zone: &TimeZone) -> String {
    let now = clock(minute, zone);
    let opens = match opens(hours, minute) {
        u32::MAX => return "closed: not known when it opens".to_owned(),
        opens => clock(opens, zone),
    };
    if opens.date() == now.date() {
        return format!("closed: opens today at {}", opens.strftime("%H:%M"));
    }
    let rest = match (hours.hours().closed_all_day(minute), hours.holiday(minute)) {
        (true, Some(_)) => "all day (public holiday)",
        (true, None) => "all day",
        (false, _) => "for the rest of the day",
    };
    format!("closed {rest}: opens on {}", opens.strftime("%A %-d %B %Y at %H:%M"))
}

fn as_json(one: &Called, minute: u32, zone: &TimeZone) -> Value {
    let time = |minute| clock(minute, zone).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string();
    let telephone = |telephone: &Telephone| {
        let open = telephone.is_open(minute);
        let opens = telephone.hours.as_deref().filter(|_| !open).map(|hours| opens(hours, minute));
        json!({ "name": telephone.name, "open": open, "opens": opens.filter(|opens| *opens != u32::MAX).map(time) })
    };
    let attempt = |attempt: &Attempt| {
        json!({
            "name": attempt.name,
            "open": attempt.is_open(minute),
            "ring": attempt.ring,
            "accept": attempt.accept,
            "in_turn": attempt.turn.is_some(),
            "telephones": attempt.telephones.iter().map(telephone).collect::<Vec<_>>(),
        })
    };
    let member = |member: &Member| -> Vec<Value> {
        let never =
            member.not_called.iter().map(|why| json!({ "name": member.name, "open": false, "why": never(why) }));
        never.chain(member.attempts.iter().map(attempt)).collect()
    };
    json!({
        "chain": one.name,
        "at": time(minute),
        "open": one.is_open(minute),
        "most_seconds": longest(one.attempts(), one.most_seconds()),
        "attempts": one.members.iter().flat_map(member).collect::<Vec<_>>(),
        "nobody": alone(one, minute),
        "announced_only": one.announced_only,
    })
}
