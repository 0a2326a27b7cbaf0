//! `allo-cmp graph`: the whole line as a picture.

use std::{io::Write, process::ExitCode};

use anyhow::bail;
use clap::{Args, ValueEnum};

use super::{line, print};
use crate::{call::Lang, config::Settings, flow, script::Part};

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
        let loaded = line::load(settings);
        let Some(flow) = &loaded.flow else { bail!("the flows can't be read: `allo-cmp check` says why") };
        let words = |id: &str| match loaded.scripts.get(self.lang, id).and_then(|script| script.parts.first()) {
            Some(Part::Text(text)) => text.clone(),
            _ => id.to_owned(),
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
