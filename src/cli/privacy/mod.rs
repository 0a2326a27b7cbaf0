//! `allo-cmp privacy`: what these settings keep, where, how long and for whom, and drafts of what the law wants written down.

mod drafts;
mod elsewhere;
mod kept;
mod names;
#[cfg(test)]
mod tests;

use std::{
    io::{self, Write},
    process::ExitCode,
};

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::print;
use crate::{config::Settings, telemetry};

#[derive(Args, Debug)]
pub(super) struct Privacy {
    /// The language of the text
    #[arg(long, value_enum, default_value = "fr")]
    lang: Tongue,
    /// One JSON object: sections with their sentences
    #[arg(long)]
    json: bool,
}

/// The languages in which this is written: those of the people who run a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
enum Tongue {
    Fr,
    En,
}

impl Tongue {
    /// The one of two texts that is in this language.
    fn of<'t>(self, french: &'t str, english: &'t str) -> &'t str {
        match self {
            Tongue::Fr => french,
            Tongue::En => english,
        }
    }

    /// What we can't know.
    fn blank(self, french: &str, english: &str) -> String {
        match self {
            Tongue::Fr => format!("[à compléter : {french}]"),
            Tongue::En => format!("[to be filled in: {english}]"),
        }
    }
}

/// One heading with what stands below it.
#[derive(Serialize)]
struct Section {
    /// Its name for programs.
    id: &'static str,
    title: String,
    items: Vec<String>,
}

impl Section {
    fn new(id: &'static str, title: &str, items: Vec<String>) -> Section {
        Section { id, title: title.to_owned(), items }
    }
}

/// What all of it is made of.
struct Site<'s> {
    settings: &'s Settings,
    tongue: Tongue,
    /// The log tells each fact as it happens.
    detailed_log: bool,
}

/// Everything that is said.
#[derive(Serialize)]
struct Statement {
    lang: Tongue,
    sections: Vec<Section>,
}

impl Privacy {
    pub(super) fn run(&self, settings: &Settings, filter: Option<&str>) -> anyhow::Result<ExitCode> {
        let statement = state(settings, self.lang, telemetry::tells_facts(filter)?);
        if self.json {
            let text = serde_json::to_string_pretty(&statement)?;
            print(|out| writeln!(out, "{text}"))?;
        } else {
            print(|out| write(out, &statement))?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn state(settings: &Settings, tongue: Tongue, detailed_log: bool) -> Statement {
    let site = Site { settings, tongue, detailed_log };
    let sections =
        [site.kept(), site.facts(), site.counts(), site.places(), site.spans(), site.readers(), site.never()];
    let sections = sections.into_iter().chain([site.elsewhere(), site.register(), site.assessment()]);
    // Where nothing is kept there are no facts to list.
    Statement { lang: tongue, sections: sections.filter(|section| !section.items.is_empty()).collect() }
}

/// Columns of the text.
const WIDTH: usize = 100;

fn write(out: &mut impl Write, statement: &Statement) -> io::Result<()> {
    for (at, section) in statement.sections.iter().enumerate() {
        if at > 0 {
            writeln!(out)?;
        }
        writeln!(out, "{}\n{}", section.title, "=".repeat(section.title.chars().count()))?;
        for item in &section.items {
            paragraph(out, item)?;
        }
    }
    Ok(())
}

/// One item, its lines below each other.
fn paragraph(out: &mut impl Write, text: &str) -> io::Result<()> {
    // No line begins with a mark that French sets apart from the word before it.
    let mut text = text.replace("« ", "«\u{a0}");
    for mark in [" :", " ;", " »"] {
        text = text.replace(mark, &mark.replace(' ', "\u{a0}"));
    }
    let (mut line, mut length) = ("-".to_owned(), 1);
    for word in text.split(' ') {
        let letters = word.chars().count();
        if length + 1 + letters > WIDTH && length > 2 {
            writeln!(out, "{line}")?;
            (line, length) = (" ".to_owned(), 1);
        }
        line = line + " " + word;
        length += 1 + letters;
    }
    writeln!(out, "{line}")
}
