//! The report as one page for print: well-formed XML, no script and nothing from outside. Each drawing has its table.

use quick_xml::escape::escape;

use super::{
    About, Figure, LEAST, Names, Report, Row, Section, chart, outcome_name,
    text::{folded, label},
    words::Words,
};
use crate::call::Lang;

const STYLE: &str = include_str!("report.css");

/// Rows of a table that stands in several columns.
const COLUMNS: usize = 4;

impl Report {
    /// As HTML.
    pub fn html(&self, lang: Lang, names: &Names) -> String {
        let words = Words::of(lang);
        let mut body = self.head(words, names);
        for section in &self.sections {
            if section.about == About::Callers && section.rows.is_empty() {
                continue;
            }
            body += &self.section_html(section, words, names);
            if section.about == About::Left {
                body += &self.transfers_html(words, names);
            }
        }
        let code = words.code();
        format!(
            "<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"{code}\">\n<head>\n<meta charset=\"utf-8\"/>\n\
             <meta name=\"viewport\" content=\"width=device-width\"/>\n<title>{}</title>\n<style>\n{STYLE}</style>\n</head>\n\
             <body>\n{body}</body>\n</html>\n",
            text(words.title())
        )
    }

    fn head(&self, words: Words, names: &Names) -> String {
        let run_by = names.operator.as_deref().map(|operator| words.run_by(operator));
        let known: Vec<String> = names.number.clone().into_iter().chain(run_by).map(|said| text(&said)).collect();
        let mut head = format!(
            "<header>\n<h1>{}</h1>\n<p class=\"period\">{}</p>\n",
            text(words.title()),
            text(&words.period(self.from, self.to))
        );
        if !known.is_empty() {
            head += &format!("<p>{}</p>\n", known.join(" · "));
        }
        head += "</header>\n<div class=\"preface\">\n";
        for (heading, sentences) in words.preface() {
            let items: String = sentences.iter().map(|sentence| format!("<li>{}</li>\n", text(sentence))).collect();
            head += &format!("<div><h2>{}</h2>\n<ul>\n{items}</ul></div>\n", text(heading));
        }
        head += &format!("</div>\n<p class=\"rule\">{}</p>\n", text(&words.rule()));
        let calls = (words.number(self.calls), words.calls(self.calls));
        head + &format!("<p class=\"calls\"><strong>{}</strong> {}</p>\n", calls.0, text(calls.1))
    }

    fn section_html(&self, section: &Section, words: Words, names: &Names) -> String {
        let Section { about, rows } = section;
        let (rows, more) = folded(rows, *about);
        let explained = words.explained(*about).map(|said| format!("<p>{}</p>\n", text(said)));
        let inside = match about {
            _ if rows.is_empty() && more == 0 => format!("<p class=\"nothing\">{}</p>\n", text(words.nothing())),
            About::Week => week(rows, words),
            About::Days | About::Hours | About::Missed | About::Callers => over_time(*about, rows, words, names),
            _ => bars(*about, rows, words, names),
        };
        let more = (more > 0).then(|| format!("<p class=\"more\">{}</p>\n", text(&words.others(more))));
        let class = if rows.len() > 30 && *about != About::Week { "long" } else { "short" };
        framed(
            class,
            words.heading(*about),
            &[&explained.unwrap_or_default(), &inside, &more.unwrap_or_default()].map(String::as_str),
        )
    }

    fn transfers_html(&self, words: Words, names: &Names) -> String {
        let few = self.transfers.iter().rev().take_while(|line| line.tried == Figure::Few).count();
        let (lines, few) =
            if few > 8 { (&self.transfers[..self.transfers.len() - few], few) } else { (&self.transfers[..], 0) };
        if lines.is_empty() && few == 0 {
            let nothing = format!("<p class=\"nothing\">{}</p>\n", text(words.nothing()));
            return framed("short", words.transfers(), &[&nothing]);
        }
        let outcomes = crate::call::DialOutcome::ALL;
        let legend: String = outcomes
            .iter()
            .map(|&outcome| {
                format!("<span><i class=\"{}\"></i> {}</span>\n", outcome_name(outcome), text(words.outcome(outcome)))
            })
            .collect();
        let legend = legend + &format!("<span><i class=\"unsaid\"></i> {}</span>\n", text(words.withheld()));
        let heads = words
            .line_heads()
            .into_iter()
            .chain(outcomes.map(|outcome| words.outcome(outcome)))
            .chain(words.time_heads());
        let heads: String = heads.map(|head| format!("<th scope=\"col\">{}</th>", text(head))).collect();
        let mut rows = String::new();
        for line in lines {
            let parts: Vec<(&str, Figure)> =
                line.ended.iter().map(|(how, count)| (outcome_name(*how), *count)).collect();
            let counts = std::iter::once(line.tried).chain(parts.iter().map(|(_, count)| *count));
            let counts: String = counts.map(|count| brief(count, words)).collect();
            let times = [line.mean_wait, line.mean_talked, line.talked].map(|seconds| words.seconds(seconds));
            let times: String = times.iter().map(|time| format!("<td class=\"number time\">{time}</td>")).collect();
            let name = text(Names::words(&names.lines, &line.line));
            rows += &format!("<tr><th scope=\"row\">{name}</th>{counts}{times}</tr>\n");
            if line.tried != Figure::Few {
                rows += &format!(
                    "<tr class=\"drawn\"><td colspan=\"10\">{}</td></tr>\n",
                    chart::stacked(&parts, line.tried)
                );
            }
        }
        let table = format!(
            "<p class=\"legend\">{legend}</p>\n<table class=\"lines\">\n<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n"
        );
        let more =
            if few > 0 { format!("<p class=\"more\">{}</p>\n", text(&words.others(few))) } else { String::new() };
        framed("long", words.transfers(), &[&table, &more])
    }
}

fn framed(class: &str, heading: &str, inside: &[&str]) -> String {
    format!("<section class=\"{class}\">\n<h2>{}</h2>\n{}</section>\n", text(heading), inside.concat())
}

/// Columns, with a table of the same numbers below.
fn over_time(about: About, rows: &[Row], words: Words, names: &Names) -> String {
    let every = rows.len().div_ceil(16).max(1);
    let below = |at: usize, row: &Row| match (row.day, row.hour) {
        // Of a long time, the months.
        (Some(day), _) if rows.len() > 62 => (day.day() == 1).then(|| format!("01/{:02}", day.month())),
        (Some(day), _) => at.is_multiple_of(every).then(|| format!("{:02}/{:02}", day.day(), day.month())),
        (_, Some(hour)) => hour.is_multiple_of(2).then(|| words.hour(hour)),
        _ => None,
    };
    let figures: Vec<_> = rows.iter().enumerate().map(|(at, row)| (row.count, below(at, row))).collect();
    let highest = rows.iter().filter(|row| row.count.known().is_some()).max_by_key(|row| row.count.known());
    let highest = highest.map(|row| {
        format!(
            " {} {}, {}.",
            words.say("Le plus :", "Most:"),
            label(words, names, about, row),
            words.figure(row.count)
        )
    });
    let alt = format!("{}.{}", words.heading(about), highest.unwrap_or_default());
    let high = rows.len().div_ceil(COLUMNS).max(1);
    let tables: String = rows
        .chunks(high)
        .map(|rows| {
            let cells = |row: &Row| {
                format!(
                    "<tr><th scope=\"row\">{}</th>{}</tr>\n",
                    text(&label(words, names, about, row)),
                    cell(row.count, words)
                )
            };
            format!("<table>\n<tbody>\n{}</tbody>\n</table>\n", rows.iter().map(cells).collect::<String>())
        })
        .collect();
    format!("{}<div class=\"tables\">\n{tables}</div>\n", chart::columns(&figures, &alt, |count| words.number(count)))
}

/// A table with a bar beside each number.
fn bars(about: About, rows: &[Row], words: Words, names: &Names) -> String {
    let most = rows.iter().filter_map(|row| row.count.known()).max().unwrap_or(0);
    let row = |row: &Row| {
        let name = text(&label(words, names, about, row));
        let bar = chart::bar(row.count, most);
        format!("<tr><th scope=\"row\">{name}</th>{}<td class=\"drawn\">{bar}</td></tr>\n", cell(row.count, words))
    };
    format!("<table class=\"bars\">\n<tbody>\n{}</tbody>\n</table>\n", rows.iter().map(row).collect::<String>())
}

/// A table whose cells are the darker the more calls there were.
fn week(rows: &[Row], words: Words) -> String {
    let most = rows.iter().filter_map(|row| row.count.known()).max().unwrap_or(0);
    let hours: String = (0..24).map(|hour| format!("<th scope=\"col\">{hour}</th>")).collect();
    let mut body = String::new();
    for rows in rows.chunks(24) {
        let weekday = rows.first().and_then(|row| row.weekday).map_or("", |weekday| words.weekday(weekday));
        let cells = rows.iter().map(|row| match row.count.known() {
            Some(count) => {
                format!("<td class=\"shade{}\">{}</td>", chart::shade(count, most), in_thousands(count, words))
            }
            None => format!("<td><abbr title=\"{}\">·</abbr></td>", text(&words.figure(row.count))),
        });
        body += &format!("<tr><th scope=\"row\">{}</th>{}</tr>\n", text(weekday), cells.collect::<String>());
    }
    let thousands = if most < 10_000 { "" } else { words.say(" ; k : milliers", "; k: thousands") };
    let legend = format!("<p class=\"more\">· {}{}</p>\n", text(&words.few()), text(thousands));
    format!(
        "<table class=\"week\">\n<thead><tr><td></td>{hours}</tr></thead>\n<tbody>\n{body}</tbody>\n</table>\n{legend}"
    )
}

fn cell(figure: Figure, words: Words) -> String {
    let class = if figure.known().is_some() { "number" } else { "number few" };
    format!("<td class=\"{class}\">{}</td>", text(&words.figure(figure)))
}

/// Of many thousands, how many: a narrow cell holds four digits. Rounded up, as all else beside it.
fn in_thousands(count: u64, words: Words) -> String {
    match count {
        0..10_000 => words.number(count),
        10_000..1_000_000 => format!("{}k", count.div_ceil(1_000)),
        _ => format!("{}M", count.div_ceil(1_000_000)),
    }
}

/// The same where there is little room.
fn brief(figure: Figure, words: Words) -> String {
    if figure != Figure::Few {
        return cell(figure, words);
    }
    format!("<td class=\"number few\"><abbr title=\"{}\">&lt;\u{a0}{LEAST}</abbr></td>", text(&words.few()))
}

/// Text that can stand in HTML. A sign that French sets apart never begins a line.
fn text(words: &str) -> String {
    let mut words = words.to_owned();
    for sign in ["?", "!", ":", ";", "»", "·"] {
        words = words.replace(&format!(" {sign}"), &format!("\u{a0}{sign}"));
    }
    escape(words.replace("« ", "«\u{a0}")).into_owned()
}
