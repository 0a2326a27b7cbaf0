//! Reports: what they count, and what they never say.

use std::collections::BTreeMap;

use allo_cmp::{
    call::{DialOutcome, Lang},
    journal::{About, Figure, Keep, Kind, Names, Report, Store, Tally, TallyKind},
};
use assert_cmd::assert::OutputAssertExt;
use insta::assert_snapshot;
use jiff::civil::{Date, date};
use serde_json::Value;

use crate::{
    journal_care,
    journal_home::{Home, NOON, fact},
    leaflet,
};

pub(crate) const FROM: Date = date(2026, 11, 1);
pub(crate) const TO: Date = date(2026, 11, 30);

pub(crate) fn tally(kind: TallyKind, subject: &str, count: u64) -> Tally {
    let (subject, day) = (subject.to_owned(), date(2026, 11, 2));
    Tally { day, hour: 9, kind, lang: Some(Lang::FR), subject, outcome: None, count, talked: 0, waited: 0 }
}

pub(crate) fn of(kind: Kind, subject: &str, count: u64) -> Tally {
    tally(TallyKind::Of(kind), subject, count)
}

pub(crate) fn begun(day: Date, hour: u8, count: u64) -> Tally {
    Tally { day, hour, lang: None, ..of(Kind::Began, "", count) }
}

pub(crate) fn ended(line: &str, outcome: DialOutcome, count: u64) -> Tally {
    let talked = if outcome == DialOutcome::Completed { 120 * count } else { 0 };
    Tally { outcome: Some(outcome), talked, waited: 10 * count, ..of(Kind::Transferred, line, count) }
}

/// Some days with a little of everything.
pub(crate) fn some() -> Vec<Tally> {
    let mut some: Vec<Tally> =
        (1..=30).map(|day| begun(date(2026, 11, day), 9, 12 + u64::try_from(day).unwrap())).collect();
    some.extend([
        begun(date(2026, 11, 3), 22, 4),
        begun(date(2026, 10, 31), 9, 1_000),
        of(Kind::Goal, "documents", 100),
        of(Kind::Goal, "listener", 10),
        of(Kind::Heard, "documents/no-card", 33),
        of(Kind::Urgent, "", 14),
        of(Kind::LookedUp, "69", 40),
        of(Kind::LookedUp, "2A", 3),
        of(Kind::Reported, "690000123", 12),
        of(Kind::Tried, "listener", 60),
        ended("listener", DialOutcome::Completed, 30),
        ended("listener", DialOutcome::Busy, 25),
        ended("listener", DialOutcome::NoAnswer, 5),
        of(Kind::Tried, "women", 10),
        ended("women", DialOutcome::Completed, 10),
        tally(TallyKind::Missed, "", 31),
        tally(TallyKind::Left, "main_menu", 500),
        Tally { lang: Some(Lang::EN), ..tally(TallyKind::Left, "documents", 300) },
        Tally { lang: None, ..tally(TallyKind::Left, "", 7) },
        of(Kind::Ended, "", 790),
        of(Kind::Lost, "", 2),
        Tally { hour: 0, ..tally(TallyKind::Callers, "", 11) },
        tally(TallyKind::Dropped, "", 50),
    ]);
    some
}

fn count(report: &Report, about: About, subject: &str) -> Figure {
    report.section(about).iter().find(|row| row.subject == subject).unwrap().count
}

#[test]
fn each_thing_is_counted_in_its_section() {
    let report = Report::of(&some(), FROM, TO);
    assert_eq!(report.calls, (13..=42).sum::<u64>() + 4);
    let days: Vec<_> = report.section(About::Days).iter().map(|row| (row.day.unwrap(), row.count)).collect();
    assert_eq!(
        (days.len(), days[0], days[2], days[29]),
        (30, (FROM, Figure::Exact(13)), (date(2026, 11, 3), Figure::Exact(19)), (TO, Figure::Exact(42)))
    );
    let hours = report.section(About::Hours);
    assert_eq!(
        (hours[22].count, hours[9].count, hours[3].count),
        (Figure::Few, Figure::Withheld, Figure::Few),
        "one is the rest of the other"
    );
    let week = report.section(About::Week);
    let cell = |weekday: i8, hour: u8| {
        week.iter().find(|row| row.weekday == Some(weekday) && row.hour == Some(hour)).unwrap().count
    };
    // Mondays: the 2nd, 9th, 16th, 23rd and 30th.
    assert_eq!((cell(1, 9), cell(2, 22), week.len()), (Figure::UpTo(140), Figure::Few, 7 * 24));
    assert_eq!(count(&report, About::Goals, "documents"), Figure::Exact(100));
    assert_eq!(count(&report, About::Goals, "listener"), Figure::Few);
    assert_eq!(count(&report, About::Heard, "documents/no-card"), Figure::Exact(33));
    assert_eq!(count(&report, About::LookUps, "69"), Figure::Exact(40));
    assert_eq!(count(&report, About::LookUps, "2A"), Figure::Few);
    assert_eq!(count(&report, About::Reported, "690000123"), Figure::Exact(12));
    assert_eq!(count(&report, About::Needs, "urgent_help"), Figure::Exact(14));
    assert_eq!(count(&report, About::Needs, "missed"), Figure::UpTo(40));
    assert_eq!(report.section(About::Missed)[9].count, Figure::Exact(31));
    let left: Vec<_> = report.section(About::Left).iter().map(|row| (row.subject.as_str(), row.count)).collect();
    assert_eq!(left, [("main_menu", Figure::Exact(500)), ("", Figure::Few), ("documents", Figure::Withheld)]);
    let langs: Vec<_> = report.section(About::Languages).iter().map(|row| (row.lang, row.count)).collect();
    assert_eq!(langs, [(Some(Lang::FR), Figure::Exact(500)), (None, Figure::Few), (Some(Lang::EN), Figure::Withheld)]);
    assert_eq!(count(&report, About::Trouble, "end_not_told"), Figure::Exact(17));
    assert_eq!(count(&report, About::Trouble, "lost"), Figure::Few);
    assert_eq!(count(&report, About::Trouble, "facts_dropped"), Figure::Exact(50));
    assert_eq!(report.section(About::Callers)[0].count, Figure::Exact(11));
}

#[test]
fn transfers_tell_by_line_how_they_ended_and_how_long_they_took() {
    let report = Report::of(&some(), FROM, TO);
    let [listener, women] = report.transfers.as_slice() else { panic!("{:?}", report.transfers) };
    assert_eq!((listener.line.as_str(), listener.tried), ("listener", Figure::Exact(60)));
    assert_eq!(listener.outcome(DialOutcome::Completed), Figure::Exact(30));
    assert_eq!(listener.outcome(DialOutcome::NoAnswer), Figure::Few);
    assert_eq!(listener.outcome(DialOutcome::Busy), Figure::Withheld, "60 less the others would tell the 5");
    assert_eq!((listener.mean_wait, listener.mean_talked, listener.talked), (Some(10), Some(120), Some(3_600)));
    assert!(women.ended.iter().all(|(_, figure)| *figure == Figure::Few));
    assert_eq!((women.tried, women.talked, women.mean_talked, women.mean_wait), (Figure::Few, None, None, None));
}

#[test]
fn days_with_a_changed_clock_are_days_and_nothing_is_a_report_too() {
    let days = [date(2026, 3, 29), date(2026, 10, 25)];
    for day in days {
        let hours: Vec<Tally> = (0..24).map(|hour| begun(day, hour, 20)).collect();
        let report = Report::of(&hours, day, day);
        assert_eq!((report.calls, report.section(About::Days).len()), (480, 1));
        assert!(report.section(About::Hours).iter().all(|row| row.count == Figure::Exact(20)));
    }
    let empty = Report::of(&[], FROM, TO);
    assert_eq!((empty.calls, empty.transfers.len(), empty.section(About::Days).len()), (0, 0, 30));
    assert!(empty.text(Lang::FR, &Names::default()).contains("0 appel reçu\n"));
    assert_eq!(empty.json(Lang::EN, &Names::default())["calls"], 0);
    leaflet::words(&empty.html(Lang::FR, &Names::default()));
}

/// Every `count` of a JSON, wherever it stands.
fn counts<'a>(value: &'a Value, found: &mut Vec<&'a Value>) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| counts(value, found)),
        Value::Object(fields) => {
            found.extend(fields.contains_key("count").then_some(value));
            fields.values().for_each(|value| counts(value, found));
        }
        _ => {}
    }
}

#[test]
fn no_format_says_a_number_under_eleven() {
    let mut few = some();
    for tally in &mut few {
        tally.count = tally.count.min(10);
    }
    let names = Names::default();
    for (tallies, some_said) in [(some(), true), (few, false)] {
        let report = Report::of(&tallies, FROM, TO);
        let json = report.json(Lang::EN, &names);
        let mut found = Vec::new();
        counts(&json, &mut found);
        let hidden = found.iter().filter(|cell| cell["suppressed"] == true && cell["count"].is_null()).count();
        let said = found.iter().filter(|cell| cell["count"].as_u64().is_some_and(|count| count >= 11)).count();
        assert_eq!(hidden + said, found.len());
        assert!(hidden > 0 && (said > 0 || !some_said));
        let csv = report.csv();
        for line in csv.lines().skip(2) {
            let cells: Vec<&str> = line.split(',').collect();
            let [.., count, _, note] = cells.as_slice() else { panic!("{line}") };
            assert_eq!(count.is_empty(), note.starts_with("suppressed"), "{line}");
            assert!(count.is_empty() || count.parse::<u64>().unwrap() >= 11, "{line}");
        }
        let html = report.html(Lang::EN, &names);
        for cell in html.split("<td class=\"number\">").skip(1) {
            let cell = cell.split('<').next().unwrap();
            let is_count = cell.chars().all(|c| c.is_ascii_digit());
            assert!(!is_count || cell.parse::<u64>().unwrap() >= 11, "{cell}");
        }
        for text in [report.text(Lang::EN, &names), leaflet::words(&html)] {
            let at = |words: &str| text.find(words).unwrap_or_else(|| panic!("{words} in {text}"));
            assert!(at("A number under 11 is never given") < at("calls received"), "the rule comes first");
        }
    }
}

#[test]
fn the_table_for_spreadsheets_reads_back_as_it_was_written() {
    let mut tallies = some();
    tallies.push(of(Kind::Goal, "=HYPERLINK(\"a\"), b", 44));
    let csv = Report::of(&tallies, FROM, TO).csv();
    let mut reader = csv_core::Reader::new();
    let (mut rows, mut input) = (Vec::new(), csv.as_bytes());
    loop {
        let (mut output, mut ends) = ([0; 1_000], [0; 20]);
        let (result, read, _, fields) = reader.read_record(input, &mut output, &mut ends);
        input = &input[read..];
        if result == csv_core::ReadRecordResult::End {
            break;
        }
        let starts = std::iter::once(0).chain(ends);
        let cells =
            starts.zip(ends).take(fields).map(|(from, to)| String::from_utf8(output[from..to].to_vec()).unwrap());
        rows.push(cells.collect::<Vec<String>>());
    }
    let width = rows[0].len();
    assert!(rows.iter().all(|row| row.len() == width));
    let mut found: BTreeMap<(&str, &str, &str), &str> = BTreeMap::new();
    found.extend(rows.iter().map(|row| ((row[0].as_str(), row[4].as_str(), row[6].as_str()), row[7].as_str())));
    assert_eq!(found[&("calls", "", "")], "829");
    assert_eq!(found[&("goals", "documents", "")], "100");
    assert_eq!(found[&("goals", "'=HYPERLINK(\"a\"), b", "")], "44", "no formula");
    assert_eq!(found[&("transfers", "listener", "answered")], "30");
    assert_eq!(found[&("transfers", "listener", "no_answer")], "");
}

#[test]
fn the_report_in_words() {
    let names = Names {
        operator: Some("l'association Exemple".to_owned()),
        goals: [("documents".to_owned(), "Les documents à apporter".to_owned())].into(),
        departments: [("69".to_owned(), "Rhône".to_owned())].into(),
        ..Names::default()
    };
    let report = Report::of(&some(), date(2026, 11, 2), date(2026, 11, 4));
    assert_snapshot!("report", report.text(Lang::FR, &names));
}

#[test]
fn a_year_with_two_hundred_subjects_each_hour_is_summed_up() {
    let subjects: Vec<String> = (0..200).map(|n| format!("place_{n}")).collect();
    let days: Vec<Date> = date(2025, 1, 1).series(jiff::Span::new().days(1)).take(365).collect();
    let tallies: Vec<Tally> = days
        .iter()
        .flat_map(|day| (0..24).map(move |hour| (*day, hour)))
        .flat_map(|(day, hour)| {
            subjects.iter().map(move |subject| Tally { day, hour, ..tally(TallyKind::Left, subject, 1) })
        })
        .chain(days.iter().map(|day| begun(*day, 12, 200)))
        .collect();
    let report = Report::of(&tallies, days[0], days[364]);
    assert_eq!((tallies.len(), report.calls), (365 * 24 * 200 + 365, 73_000));
    assert!(report.section(About::Left).iter().all(|row| row.count == Figure::Exact(365 * 24)));
}

/// `allo-cmp report` on a journal.
fn printed(url: &str, args: &[&str]) -> (String, String) {
    let folder = tempfile::tempdir().unwrap();
    let mut command = crate::program::command(folder.path());
    command
        .arg("report")
        .args(args)
        .env("ALLO_CMP__JOURNAL__URL", url)
        .env("ALLO_CMP__LINE__OPERATOR__FR", "l'association Exemple");
    let output = command.assert().success().get_output().clone();
    (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn both_stores_sum_up_what_their_tallies_say() {
    for home in [Some(Home::sqlite()), Home::postgres().await].into_iter().flatten() {
        let mut store = home.open().await;
        // Calls an hour apart, over half a year.
        for (id, kind) in (0_u32..2_000).zip([Kind::Began, Kind::Goal, Kind::Tried, Kind::LookedUp].into_iter().cycle())
        {
            let second = NOON + i64::from(id) * 7_800;
            store
                .write(&[fact(id, u8::try_from(id % 200).unwrap(), 0, second, kind, ["a", "b", "c"][id as usize % 3])])
                .await
                .unwrap();
        }
        for (from, to) in [
            (date(2026, 1, 1), date(2027, 1, 1)),
            (date(2026, 6, 3), date(2026, 6, 20)),
            (date(2020, 1, 1), date(2080, 1, 1)),
        ] {
            let whole = Report::of(&store.tallies(from, to).await.unwrap(), from, to);
            let summed = Store::read(&home.url).await.unwrap().sums(from, to).await.unwrap();
            assert!(Report::of(&summed, from, to) == whole && whole.calls > 20, "{from} to {to}: {}", whole.calls);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_reads_a_journal_that_is_being_written() {
    let home = Home::sqlite();
    let mut store = home.open().await;
    // From 1 June 2026, noon: one call a second, each tried on a line.
    store.write(&journal_care::facts(0, 4_000)).await.unwrap();
    let whole = Report::of(
        &store.tallies(date(2026, 6, 1), date(2026, 6, 30)).await.unwrap(),
        date(2026, 6, 1),
        date(2026, 6, 30),
    );
    let mut reader = Store::read(&home.url).await.unwrap();
    let summed = reader.sums(date(2026, 6, 1), date(2026, 6, 30)).await.unwrap();
    assert_eq!(Report::of(&summed, date(2026, 6, 1), date(2026, 6, 30)), whole, "summed up there or here");
    let (json, complaint) = printed(&home.url, &["--month", "2026-06", "--json"]);
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(
        (json["calls"].as_u64(), json["from"].as_str(), complaint.as_str()),
        (Some(whole.calls), Some("2026-06-01"), "")
    );
    assert!(whole.calls > 0 && json["by_hour"].as_array().unwrap().len() == 24);
    assert_eq!(store.write(&journal_care::facts(4_000, 10)).await.unwrap().new, 10, "who writes is not disturbed");
    let (csv, _) = printed(&home.url, &["--from", "2026-06-01", "--to", "2026-06-01", "--csv"]);
    assert!(csv.starts_with("section,day,weekday,hour,subject,lang,outcome,count,seconds,note\ncalls,"), "{csv}");
    let (text, complaint) = printed(&home.url, &["--year", "2025"]);
    assert!(
        text.contains("0 appel reçu") && complaint.contains("the journal goes from 2026-06-01 to 2026-06-01"),
        "{complaint}"
    );
}

#[test]
fn the_command_says_why_there_is_nothing_to_report() {
    let folder = tempfile::tempdir().unwrap();
    let complaint = |url: &str, args: &[&str]| {
        let mut command = crate::program::command(folder.path());
        let assert = command.arg("report").args(args).env("ALLO_CMP__JOURNAL__URL", url).assert().failure();
        String::from_utf8(assert.get_output().stderr.clone()).unwrap()
    };
    assert!(complaint("none", &[]).contains("no journal is kept"));
    assert!(complaint("sqlite:none.db", &[]).contains("there is no file"));
    assert!(complaint("sqlite:none.db", &["--month", "2026-13"]).contains("no month"));
    assert!(complaint("sqlite:none.db", &["--month", "2026-12", "--year", "2026"]).contains("cannot be used with"));
    assert!(!folder.path().join("none.db").exists());
}
