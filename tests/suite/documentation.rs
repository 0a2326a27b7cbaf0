//! The examples of the documentation are read as the program reads them, and its tables name everything that there is.

use std::path::Path;

use allo_cmp::{
    diagnostic::{CODES, Diagnostic},
    files::Files,
    flow::Flow,
    lines::{Chains, Lines, Responders},
    script::Scripts,
};

fn read(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// The blocks of `text` that are marked as `language`, without the marks of a doc comment.
fn blocks(text: &str, language: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut open: Option<String> = None;
    for line in text.lines() {
        let line = line.strip_prefix("//!").map_or(line, |line| line.strip_prefix(' ').unwrap_or(line));
        match (&mut open, line) {
            (Some(_), "```") => blocks.extend(open.take()),
            (Some(block), _) => *block += &format!("{line}\n"),
            (None, _) if line == format!("```{language}") => open = Some(String::new()),
            (None, _) => {}
        }
    }
    blocks
}

/// What is wrong with an example, read as the file that it is an example of.
fn mistakes(example: &str) -> Vec<Diagnostic> {
    let at_margin = |name: &str| example.lines().any(|line| line.starts_with(name));
    let found = if at_margin("start:") {
        Flow::parse(&Files::from_texts([("universal.yaml", example)])).1
    } else if at_margin("goals:") {
        Flow::parse(&Files::from_texts([("goals.yaml", example)])).1
    } else if at_margin("S1.") || at_margin("S2.") {
        Scripts::parse(&Files::from_texts([("sources.yaml", example)])).1
    } else if at_margin("\"+") {
        Flow::parse(&Files::from_texts([("numbers.yaml", example)])).1
    } else if example.contains("until: ") {
        Flow::parse(&Files::from_texts([("notices.yaml", example)])).1
    } else if example.contains("announce:") {
        Lines::parse(&Files::from_texts([("lines.yaml", example)])).1
    } else if example.contains("people:") {
        Responders::parse(&Files::from_texts([("responders.yaml", example)])).1
    } else if example.contains("try: ") {
        Chains::parse(&Files::from_texts([("chains.yaml", example)])).1
    } else if at_margin("language_choice:") {
        Scripts::parse(&Files::from_texts([("fr/language.yaml", example)])).1
    } else if at_margin("not_said:") {
        Scripts::parse(&Files::from_texts([("fr/words.yaml", example)])).1
    } else if example.contains("checked: ") {
        Scripts::parse(&Files::from_texts([("facts.yaml", example)])).1
    } else if at_margin("every_day:") {
        Scripts::parse(&Files::from_texts([("fr/hours.yaml", example)])).1
    } else if at_margin("write_number:") {
        Scripts::parse(&Files::from_texts([("fr/leaflet.yaml", example)])).1
    } else {
        Flow::parse(&Files::from_texts([("nodes.yaml", example)])).1
    };
    found.into_iter().filter(|found| found.code != "no-universal-file").collect()
}

#[test]
fn every_yaml_example_is_one() {
    let files = [
        ("call_flows/README.md", 20),
        ("audio_scripts/README.md", 5),
        ("src/flow/menu.rs", 1),
        ("src/flow/say.rs", 1),
        ("src/flow/read.rs", 1),
        ("src/flow/ask.rs", 1),
        ("src/flow/choose.rs", 1),
        ("src/flow/language.rs", 1),
        ("src/flow/transfer.rs", 1),
        ("src/flow/end.rs", 1),
        ("src/flow/goals.rs", 1),
        ("src/flow/called.rs", 1),
        ("src/flow/notices.rs", 1),
        ("src/flow/find.rs", 1),
        ("src/flow/universal.rs", 1),
        ("src/lines/registry.rs", 1),
        ("src/lines/responders.rs", 1),
        ("src/lines/chains.rs", 1),
        ("src/lines/hours/words.rs", 1),
        ("src/script/language.rs", 1),
        ("src/script/words.rs", 1),
        ("src/script/facts.rs", 1),
        ("src/script/sources.rs", 1),
    ];
    for (path, at_least) in files {
        let examples = blocks(&read(path), "yaml");
        assert!(examples.len() >= at_least, "{path} has only {} examples", examples.len());
        for example in examples {
            let mistakes = mistakes(&example);
            assert!(mistakes.is_empty(), "{path}\n{example}\n{mistakes:#?}");
        }
    }
    // A new kind of node, with its own file and example, is not forgotten here.
    for entry in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/flow")).unwrap() {
        let name = format!("src/flow/{}", entry.unwrap().file_name().to_string_lossy());
        let examples = !blocks(&read(&name), "yaml").is_empty();
        assert!(!examples || files.iter().any(|(path, _)| *path == name), "{name}");
    }
}

#[test]
fn every_script_example_is_one() {
    let examples = blocks(&read("audio_scripts/README.md"), "markdown");
    assert!(!examples.is_empty());
    for example in examples {
        let (scripts, found) = Scripts::parse(&Files::from_texts([("en/example.md", example.as_str())]));
        assert!(found.iter().all(|found| found.code == "no-language-file"), "{found:#?}");
        assert!(scripts.scripts.values().next().unwrap().contains_key("example"));
    }
}

/// The names that a finding lists behind its last colon.
fn listed(found: &[Diagnostic]) -> Vec<String> {
    let help = found.iter().find(|found| found.code.starts_with("unknown-")).and_then(|found| found.help.clone());
    let help = help.unwrap_or_else(|| panic!("nothing is listed: {found:#?}"));
    let list = help.split(';').next().unwrap().rsplit(": ").next().unwrap().to_owned();
    list.split(", ").map(str::to_owned).collect()
}

#[test]
fn every_field_is_in_the_tables() {
    let readme = read("call_flows/README.md");
    let flows = |name: &str, text: &str| listed(&Flow::parse(&Files::from_texts([(name, text)])).1);
    let kinds = flows("x.yaml", "a:\n  zzzz: {}\n");
    assert_eq!(kinds.len(), 9, "{kinds:?}");
    for kind in &kinds {
        assert!(readme.contains(&format!("### {kind}:")), "{kind} has no chapter");
        let chapter = readme.split(&format!("### {kind}:")).nth(1).unwrap().split("\n#").next().unwrap();
        for field in flows("x.yaml", &format!("a:\n  {kind}: {{ zzzz: 1 }}\n")) {
            assert!(
                chapter.contains(&format!("`{field}`")) || chapter.contains(&format!("{{ {field}: ")),
                "{kind}: {field}"
            );
        }
    }
    let universal = readme.split("## universal.yaml").nth(1).unwrap();
    for role in flows("universal.yaml", "zzzz: 1\n") {
        assert!(universal.contains(&format!("\n{role}: ")), "universal.yaml: {role}");
    }
    let lines = Lines::parse(&Files::from_texts([("lines.yaml", "a: { zzzz: 1 }\n")])).1;
    for field in listed(&lines) {
        assert!(readme.contains(&format!("`{field}`")), "lines.yaml: {field}");
    }
    let chapter = |name: &str| readme.split(&format!("\n## {name}")).nth(1).unwrap().split("\n## ").next().unwrap();
    let people = |text: &str| listed(&Responders::parse(&Files::from_texts([("responders.yaml", text)])).1);
    for field in people("a: { zzzz: 1 }\n").into_iter().chain(people("a: { people: { b: { zzzz: 1 } } }\n")) {
        assert!(chapter("responders.yaml").contains(&format!("`{field}`")), "responders.yaml: {field}");
    }
    for field in listed(&Chains::parse(&Files::from_texts([("chains.yaml", "a: { zzzz: 1 }\n")])).1) {
        assert!(chapter("chains.yaml").contains(&format!("`{field}`")), "chains.yaml: {field}");
    }
    for field in flows("numbers.yaml", "\"+33199000001\": { zzzz: 1 }\n") {
        assert!(chapter("numbers.yaml").contains(&format!("| `{field}` |")), "numbers.yaml: {field}");
    }
    for field in flows("notices.yaml", "a: { zzzz: 1 }\n") {
        assert!(chapter("notices.yaml").contains(&format!("| `{field}` |")), "notices.yaml: {field}");
    }
    let readme = read("audio_scripts/README.md");
    let scripts = |name: &str, text: &str| listed(&Scripts::parse(&Files::from_texts([(name, text)])).1);
    for field in scripts("fr/x.md", "---\nzzzz: 1\n---\nx\n") {
        assert!(readme.contains(&format!("| `{field}` |")), "head: {field}");
    }
    for field in scripts("fr/language.yaml", "zzzz: 1\n") {
        assert!(readme.contains(&format!("\n{field}: ")), "language.yaml: {field}");
    }
    for section in scripts("fr/words.yaml", "zzzz: 1\n") {
        assert!(
            readme.contains(&format!("\n{section}:")) && readme.contains(&format!("| `{section}` |")),
            "words.yaml: {section}"
        );
    }
    for field in scripts("facts.yaml", "a: { zzzz: 1 }\n") {
        assert!(readme.contains(&format!("| `{field}` |")), "facts.yaml: {field}");
    }
    for marker in scripts("fr/x.md", "---\nstatus: draft\n---\n{zzzz}\n") {
        // Any language of the line: the table has one.
        let marker = if marker == "and the code of a language" { "fr" } else { marker.as_str() };
        let (alone, with_value) = (format!("`{{{marker}}}`"), format!("`{{{marker}: "));
        assert!(readme.contains(&alone) || readme.contains(&with_value), "{marker}");
    }
}

#[test]
fn every_finding_is_explained() {
    let explained = |path: &str| {
        let text = read(path);
        let table = text.split("## What the findings mean").nth(1).unwrap().to_owned();
        move |code: &str| {
            let rows = table.lines().filter(|line| line.starts_with('|'));
            rows.filter(|row| row.split('|').nth(1).unwrap().contains(&format!("`{code}`"))).count()
        }
    };
    let (flows, scripts) = (explained("call_flows/README.md"), explained("audio_scripts/README.md"));
    for code in CODES {
        assert_eq!(flows(code) + scripts(code), 1, "{code} is explained in one place");
    }
}
