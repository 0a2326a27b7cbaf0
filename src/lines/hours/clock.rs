//! From the clock on the wall to minutes since 1970 and back, also in the nights when the clock jumps.
//!
//! One rule: a stretch begins and ends in the first minute in which the clock has reached its time. When the clock goes
//! forward from 02:00 to 03:00, what begins at 02:30 begins at 03:00. When it goes back from 03:00 to 02:00, what ends
//! at 02:30 ends the first time: nobody is on duty twice, nobody is left out, no line closes and opens again.

use jiff::{
    Timestamp, ToSpan,
    civil::{Date, DateTime, Time},
    tz::{AmbiguousOffset, Offset, TimeZone},
};

/// Minutes in a day on a clock that doesn't jump.
pub(super) const DAY: u16 = 24 * 60;

/// The minute (UTC, since 1970) in which the clock of `zone` first reaches `minutes` after midnight of `day`.
///
/// `minutes` may be as many as two days. `None` only outside the years that can be counted.
pub(super) fn reaches(zone: &TimeZone, day: Date, minutes: u16) -> Option<u32> {
    let day = day.checked_add(i32::from(minutes / DAY).days()).ok()?;
    let within = minutes % DAY;
    let time = Time::new((within / 60) as i8, (within % 60) as i8, 0, 0).ok()?;
    let wall = day.to_datetime(time);
    let timestamp = match zone.to_ambiguous_timestamp(wall).offset() {
        AmbiguousOffset::Unambiguous { offset } => offset.to_timestamp(wall).ok()?,
        AmbiguousOffset::Fold { before, .. } => before.to_timestamp(wall).ok()?,
        AmbiguousOffset::Gap { before, .. } => last_jump(zone, before.to_timestamp(wall).ok()?)?,
    };
    // What began before the first minute that is counted goes on in it.
    u32::try_from(timestamp.as_second().div_euclid(60).max(0)).ok()
}

/// What the clock of `zone` shows in `minute`, for the rules: while it goes a second time through the same hour it is
/// taken to stand still just before that hour's end.
pub(super) fn shows(zone: &TimeZone, minute: u32) -> Option<DateTime> {
    let timestamp = timestamp(minute)?;
    let wall = zone.to_datetime(timestamp);
    match zone.to_ambiguous_timestamp(wall).offset() {
        AmbiguousOffset::Fold { before, after } if after.to_timestamp(wall).ok() == Some(timestamp) => {
            let jump: Offset = before;
            jump.to_datetime(last_jump(zone, timestamp)?).checked_sub(1.minute()).ok()
        }
        _ => Some(wall),
    }
}

/// The instant at which `minute` begins.
pub(super) fn timestamp(minute: u32) -> Option<Timestamp> {
    Timestamp::from_second(i64::from(minute) * 60).ok()
}

/// The last instant, not after `timestamp`, at which the clock jumped.
fn last_jump(zone: &TimeZone, timestamp: Timestamp) -> Option<Timestamp> {
    let after = timestamp.checked_add(1.second()).ok()?;
    zone.preceding(after).next().map(|jump| jump.timestamp())
}
