//! `allo-cmp report`: what the line did in some days, for a terminal, a spreadsheet, a program or a yearly file.

use std::{fmt, io::Write, path::PathBuf, process::ExitCode};

use anyhow::{Context, bail};
use clap::{Args, ValueEnum};
use jiff::{ToSpan, civil::Date};

use super::{complain, journal::kept_at, print, report_names, runtime};
use crate::{
    call::Lang,
    check,
    config::Settings,
    http::{Clock, SystemClock},
    journal::{Report as Counted, Store},
};

#[derive(Args, Debug)]
pub(super) struct Report {
    /// The first day, as 2026-11-01; without it, 29 days before the last one
    #[arg(long, value_name = "DATE")]
    from: Option<Date>,
    /// The last day, which is in it; without it, today (Paris)
    #[arg(long, value_name = "DATE")]
    to: Option<Date>,
    /// A whole month, as 2026-11
    #[arg(long, value_name = "MONTH", conflicts_with_all = ["from", "to", "year"])]
    month: Option<String>,
    /// A whole year, as 2026
    #[arg(long, value_name = "YEAR", conflicts_with_all = ["from", "to"])]
    year: Option<i16>,
    /// As one table for spreadsheets
    #[arg(long, conflicts_with_all = ["json", "html"])]
    csv: bool,
    /// For programs
    #[arg(long, conflicts_with = "html")]
    json: bool,
    /// Write a page with charts, to print or to keep, into this file
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// The language of the words
    #[arg(long, default_value = "fr")]
    lang: Language,
}

/// What a report can be written in.
#[derive(Clone, Copy, ValueEnum, Debug)]
enum Language {
    Fr,
    En,
}

impl Report {
    pub(super) fn run(&self, settings: &Settings) -> anyhow::Result<ExitCode> {
        let now = SystemClock.now();
        let (from, to) = self.days(check::day(now))?;
        let url = kept_at(settings)?;
        let (sums, kept) = runtime()?.block_on(async {
            let mut store = Store::read(url).await?;
            anyhow::Ok((store.sums(from, to).await?, store.days().await?))
        })?;
        let say = |what: fmt::Arguments<'_>| complain(format_args!("allo-cmp: {what}"));
        match kept {
            None => say(format_args!("the journal is empty: nothing has been counted yet")),
            Some((first, last)) if last < from || first > to => {
                say(format_args!("nothing was counted in these days: the journal goes from {first} to {last}"));
            }
            Some((first, _)) if first > from => {
                say(format_args!("the journal begins on {first}: nothing is known of the days before"))
            }
            Some(_) => {}
        }
        let report = Counted::of(&sums, from, to);
        let lang = match self.lang {
            Language::Fr => Lang::FR,
            Language::En => Lang::EN,
        };
        let names = || report_names::of(settings, now, lang);
        if let Some(path) = &self.html {
            let page = report.html(lang, &names());
            std::fs::write(path, page).with_context(|| format!("{} can't be written", path.display()))?;
        } else if self.csv {
            print(|out| write!(out, "{}", report.csv()))?;
        } else if self.json {
            let shown = serde_json::to_string_pretty(&report.json(lang, &names()))?;
            print(|out| writeln!(out, "{shown}"))?;
        } else {
            print(|out| write!(out, "{}", report.text(lang, &names())))?;
        }
        Ok(ExitCode::SUCCESS)
    }

    /// The first and the last day.
    fn days(&self, today: Date) -> anyhow::Result<(Date, Date)> {
        let (from, to) = if let Some(month) = &self.month {
            let first: Date =
                format!("{month}-01").parse().with_context(|| format!("`{month}` is no month: write it as 2026-11"))?;
            (first, first.last_of_month())
        } else if let Some(year) = self.year {
            let first = Date::new(year, 1, 1).with_context(|| format!("`{year}` is no year: write it as 2026"))?;
            (first, first.last_of_year())
        } else {
            let to = self.to.unwrap_or(today);
            (self.from.map_or_else(|| to.checked_sub(29.days()), Ok)?, to)
        };
        if from > to {
            bail!("the first day, {from}, comes after the last one, {to}");
        }
        if from.checked_add(100.years()).is_ok_and(|end| end < to) {
            bail!("more than a hundred years are no report");
        }
        Ok((from, to))
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn report(from: Option<Date>, to: Option<Date>, month: Option<&str>, year: Option<i16>) -> Report {
        let month = month.map(str::to_owned);
        Report { from, to, month, year, csv: false, json: false, html: None, lang: Language::Fr }
    }

    #[test]
    fn days_are_those_that_were_asked_for_and_the_last_thirty_where_none_were() {
        let today = date(2026, 11, 22);
        let days = |report: Report| report.days(today).unwrap();
        assert_eq!(days(report(None, None, None, None)), (date(2026, 10, 24), today));
        assert_eq!(days(report(Some(date(2026, 11, 1)), None, None, None)), (date(2026, 11, 1), today));
        assert_eq!(days(report(None, Some(date(2026, 1, 30)), None, None)), (date(2026, 1, 1), date(2026, 1, 30)));
        assert_eq!(days(report(None, None, Some("2028-02"), None)), (date(2028, 2, 1), date(2028, 2, 29)));
        assert_eq!(days(report(None, None, None, Some(2026))), (date(2026, 1, 1), date(2026, 12, 31)));
        for wrong in
            [report(Some(today), Some(date(2026, 1, 1)), None, None), report(None, None, Some("2026-13"), None)]
        {
            assert!(wrong.days(today).is_err());
        }
    }
}
