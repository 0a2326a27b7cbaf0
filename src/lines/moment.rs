//! A time as people write it.

use jiff::{Timestamp, civil, tz::TimeZone};

/// How a time is to be written, for whoever wrote it in another way.
pub const HOW: &str = "write 2026-12-25T03:00 for Paris, or 2026-12-25T03:00:00+01:00";

/// Seconds since 1970 of a time as people give it: RFC 3339, or Paris local time without a zone.
pub fn seconds(text: &str) -> Option<i64> {
    if let Ok(timestamp) = text.parse::<Timestamp>() {
        return Some(timestamp.as_second());
    }
    let local: civil::DateTime = text.parse().ok()?;
    Some(local.to_zoned(TimeZone::get("Europe/Paris").ok()?).ok()?.timestamp().as_second())
}

/// The minute in which `day` begins in Paris.
pub fn midnight(day: civil::Date) -> Option<u32> {
    let begins = day.to_zoned(TimeZone::get("Europe/Paris").unwrap_or(TimeZone::UTC)).ok()?;
    u32::try_from(begins.timestamp().as_second() / 60).ok()
}

/// A minute (UTC, since 1970) as it is written for people: the clock of Paris, with its distance from UTC.
pub fn written(minute: u32) -> String {
    let zone = TimeZone::get("Europe/Paris").unwrap_or(TimeZone::UTC);
    let zoned = Timestamp::from_second(i64::from(minute) * 60).map(|timestamp| timestamp.to_zoned(zone));
    zoned.map_or_else(|_| minute.to_string(), |zoned| zoned.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        for text in ["2026-12-25T03:00:00+01:00", "2026-07-14T12:00:00+02:00"] {
            let second = seconds(text).unwrap();
            assert_eq!(written(u32::try_from(second / 60).unwrap()), text);
            assert_eq!(seconds(&text[..16]), Some(second));
        }
        for wrong in ["", "tomorrow", "2026-13-01T00:00", "25/12/2026"] {
            assert_eq!(seconds(wrong), None, "{wrong}");
        }
    }
}
