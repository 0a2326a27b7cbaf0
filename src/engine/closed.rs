//! What a caller hears of a line that is closed: that it is, and when it opens, in the words of each language (P25).

use std::sync::Arc;

use jiff::civil::Date;

use super::{Attempt, Phrase, Said, turn::Turn};
use crate::{
    call::{Lang, Piece, Speech},
    lines::{
        HoursWords,
        hours::{Prepared, Reopens},
    },
    script::{InWords, Scripts, Units, Variable, ear},
};

/// How a language says when a line opens.
#[derive(Debug)]
pub(super) struct TimeWords {
    lang: Lang,
    units: Units,
    hours: Option<HoursWords>,
}

impl TimeWords {
    /// `None` where the language has no words of its own.
    pub(super) fn of(scripts: &Scripts, lang: Lang) -> Option<TimeWords> {
        let units = scripts.languages.get(&lang)?.units.clone();
        Some(TimeWords { lang, units, hours: scripts.hours.get(&lang).cloned() })
    }

    /// "trois semaines".
    pub(super) fn weeks(&self, weeks: u16) -> Option<InWords> {
        self.units.in_weeks(self.lang, weeks)
    }

    /// "2 novembre".
    pub(super) fn date(&self, date: Date) -> Option<String> {
        self.hours.as_ref()?.date(date)
    }

    /// What stands for `variable`; nothing where the language can't say it.
    fn say(&self, variable: &str, reopens: Reopens) -> Option<Piece> {
        let (hour, minute) = match reopens {
            Reopens::Today { hour, minute }
            | Reopens::Tomorrow { hour, minute }
            | Reopens::Weekday { hour, minute, .. }
            | Reopens::Date { hour, minute, .. } => (hour, minute),
            Reopens::Open | Reopens::Unknown => return None,
        };
        if variable == Variable::Hour.name() {
            let InWords { written, spoken } = self.units.time(self.lang, hour, minute)?;
            return Some(Piece::Spelled { written, spoken });
        }
        let hours = self.hours.as_ref()?;
        match reopens {
            Reopens::Weekday { weekday, .. } => Some(Piece::Text(hours.weekday(weekday).to_owned())),
            Reopens::Date { date, .. } => hours.date(date).map(Piece::Text),
            _ => None,
        }
    }

    /// `speech` with its blanks filled in; `None` where the language can't.
    pub(super) fn fill(&self, speech: &Speech, reopens: Reopens) -> Option<Speech> {
        let fill = |piece: &Piece| match piece {
            Piece::Text(text) => match text.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
                Some(variable) => self.say(variable, reopens),
                None => Some(piece.clone()),
            },
            piece => Some(piece.clone()),
        };
        let pieces: Option<Vec<Piece>> = speech.pieces.iter().map(fill).collect();
        Some(ear::speech(speech.lang, pieces?))
    }
}

/// Whether the day is why it is closed. What works on a holiday, or opens later today, is closed by the clock, whatever day
/// it is.
pub(super) fn closed_by_holiday(hours: &Prepared, minute: u32, reopens: Reopens) -> bool {
    let later_today = matches!(reopens, Reopens::Today { .. });
    hours.holiday(minute).is_some() && hours.hours().closed_all_day(minute) && !later_today
}

impl Turn<'_> {
    /// That none of `attempts` can be called now: the one that opens first is named, and it is said when it does.
    pub(super) fn closed(&mut self, attempts: &[&Attempt]) {
        let world = self.world;
        let minute = self.now.minute;
        let hours = |attempt: &&Attempt| -> Vec<Arc<Prepared>> {
            attempt.line.telephones.iter().filter_map(|one| one.hours.clone()).collect()
        };
        let opens = |hours: &Prepared| hours.next_change(minute).filter(|(_, open)| *open).map(|(at, _)| at);
        let all = attempts.iter().flat_map(|attempt| hours(attempt).into_iter().map(move |hours| (*attempt, hours)));
        let first = all.min_by_key(|(_, hours)| opens(hours).unwrap_or(u32::MAX));
        let Some(named) = first.as_ref().map(|(attempt, _)| *attempt).or(attempts.first().copied()) else { return };
        let first = first.map(|(_, hours)| hours);
        let reopens = first.as_ref().map_or(Reopens::Unknown, |hours| hours.reopens(minute, &world.zone));
        let is_holiday = first.as_ref().is_some_and(|hours| closed_by_holiday(hours, minute, reopens));
        self.say(if is_holiday { &named.closed_holiday } else { &named.closed });
        let phrase = match reopens {
            Reopens::Today { .. } => Phrase::OpensToday,
            Reopens::Tomorrow { .. } => Phrase::OpensTomorrow,
            Reopens::Weekday { .. } => Phrase::OpensWeekday,
            Reopens::Date { .. } => Phrase::OpensDate,
            Reopens::Open | Reopens::Unknown => return,
        };
        let filled = world.phrase(phrase).0.iter().zip(&world.times).map(|(speeches, words)| {
            let filled: Option<Vec<_>> =
                speeches.iter().map(|speech| words.fill(speech, reopens).map(Arc::new)).collect();
            filled.unwrap_or_default()
        });
        let filled = Said(filled.collect());
        self.say(&filled);
    }
}
