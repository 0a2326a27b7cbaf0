//! `allo-cmp schema`: what an editor must know to complete and check the flow files while they are written, as JSON Schema.

use std::{collections::BTreeMap, io::Write, path::PathBuf, process::ExitCode};

use anyhow::Context;
use clap::Args;
use schemars::{JsonSchema, generate::SchemaSettings};
use serde_json::Value;

use super::print;
use crate::{
    flow::{Called, Goals, Kind, NodeName, Notice, OwnNumber, Universal},
    lines::{Chain, Group, Line},
};

#[derive(Args, Debug)]
pub(super) struct Schema {
    /// Write them into this folder, one file each, instead of printing them
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

impl Schema {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let Some(folder) = &self.out else {
            let schemas = serde_json::to_string_pretty(&schemas())?;
            print(|out| writeln!(out, "{schemas}"))?;
            return Ok(ExitCode::SUCCESS);
        };
        std::fs::create_dir_all(folder).with_context(|| format!("{} can't be made", folder.display()))?;
        for (name, schema) in schemas() {
            let path = folder.join(name);
            std::fs::write(&path, format!("{schema:#}\n"))
                .with_context(|| format!("{} can't be written", path.display()))?;
            print(|out| writeln!(out, "{}", path.display()))?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// The schemas by the name of their file.
fn schemas() -> BTreeMap<&'static str, Value> {
    [
        ("flow.schema.json", of::<BTreeMap<NodeName, Kind>>("Nodes of the line")),
        ("universal.schema.json", of::<Universal>("universal.yaml")),
        ("goals.schema.json", of::<Goals>("goals.yaml")),
        ("responders.schema.json", of::<BTreeMap<String, Group>>("responders.yaml")),
        ("chains.schema.json", of::<BTreeMap<String, Chain>>("chains.yaml")),
        ("numbers.schema.json", of::<BTreeMap<OwnNumber, Called>>("numbers.yaml")),
        ("notices.schema.json", of::<BTreeMap<String, Notice>>("notices.yaml")),
        ("lines.schema.json", of::<BTreeMap<String, Line>>("lines.yaml")),
    ]
    .into()
}

/// In the draft that every editor knows.
fn of<T: JsonSchema>(title: &str) -> Value {
    let mut schema = SchemaSettings::draft07().into_generator().into_root_schema_for::<T>();
    schema.insert("title".into(), title.into());
    schema.into()
}
