//! From tallies to a report: sums them up, and decides what of them is said.

use std::{
    array,
    collections::{BTreeMap, HashMap},
};

use jiff::civil::Date;

use super::{
    super::{Kind, Tally, TallyKind},
    About, Figure, LineCalls, Report, Row, Section,
    figure::parts,
};
use crate::call::{DialOutcome, Lang};

/// What is summed up.
#[derive(Default)]
struct Sums<'a> {
    days: BTreeMap<Date, u64>,
    hours: [u64; 24],
    week: [[u64; 24]; 7],
    missed: [u64; 24],
    callers: BTreeMap<Date, u64>,
    langs: BTreeMap<Option<Lang>, u64>,
    lines: HashMap<&'a str, LineSums>,
    subjects: HashMap<(TallyKind, &'a str), u64>,
    kinds: HashMap<TallyKind, u64>,
}

#[derive(Clone, Copy, Default)]
struct LineSums {
    tried: u64,
    ended: [u64; 5],
    talked: u64,
    waited: u64,
}

impl Report {
    /// Sums up the tallies of these days; those of others are passed over.
    pub fn of(tallies: &[Tally], from: Date, to: Date) -> Report {
        let mut sums = Sums::default();
        for tally in tallies.iter().filter(|tally| (from..=to).contains(&tally.day)) {
            sums.add(tally);
        }
        let days = from.series(jiff::Span::new().days(1)).take_while(|day| *day <= to);
        let days: Vec<(Date, u64)> = days.map(|day| (day, sums.days.get(&day).copied().unwrap_or(0))).collect();
        let section = |about, rows| Section { about, rows };
        Report {
            from,
            to,
            calls: sums.kind(Kind::Began),
            sections: vec![
                section(About::Days, divided(&days, |&day| Row { day: Some(day), ..Row::default() })),
                section(About::Hours, divided(&numbered(&sums.hours), |&hour| at(hour))),
                section(About::Week, week(&sums.week)),
                section(About::Languages, sums.languages()),
                section(About::Needs, sums.needs()),
                section(About::Goals, sums.subjects(TallyKind::Of(Kind::Goal))),
                section(About::Heard, sums.subjects(TallyKind::Of(Kind::Heard))),
                section(About::Left, sums.left()),
                section(About::Missed, alone(&numbered(&sums.missed), |&hour| at(hour))),
                section(About::LookUps, sums.subjects(TallyKind::Of(Kind::LookedUp))),
                section(About::Reported, sums.subjects(TallyKind::Of(Kind::Reported))),
                section(About::Callers, sums.callers()),
                section(About::Trouble, sums.trouble()),
            ],
            transfers: sums.transfers(),
        }
    }
}

impl<'a> Sums<'a> {
    fn add(&mut self, tally: &'a Tally) {
        let (count, hour) = (tally.count, usize::from(tally.hour) % 24);
        *self.kinds.entry(tally.kind).or_default() += count;
        match tally.kind {
            TallyKind::Of(Kind::Began) => {
                *self.days.entry(tally.day).or_default() += count;
                self.hours[hour] += count;
                let weekday = usize::try_from(tally.day.weekday().to_monday_zero_offset()).unwrap_or(0);
                self.week[weekday % 7][hour] += count;
            }
            TallyKind::Missed => self.missed[hour] += count,
            TallyKind::Callers => *self.callers.entry(tally.day).or_default() += count,
            TallyKind::Left => {
                *self.langs.entry(tally.lang).or_default() += count;
                *self.subjects.entry((tally.kind, &tally.subject)).or_default() += count;
            }
            TallyKind::Of(Kind::Tried) => self.lines.entry(&tally.subject).or_default().tried += count,
            TallyKind::Of(Kind::Transferred) => {
                let line = self.lines.entry(&tally.subject).or_default();
                if let Some(outcome) = tally.outcome {
                    line.ended[outcome as usize] += count;
                }
                line.talked += tally.talked;
                line.waited += tally.waited;
            }
            TallyKind::Of(Kind::Goal | Kind::Heard | Kind::LookedUp | Kind::Reported) => {
                *self.subjects.entry((tally.kind, &tally.subject)).or_default() += count;
            }
            _ => {}
        }
    }

    fn kind(&self, kind: Kind) -> u64 {
        self.total(TallyKind::Of(kind))
    }

    fn total(&self, kind: TallyKind) -> u64 {
        self.kinds.get(&kind).copied().unwrap_or(0)
    }

    fn of_kind(&self, kind: TallyKind) -> Vec<(&'a str, u64)> {
        self.subjects
            .iter()
            .filter(|((of, _), _)| *of == kind)
            .map(|((_, subject), count)| (*subject, *count))
            .collect()
    }

    /// Of these no sum is said.
    fn subjects(&self, kind: TallyKind) -> Vec<Row> {
        let mut rows = alone(&self.of_kind(kind), |subject| named(subject));
        rows.sort_by(most_first);
        rows
    }

    /// Nearly each call that began has ended somewhere: their sum is known.
    fn left(&self) -> Vec<Row> {
        let mut places = self.of_kind(TallyKind::Left);
        places.sort_unstable();
        let mut rows = divided(&places, |subject| named(subject));
        rows.sort_by(most_first);
        rows
    }

    fn languages(&self) -> Vec<Row> {
        let langs: Vec<(Option<Lang>, u64)> = self.langs.iter().map(|(lang, count)| (*lang, *count)).collect();
        let mut rows = divided(&langs, |&lang| Row { lang, ..Row::default() });
        rows.sort_by(most_first);
        rows
    }

    fn needs(&self) -> Vec<Row> {
        vec![
            Row { count: Figure::of(self.kind(Kind::Urgent)), ..named("urgent_help") },
            // The hours of a day would tell of one that is not said.
            Row { count: Figure::rounded(self.total(TallyKind::Missed)), ..named("missed") },
            Row { count: Figure::of(self.kind(Kind::Failure)), ..named("not_understood") },
            Row { count: Figure::of(self.kind(Kind::Goodbye)), ..named("goodbye") },
        ]
    }

    fn trouble(&self) -> Vec<Row> {
        let unclean = self.total(TallyKind::Left).saturating_sub(self.kind(Kind::Ended));
        let found = [
            ("apologised", self.kind(Kind::Apologised)),
            ("lost", self.kind(Kind::Lost)),
            ("limited", self.kind(Kind::Limited)),
            ("end_not_told", unclean),
            ("facts_dropped", self.total(TallyKind::Dropped)),
        ];
        found.map(|(name, count)| Row { count: Figure::of(count), ..named(name) }).into()
    }

    fn callers(&self) -> Vec<Row> {
        let days: Vec<(Date, u64)> = self.callers.iter().map(|(day, count)| (*day, *count)).collect();
        alone(&days, |&day| Row { day: Some(day), ..Row::default() })
    }

    fn transfers(&self) -> Vec<LineCalls> {
        let mut lines: Vec<LineCalls> = self.lines.iter().map(|(line, sums)| sums.said(line)).collect();
        lines.sort_by(|a, b| b.tried.known().cmp(&a.tried.known()).then_with(|| a.line.cmp(&b.line)));
        lines
    }
}

impl LineSums {
    fn said(&self, line: &str) -> LineCalls {
        let tried = Figure::of(self.tried);
        // How its calls ended adds up to how often it was dialled.
        let ended = if tried == Figure::Few { [0; 5].map(Figure::of).to_vec() } else { parts(&self.ended) };
        let all: u64 = self.ended.iter().sum();
        let mean = |sum: u64, of: u64| (sum > 0).then(|| sum.checked_div(of)).flatten();
        let answered = ended.first().and_then(|figure| figure.known());
        LineCalls {
            line: line.to_owned(),
            tried,
            ended: array::from_fn(|at| (DialOutcome::ALL[at], ended.get(at).copied().unwrap_or_default())),
            talked: answered.and((self.talked > 0).then_some(self.talked)),
            mean_talked: answered.and_then(|answered| mean(self.talked, answered)),
            mean_wait: (tried != Figure::Few && Figure::of(all) != Figure::Few)
                .then(|| mean(self.waited, all))
                .flatten(),
        }
    }
}

fn named(subject: &str) -> Row {
    Row { subject: subject.to_owned(), ..Row::default() }
}

fn at(hour: u8) -> Row {
    Row { hour: Some(hour), ..Row::default() }
}

fn numbered(hours: &[u64; 24]) -> Vec<(u8, u64)> {
    (0..).zip(hours.iter().copied()).collect()
}

/// Numbers whose sum is not said.
fn alone<T>(counts: &[(T, u64)], row: impl Fn(&T) -> Row) -> Vec<Row> {
    counts.iter().map(|(what, count)| Row { count: Figure::of(*count), ..row(what) }).collect()
}

/// Numbers whose sum is known.
fn divided<T>(counts: &[(T, u64)], row: impl Fn(&T) -> Row) -> Vec<Row> {
    let figures = parts(&counts.iter().map(|(_, count)| *count).collect::<Vec<_>>());
    counts.iter().zip(figures).map(|((what, _), count)| Row { count, ..row(what) }).collect()
}

/// In tens: exact ones would tell, with the days and the hours, of those that are not said.
fn week(week: &[[u64; 24]; 7]) -> Vec<Row> {
    let days = (1..).zip(week);
    let cells =
        days.flat_map(|(weekday, hours)| numbered(hours).into_iter().map(move |(hour, count)| (weekday, hour, count)));
    cells
        .map(|(weekday, hour, count)| Row { weekday: Some(weekday), count: Figure::rounded(count), ..at(hour) })
        .collect()
}

/// The order tells nothing of what is not said: those stand at the end, by name.
fn most_first(a: &Row, b: &Row) -> std::cmp::Ordering {
    let key = |row: &Row| (row.lang, row.subject.clone());
    b.count.known().cmp(&a.count.known()).then_with(|| key(a).cmp(&key(b)))
}
