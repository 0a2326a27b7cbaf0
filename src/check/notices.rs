//! Notices that are over: nobody hears them any more, and they only fill the file.

use jiff::civil::Date;

use super::reviews::midnight;
use crate::{diagnostic::Diagnostic, flow::Flow, lines::moment};

pub(super) fn check(flow: &Flow, today: Date) -> Vec<Diagnostic> {
    let Some(notices) = &flow.notices else { return Vec::new() };
    let over = notices.value.values().filter_map(|notice| {
        let (_, until) = notice.minutes(&notices.file).ok().filter(|(_, until)| *until <= midnight(today))?;
        let written = moment::written(until);
        let day = written.split_once('T').map_or(written.as_str(), |(day, _)| day);
        let warning = Diagnostic::warning("notice-expired", format!("this notice is over since {day}"));
        Some(warning.at(notice.until.place(&notices.file)).help("remove it, or write a later time"))
    });
    over.collect()
}
