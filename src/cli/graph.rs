//! `allo-cmp graph`: the whole line as a picture.

use std::{io::Write, process::ExitCode};

use anyhow::bail;
use clap::{Args, ValueEnum};

use super::{line, print};
use crate::{
    call::Lang,
    config::Settings,
    engine::Loaded,
    flow,
    http::{Clock, SystemClock},
    script::Part,
};

#[derive(Args, Debug)]
pub(super) struct Graph {
    /// What to write: mermaid for a web page, dot for Graphviz, json for a program
    #[arg(long, value_enum, default_value = "mermaid")]
    format: Format,
    /// The language of the words on the ways
    #[arg(long, default_value = "fr")]
    lang: Lang,
}

#[derive(Clone, Copy, ValueEnum, Debug)]
enum Format {
    Mermaid,
    Dot,
    Json,
}

impl Graph {
    pub(super) fn run(&self, settings: &Settings) -> anyhow::Result<ExitCode> {
        let loaded = line::load(settings, SystemClock.now());
        let Some(flow) = &loaded.flow else { bail!("the flows can't be read: `allo-cmp check` says why") };
        // A line that has no script yet in this language is drawn all the same.
        let words = |id: &str| {
            let script = loaded.scripts.get(self.lang, id);
            let text = script.map(|script| {
                script.parts.iter().filter_map(|part| said(&loaded, self.lang, part)).collect::<String>()
            });
            text.filter(|text| !text.trim().is_empty()).unwrap_or_else(|| id.to_owned())
        };
        let graph = flow::Graph::new(flow, words);
        let drawn = match self.format {
            Format::Mermaid => graph.mermaid(),
            Format::Dot => graph.dot(),
            Format::Json => serde_json::to_string_pretty(&graph)? + "\n",
        };
        print(|out| write!(out, "{drawn}"))?;
        Ok(ExitCode::SUCCESS)
    }
}

/// The words of a part; what only a call knows is left out.
fn said(loaded: &Loaded, lang: Lang, part: &Part) -> Option<String> {
    match part {
        Part::Text(text) | Part::Foreign(_, text) => Some(text.clone()),
        Part::Number(number) => Some(number.written.clone()),
        Part::Fact { name, .. } => {
            Some(loaded.scripts.facts.say(name, lang, loaded.scripts.languages.get(&lang)?)?.written)
        }
        Part::Dictate(dictated) => Some(dictated.text.clone()),
        _ => None,
    }
}
