use std::fmt::Write;

use jiff::{civil::date, tz::TimeZone};

use super::*;
use crate::{engine::Settings, files::Files};

const TODAY: Date = date(2026, 11, 21);

/// The shipped line with other lines, people and chains beside its own.
fn loaded(lines: &str, responders: &str, chains: &str) -> Loaded {
    let mut texts: Vec<(String, String)> =
        Files::embedded_flows().files.iter().map(|file| (file.name.clone(), file.source.text.clone())).collect();
    for (name, text) in &mut texts {
        if name == "lines.yaml" {
            *text += lines;
        }
    }
    texts.retain(|(name, _)| name != "responders.yaml" && name != "chains.yaml");
    texts
        .extend([("responders.yaml".to_owned(), responders.to_owned()), ("chains.yaml".to_owned(), chains.to_owned())]);
    let flows = Files::from_texts(texts.iter().map(|(name, text)| (name.as_str(), text.as_str())));
    Loaded::new(&flows, &Files::embedded_scripts(), &Settings::default())
}

fn line(name: &str, hours: &str) -> String {
    format!(
        "\n{name}:\n  name: {{ fr: une ligne, en: a line }}\n  announce: \"01 99 00 00 00\"\n  dial: \"+33199000000\"\n  \
         hours: \"{hours}\"\n"
    )
}

fn found(loaded: &Loaded) -> Vec<Diagnostic> {
    check(loaded, loaded.flow.as_ref().unwrap(), TODAY)
}

fn minute(text: &str) -> u32 {
    let time: jiff::civil::DateTime = text.parse().unwrap();
    let time = time.to_zoned(TimeZone::get("Europe/Paris").unwrap()).unwrap();
    u32::try_from(time.timestamp().as_second() / 60).unwrap()
}

/// Twenty lines with hours and holidays, a rota of three people; each evening somebody, and nobody before seven.
fn twenty() -> Loaded {
    let mut lines = String::new();
    let mut names = vec!["rota".to_owned()];
    for n in 0..20 {
        let hours = match n % 4 {
            0 => format!("Mo-Fr {:02}:00-{:02}:30; PH off", 7 + n % 3, 12 + n % 9),
            1 => "Mo-Su 12:00-02:00".to_owned(),
            2 => "Sa-Su,PH 07:00-13:00".to_owned(),
            _ => "Mo-Su 07:00-12:30".to_owned(),
        };
        lines += &line(&format!("line_{n}"), &hours);
        names.push(format!("line_{n}"));
    }
    let mut people = "rota:\n  name: { fr: nous, en: us }\n  ring: in_turn\n  people:\n".to_owned();
    for (n, hours) in ["Mo[1] 18:00-22:00", "Tu-Th 02:00-03:00", "week 01-53/2 Fr 20:00-23:00"].iter().enumerate() {
        let _ = writeln!(people, "    p{n}: {{ dial: \"+3319900000{n}\", hours: \"{hours}\", closed: [2026-12-24] }}");
    }
    loaded(&lines, &people, &format!("long:\n  try: [{}]\n", names.join(", ")))
}

#[test]
fn a_long_chain_with_holidays_and_a_rota_is_proved_fast_and_right() {
    let loaded = twenty();
    let began = std::time::Instant::now();
    let found = found(&loaded);
    // The aim is two seconds for ten such chains, in a release build on a free machine.
    assert!(began.elapsed().as_secs() < 20, "{:?}", began.elapsed());
    let codes: Vec<_> = found.iter().map(|found| found.code).collect();
    assert_eq!(codes, ["announced-only"], "{found:?}");
    assert!(found[0].message.contains("from 02:00 to 07:00"), "{}", found[0].message);
    assert!(found[0].message.contains("from 03:00 to 07:00"), "{}", found[0].message);

    let from = minute("2026-11-21T00:00");
    let all = called(&loaded, from);
    let long = all.iter().find(|one| one.name == "long").unwrap();
    let span = from..from + DAYS * 24 * 60;
    let gaps = gaps(long, &span);
    let mut at = span.start;
    while at < span.end {
        let alone = long.attempts().all(|attempt| attempt.telephones.iter().all(|one| !one.is_open(at)));
        assert_eq!(gaps.iter().any(|gap| gap.contains(&at)), alone, "minute {at}");
        at += 13;
    }
}

#[test]
fn the_nights_in_which_the_clock_jumps_are_cut_like_any_other() {
    let loaded = loaded(&line("day", "Mo-Su 03:00-02:00"), "", "days:\n  try: [day]\n");
    let from = minute("2026-11-21T00:00");
    let all = called(&loaded, from);
    let one = all.iter().find(|one| one.name == "days").unwrap();
    let gaps = gaps(one, &(from..from + DAYS * 24 * 60));
    let in_march = minute("2027-03-28T00:00")..minute("2027-03-29T00:00");
    // There is no hour between two and three in that night.
    assert!(gaps.iter().all(|gap| !in_march.contains(&gap.start)), "{gaps:?}");
    let october = minute("2027-10-31T00:00")..minute("2027-11-01T00:00");
    let long: Vec<u32> =
        gaps.iter().filter(|gap| october.contains(&gap.start)).map(|gap| gap.end - gap.start).collect();
    assert_eq!(long, [120], "{gaps:?}");
}

#[test]
fn a_chain_rings_no_longer_than_its_seconds_and_one_ring_whatever_becomes_of_it() {
    let loaded = twenty();
    let all = called(&loaded, minute("2026-11-21T00:00"));
    let long = all.iter().find(|one| one.name == "long").unwrap();
    let rings = long.attempts().map(|attempt| u32::from(attempt.ring)).max().unwrap();
    for most in [10, 25, 90, 300] {
        let longest = longest(long.attempts(), most);
        assert!(longest >= u32::from(most) && longest < u32::from(most) + rings, "{most}: {longest}");
    }
    assert_eq!(longest(long.attempts().take(2), 300), 50);
    assert_eq!(longest(std::iter::empty(), 90), 0);
}

#[test]
fn a_chain_must_hold_without_short_numbers_unless_every_provider_dials_them() {
    let short = "\nshort:\n  name: { fr: une ligne, en: a line }\n  announce: \"3919\"\n  dial_short: \"3919\"\n";
    let mut loaded = loaded(short, "", "a:\n  try: [short]\n");
    let codes = |loaded: &Loaded| found(loaded).iter().map(|found| found.code).collect::<Vec<_>>();
    assert_eq!(codes(&loaded), ["announced-only"]);
    loaded.dials_short = true;
    assert_eq!(codes(&loaded), [""; 0]);
}

#[test]
fn stretches_are_told_as_people_tell_them() {
    let from = minute("2026-11-21T00:00");
    let span = from..from + DAYS * 24 * 60;
    let told = |hours: &str| {
        let loaded = loaded(&line("one", hours), "", "c:\n  try: [one]\n");
        let all = called(&loaded, from);
        let one = all.iter().find(|one| one.name == "c").unwrap();
        words::of(&gaps(one, &span), &span, &TimeZone::get("Europe/Paris").unwrap())
    };
    assert_eq!(told("Mo-Su 09:00-23:00"), "every day from 23:00 to 09:00");
    assert_eq!(told("Mo-Fr 00:00-24:00"), "every week from Saturday 00:00 to Monday 00:00");
    assert_eq!(
        told("Mo-Fr 09:00-18:00"),
        "Monday to Thursday from 18:00 to 09:00; every week from Friday 18:00 to Monday 09:00"
    );
    assert_eq!(
        told("Mo-Su 00:00-24:00; PH off"),
        "from Friday 25 December 2026 00:00 to Saturday 26 December 2026 00:00; from Friday 1 January 2027 00:00 to \
         Saturday 2 January 2027 00:00; from Monday 29 March 2027 00:00 to Tuesday 30 March 2027 00:00; 9 times more in 400 days"
    );
    assert_eq!(told("24/7"), "");
    assert_eq!(told("2020 Mo-Su 09:00-18:00"), "always");
}

#[test]
fn a_rota_that_has_run_out_is_an_error_of_check_and_keeps_no_server_from_starting() {
    let ran_out = line("of_november", "2026 Nov 01-20 09:00-18:00");
    let loaded = loaded(&ran_out, "", "at_night: { try: [of_november] }\n");
    let is_told = |found: Vec<Diagnostic>| found.iter().any(|found| found.code == "announced-only");
    assert!(is_told(crate::check::check(&loaded, TODAY)));
    assert!(!is_told(crate::check::lints(&loaded, TODAY)));
}
