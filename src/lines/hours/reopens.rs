//! When a closed line opens again, as one would say it: "today at", "tomorrow at", "on Tuesday at".

use jiff::{
    civil::{Date, Weekday},
    tz::TimeZone,
};

use super::{Prepared, clock};

/// When a line opens again. Hours and minutes are those of the clock that was asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reopens {
    /// It is open.
    Open,
    /// Later today.
    Today {
        /// The hour.
        hour: u8,
        /// The minute.
        minute: u8,
    },
    /// Tomorrow.
    Tomorrow {
        /// The hour.
        hour: u8,
        /// The minute.
        minute: u8,
    },
    /// In two to six days: the weekday alone is clear.
    Weekday {
        /// The day.
        weekday: Weekday,
        /// The hour.
        hour: u8,
        /// The minute.
        minute: u8,
    },
    /// In a week or later.
    Date {
        /// The day.
        date: Date,
        /// The hour.
        hour: u8,
        /// The minute.
        minute: u8,
    },
    /// Not as far as is known: better nothing said than something wrong.
    Unknown,
}

impl Prepared {
    /// When the line opens again after `minute`, told by the clock of `zone`: the line's own, or the caller's.
    pub fn reopens(&self, minute: u32, zone: &TimeZone) -> Reopens {
        if self.is_open(minute) {
            return Reopens::Open;
        }
        let opens = self.next_change(minute).filter(|(_, open)| *open).and_then(|(at, _)| clock::timestamp(at));
        let (Some(opens), Some(now)) = (opens, clock::timestamp(minute)) else { return Reopens::Unknown };
        let (opens, today) = (zone.to_datetime(opens), zone.to_datetime(now).date());
        let date = opens.date();
        let (hour, minute) = (opens.hour().unsigned_abs(), opens.minute().unsigned_abs());
        match date.duration_since(today).as_hours() / 24 {
            0 => Reopens::Today { hour, minute },
            1 => Reopens::Tomorrow { hour, minute },
            2..=6 => Reopens::Weekday { weekday: date.weekday(), hour, minute },
            _ => Reopens::Date { date, hour, minute },
        }
    }
}
