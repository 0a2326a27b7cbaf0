//! The JSON Schemas of the flow files: true to the types, and of use to an editor.

use std::path::Path;

use allo_cmp::files::{File, Files};
use boon::{Compiler, SchemaIndex, Schemas};
use serde_json::Value;

const NAMES: [&str; 8] = [
    "chains.schema.json",
    "flow.schema.json",
    "goals.schema.json",
    "lines.schema.json",
    "notices.schema.json",
    "numbers.schema.json",
    "responders.schema.json",
    "universal.schema.json",
];

fn shipped(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("call_flows").join(name)).unwrap_or_default()
}

/// The shipped schemas, as a validator.
struct Validator {
    schemas: Schemas,
    index: Vec<(&'static str, SchemaIndex)>,
}

impl Validator {
    fn new() -> Validator {
        let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
        let index = NAMES.map(|name| {
            let url = format!("mem:///{name}");
            compiler.add_resource(&url, serde_json::from_str(&shipped(name)).unwrap()).unwrap();
            (name, compiler.compile(&url, &mut schemas).unwrap())
        });
        Validator { schemas, index: index.into() }
    }

    /// What is wrong with a YAML text, by the schema that belongs to a file of that name.
    fn wrong(&self, file: &str, yaml: &str) -> Option<String> {
        let value: Value = serde_saphyr::from_str(yaml).unwrap();
        let name = schema_of(file);
        let (_, index) = self.index.iter().find(|(known, _)| *known == name).unwrap();
        self.schemas.validate(&value, *index).err().map(|error| error.to_string())
    }
}

fn schema_of(file: &str) -> &'static str {
    match file {
        "universal.yaml" => "universal.schema.json",
        "goals.yaml" => "goals.schema.json",
        "lines.yaml" => "lines.schema.json",
        "responders.yaml" => "responders.schema.json",
        "chains.yaml" => "chains.schema.json",
        "numbers.yaml" => "numbers.schema.json",
        "notices.yaml" => "notices.schema.json",
        _ => "flow.schema.json",
    }
}

fn flows() -> impl Iterator<Item = File> {
    Files::embedded_flows().files.into_iter().filter(|file| file.name.ends_with(".yaml"))
}

#[test]
fn the_shipped_schemas_are_those_of_the_program() {
    let folder = tempfile::tempdir().unwrap();
    let mut program = crate::program::command(folder.path());
    assert!(program.args(["schema", "--out", "new/folder"]).output().unwrap().status.success());
    let printed = crate::program::command(folder.path()).arg("schema").output().unwrap().stdout;
    let printed: Value = serde_json::from_slice(&printed).unwrap();
    assert_eq!(printed.as_object().unwrap().keys().collect::<Vec<_>>(), NAMES);
    for name in NAMES {
        let written = std::fs::read_to_string(folder.path().join("new/folder").join(name)).unwrap();
        let renew = "renew it with `cargo run -- schema --out call_flows`";
        assert!(written == shipped(name), "call_flows/{name} is not what the program writes: {renew}");
        assert_eq!(serde_json::from_str::<Value>(&written).unwrap(), printed[name]);
    }
}

#[test]
fn every_shipped_file_names_its_schema_and_keeps_to_it() {
    let validator = Validator::new();
    for file in flows() {
        let first = file.source.text.lines().next().unwrap();
        assert_eq!(first, format!("# yaml-language-server: $schema={}", schema_of(&file.name)), "{}", file.name);
        assert_eq!(validator.wrong(&file.name, &file.source.text), None, "{}", file.name);
    }
    assert!(flows().count() >= 6);
}

#[test]
fn an_editor_underlines_what_is_wrong() {
    let validator = Validator::new();
    for (file, text) in [
        ("x.yaml", "a: { sya: { scripts: [b], then: c } }"),
        ("x.yaml", "a: { say: { scripts: [b], then: c }, end: { say: d } }"),
        ("x.yaml", "a: {}"),
        ("x.yaml", "Á: { end: { say: d } }"),
        ("x.yaml", "a: { end: { say: d, tehn: e } }"),
        ("x.yaml", "a: { say: { scripts: [], then: c } }"),
        ("x.yaml", "a: { say: { scripts: b, then: c } }"),
        ("x.yaml", "a: { say: { scripts: [b] } }"),
        ("x.yaml", "a: { say: { scripts: [b], then: c, once: often } }"),
        ("x.yaml", "a: { menu: { keys: { 9: { say: b, go: c } } } }"),
        ("x.yaml", "a: { menu: { keys: {} } }"),
        ("x.yaml", "a: { menu: { keys: { 1: { say: b, go: c } }, silence: { after: 60, go: d } } }"),
        ("x.yaml", "a: { language: { keys: { 1: french } } }"),
        ("x.yaml", "a: { language: { intro: [{ FR: b }], keys: { 1: fr } } }"),
        ("x.yaml", "a: { read: { title: b, parts: [c, c], end: { say: d, go: e }, then: f } }"),
        ("x.yaml", "a: { choose: { when: [], else: b } }"),
        ("x.yaml", "a: { choose: { when: [{ if: slow }], else: b } }"),
        ("x.yaml", "a: { transfer: { say: b, line: c, then: d } }"),
        ("universal.yaml", "start: welcome"),
        ("goals.yaml", "uncounted: [a]"),
        ("goals.yaml", "goals: { a: { keys: 2 } }"),
        ("goals.yaml", "goals: { a: { at: b, from: there } }"),
        ("lines.yaml", "a: { name: { fr: b }, announce: one }"),
        ("lines.yaml", "a: { name: { fr: b }, announce: \"15\", dial: \"15\" }"),
        ("lines.yaml", "a: { name: { fr: b }, announce: \"15\", ring_seconds: 90 }"),
        ("lines.yaml", "a: { name: { fr: b }, announce: \"15\", capacity: -3 }"),
        ("lines.yaml", "a: { name: { fr: b }, announce: \"15\", capacity: 0 }"),
        ("lines.yaml", "a: { name: { fr: b }, announce: \"15\", sip: ecoute@example.org }"),
        ("lines.yaml", "a: { name: { fr: b }, announce: \"15\", dial_short: \"09 72\" }"),
        ("lines.yaml", "a: { name: { fr: b }, announce: \"15\", text: sms }"),
        ("lines.yaml", "a: { name: { fr: b }, announce: \"15\", price: dear }"),
        ("responders.yaml", "a: { name: { fr: b }, people: {} }"),
        ("responders.yaml", "a: { name: { fr: b }, ring: by_chance, people: { c: { dial: \"+33199000001\" } } }"),
        ("responders.yaml", "a: { name: { fr: b }, people: { c: { dial: \"01 99 00 00 01\" } } }"),
        (
            "responders.yaml",
            "a: { name: { fr: b }, people: { c: { dial: \"+33199000001\", every: { weeks: 1, from: 2026-09-07 } } } }",
        ),
        ("chains.yaml", "a: { try: [] }"),
        ("numbers.yaml", "\"01 99 00 00 01\": { lang: en }"),
        ("numbers.yaml", "\"+33199000001\": { lang: english }"),
        ("numbers.yaml", "\"+33199000001\": { caller_id: \"3114\" }"),
        ("notices.yaml", "a: { at: greeting, say: { fr: b } }"),
        ("notices.yaml", "a: { at: greeting, until: 2026-12-26T08:00, say: {} }"),
        ("chains.yaml", "a: { most_seconds: 90 }"),
        ("chains.yaml", "a: { try: [b], most_seconds: -1 }"),
    ] {
        assert!(validator.wrong(file, text).is_some(), "{text}");
    }
    for text in ["\"114\"", "{ fr: un tchat }"] {
        let line = format!("a: {{ name: {{ fr: b }}, announce: \"3114\", text: {text} }}");
        assert_eq!(validator.wrong("lines.yaml", &line), None, "{text}");
    }
    assert_eq!(
        validator.wrong("x.yaml", "a: { menu: { keys: { 1: { say: b, go: c } }, silence: { after: 4, go: d } } }"),
        None
    );
}

/// Whatever a schema describes says what it is for: an editor shows it.
#[test]
fn every_field_has_a_description() {
    for name in NAMES {
        let schema: Value = serde_json::from_str(&shipped(name)).unwrap();
        let definitions =
            schema["definitions"].as_object().into_iter().flatten().map(|(name, value)| (name.as_str(), value));
        for (of, schema) in definitions.chain([(name, &schema)]) {
            for (field, schema) in schema["properties"].as_object().into_iter().flatten() {
                assert!(schema["description"].as_str().is_some_and(|words| words.len() > 5), "{of}.{field}");
            }
        }
    }
}
