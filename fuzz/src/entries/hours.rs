//! Opening hours: whatever is written, a fault or hours; and hours that are laid out answer as their rules do.

use std::sync::{Arc, LazyLock};

use allo_cmp::{
    call::Lang,
    files::Files,
    lines::{
        HoursWords,
        hours::{Every, Field, Hours, Written},
    },
    script::Scripts,
};

/// The middle of November 2026.
const MINUTE: u32 = 29_911_000;
const DAY: u32 = 24 * 60;

/// How each language says hours.
static WORDS: LazyLock<Vec<(Lang, HoursWords)>> = LazyLock::new(|| {
    let mut files = Files::embedded_scripts();
    files.files.retain(|file| file.name.ends_with("hours.yaml"));
    Scripts::parse(&files).0.hours.into_iter().collect()
});

/// A line each: the hours, days closed and open (parted by `|`), territory, clock, weeks and their first day.
pub(super) fn read(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let lines: Vec<&str> = text.split('\n').collect();
    let line = |at: usize| lines.get(at).copied().filter(|line| !line.is_empty());
    let days = |at: usize| line(at).map(|line| line.split('|').collect::<Vec<_>>()).unwrap_or_default();
    let (closed, open) = (days(1), days(2));
    let every = line(5).and_then(|line| line.split_once(' '));
    let written = Written {
        hours: lines[0],
        closed: &closed,
        open: &open,
        territory: line(3),
        time_zone: line(4),
        every: every.map(|(weeks, from)| Every { weeks: weeks.parse().unwrap_or(2), from }),
    };
    for (_, words) in WORDS.iter() {
        if let Some(said) = words.of(lines[0]) {
            assert!(!said.trim().is_empty(), "{written:?}");
        }
    }
    let (hours, faults) = Hours::read(&written);
    let has_error = faults.iter().any(|fault| fault.is_error());
    assert_eq!(hours.is_none(), has_error, "{written:?}: {faults:?}");
    for fault in &faults {
        let text = match fault.field {
            Field::Hours => lines[0],
            Field::Closed(at) => closed[at],
            Field::Open(at) => open[at],
            Field::Territory => lines[3],
            Field::TimeZone => line(4).unwrap_or_default(),
            Field::Every => every.map_or("", |(_, from)| from),
        };
        assert!(text.get(fault.span.clone()).is_some() && !fault.message.is_empty(), "{written:?}: {fault:?}");
    }
    let Some(hours) = hours.map(Arc::new) else { return };
    let prepared = hours.prepare(MINUTE);
    let mut last = None;
    for (at, is_open) in prepared.changes() {
        assert!(last.is_none_or(|(before, was_open)| before < at && was_open != is_open), "{written:?}");
        last = Some((at, is_open));
    }
    for at in [MINUTE, MINUTE + 7 * DAY + 725, MINUTE + 200 * DAY + 15].into_iter().chain(last.map(|(at, _)| at)) {
        assert_eq!(prepared.is_open(at), hours.is_open(at), "{written:?} at {at}");
    }
    for at in [MINUTE, 0, u32::MAX] {
        let _ = (prepared.is_open(at), prepared.next_change(at), hours.holiday(at), hours.closed_all_day(at));
        let _ = prepared.reopens(at, hours.zone());
    }
}
