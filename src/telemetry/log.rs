//! Log lines on standard error.

use std::io::IsTerminal;

use tracing_subscriber::{EnvFilter, filter::LevelFilter, util::SubscriberInitExt};

use super::writer::Writer;

/// The filter of log lines when none is given.
pub const DEFAULT_FILTER: &str = "info";

/// Logging can't be set up.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The filter can't be understood.
    #[error(
        "the log filter can't be understood: write a level, as in info, or parts with levels, as in info,hyper=warn"
    )]
    Filter(#[source] tracing_subscriber::filter::ParseError),
    /// There is no thread to write it.
    #[error("the log can't be written")]
    Writer(#[source] std::io::Error),
    /// It was set up before.
    #[error("logging was set up twice")]
    Twice(#[source] tracing_subscriber::util::TryInitError),
}

/// Sends log lines to standard error from here on: as text, or one JSON object per line. `filter` as in `RUST_LOG`.
pub fn init(json: bool, filter: Option<&str>) -> Result<(), TelemetryError> {
    let filter = EnvFilter::try_new(filter.unwrap_or(DEFAULT_FILTER)).map_err(TelemetryError::Filter)?;
    let writer = Writer::start(std::io::stderr()).map_err(TelemetryError::Writer)?;
    // A line that can't be written (a full disk, a reader that has gone) is lost: complaining of it would panic.
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(writer).log_internal_errors(false);
    // Colours are for a terminal, not for a file or the journal; on a terminal NO_COLOR still has the last word.
    let lines = if std::io::stderr().is_terminal() { lines } else { lines.with_ansi(false) };
    if json { lines.json().finish().try_init() } else { lines.finish().try_init() }.map_err(TelemetryError::Twice)
}

/// Whether the log tells each fact as it happens, with this filter.
pub fn tells_facts(filter: Option<&str>) -> Result<bool, TelemetryError> {
    let filter = EnvFilter::try_new(filter.unwrap_or(DEFAULT_FILTER)).map_err(TelemetryError::Filter)?;
    // A part of the program may tell more than the others: whichever it is.
    Ok(filter.max_level_hint().is_none_or(|most| most >= LevelFilter::DEBUG))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_filter_for_details_tells_facts() {
        for (filter, tells) in
            [(None, false), (Some("warn"), false), (Some("debug"), true), (Some("info,allo_cmp::http=trace"), true)]
        {
            assert_eq!(tells_facts(filter).unwrap(), tells, "{filter:?}");
        }
    }

    #[test]
    fn a_filter_that_makes_no_sense_is_an_error() {
        assert!(matches!(init(false, Some("info,=,==")), Err(TelemetryError::Filter(_))));
    }
}
