//! Names out of PromQL, by a tokenizer: enough to hold a dashboard and alert rules against the list of metrics.

use std::collections::BTreeSet;

use allo_cmp::telemetry::{Kind, Known, known};

/// What stands between names: functions, and words of the language.
const WORDS: [&str; 22] = [
    "sum",
    "max",
    "min",
    "avg",
    "count",
    "by",
    "on",
    "and",
    "or",
    "unless",
    "bool",
    "offset",
    "rate",
    "increase",
    "histogram_quantile",
    "label_values",
    "hour",
    "time",
    "without",
    "ignoring",
    "group_left",
    "vector",
];

/// What Prometheus itself adds.
const OF_PROMETHEUS: [&str; 2] = ["job", "instance"];

#[derive(Clone, PartialEq, Debug)]
enum Token {
    Name(String),
    Text(String),
    Sign(char),
    Number,
}

fn tokens(query: &str) -> Result<Vec<Token>, String> {
    let mut found = Vec::new();
    let mut chars = query.chars().peekable();
    while let Some(c) = chars.next() {
        let mut more = |first: char, is: &dyn Fn(char) -> bool| {
            let mut word = String::from(first);
            while let Some(next) = chars.next_if(|c| is(*c)) {
                word.push(next);
            }
            word
        };
        match c {
            c if c.is_whitespace() => {}
            '"' => {
                let text = more('"', &|c| c != '"');
                chars.next().ok_or(format!("a text without an end: {query}"))?;
                found.push(Token::Text(text[1..].to_owned()));
            }
            '$' => {
                more(c, &|c| c.is_alphanumeric() || c == '_');
                found.push(Token::Number);
            }
            c if c.is_ascii_digit() => {
                more(c, &|c| c.is_alphanumeric() || c == '.');
                found.push(Token::Number);
            }
            c if c.is_alphabetic() || c == '_' => {
                found.push(Token::Name(more(c, &|c| c.is_alphanumeric() || c == '_')));
            }
            c if "{}()[],=!~<>+-*/%".contains(c) => found.push(Token::Sign(c)),
            c => return Err(format!("{c:?} in {query}")),
        }
    }
    Ok(found)
}

/// The metric of this name, and the labels that its series have.
fn metric(name: &str) -> Option<(Known, BTreeSet<&'static str>)> {
    let of = |known: &Known| match known.kind {
        Kind::Histogram => {
            let end = name.strip_prefix(known.name)?;
            ["_bucket", "_sum", "_count"].contains(&end).then_some((end == "_bucket").then_some("le"))
        }
        Kind::Counter | Kind::Gauge => (known.name == name).then_some(None),
    };
    known().find_map(|known| {
        let more = of(&known)?;
        let labels = known.labels.iter().map(|label| label.name()).chain(OF_PROMETHEUS).chain(more);
        Some((known, labels.collect()))
    })
}

/// The labels that the metrics of a query have; or what is wrong with the query.
pub(crate) fn labels(query: &str) -> Result<BTreeSet<&'static str>, String> {
    let tokens = tokens(query)?;
    let mut all = BTreeSet::new();
    let mut grouped = Vec::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        at += 1;
        let Token::Name(name) = token else { continue };
        if name == "up" || name.starts_with("allo_cmp_") {
            let (known, labels) = match name.as_str() {
                "up" => (None, BTreeSet::from(OF_PROMETHEUS)),
                name => metric(name).map(|(known, labels)| (Some(known), labels)).ok_or(format!("no metric {name}"))?,
            };
            if tokens.get(at) == Some(&Token::Sign('{')) {
                at += matchers(&tokens[at + 1..], known.as_ref(), &labels)? + 2;
            }
            all.extend(labels);
        } else if ["by", "on", "without", "ignoring"].contains(&name.as_str()) {
            let end = tokens[at..].iter().position(|token| *token == Token::Sign(')')).ok_or("no end of labels")?;
            let named = tokens[at..at + end].iter().filter_map(|token| match token {
                Token::Name(name) => Some(name.clone()),
                _ => None,
            });
            grouped.extend(named);
            at += end;
        } else if name == "label_values" {
            // Its second argument is a label.
            let last =
                tokens.iter().rev().find_map(|token| if let Token::Name(name) = token { Some(name) } else { None });
            grouped.extend(last.cloned());
            at = tokens.len();
            let Some(Token::Name(name)) = tokens.get(2) else { return Err(format!("no metric in {query}")) };
            all.extend(metric(name).ok_or(format!("no metric {name}"))?.1);
        } else if !WORDS.contains(&name.as_str()) {
            return Err(format!("{name} is no word of a query"));
        }
    }
    match grouped.iter().find(|label| !all.contains(label.as_str())) {
        Some(label) => Err(format!("no metric in it has the label {label}")),
        None if all.is_empty() => Err(format!("no metric in {query}")),
        None => Ok(all),
    }
}

/// What stands between braces, up to the end: how many tokens.
fn matchers(tokens: &[Token], known: Option<&Known>, labels: &BTreeSet<&str>) -> Result<usize, String> {
    let end = tokens.iter().position(|token| *token == Token::Sign('}')).ok_or("no end of braces")?;
    let mut label = "";
    for token in &tokens[..end] {
        match token {
            Token::Name(name) if labels.contains(name.as_str()) => label = name,
            Token::Name(name) => return Err(format!("the metric has no label {name}")),
            Token::Text(text) => {
                let closed = known.and_then(|known| known.labels.iter().find(|of| of.name() == label)?.values());
                let wrong = |value: &&str| closed.as_ref().is_some_and(|closed| !closed.contains(value));
                if let Some(value) = text.split('|').find(wrong) {
                    return Err(format!("{label} is never {value}"));
                }
            }
            Token::Sign('=' | '~' | '!' | ',') => {}
            other => return Err(format!("{other:?} between braces")),
        }
    }
    Ok(end)
}

#[test]
fn what_is_in_no_list_is_found() {
    for right in [
        "sum by (provider, le) (rate(allo_cmp_webhook_seconds_bucket{provider=\"twilio\"}[5m])) > 1",
        "allo_cmp_journal_state{state=~\"away|broken\"} == 1 and on () hour() >= 8",
        "label_values(allo_cmp_build_info, instance)",
        "up{job=\"allo-cmp\"} == 0",
    ] {
        labels(right).unwrap_or_else(|wrong| panic!("{right}: {wrong}"));
    }
    for wrong in [
        "allo_cmp_webhook_seconds > 1",
        "allo_cmp_calls_total",
        "allo_cmp_calls_begun_total{line=\"x\"}",
        "allo_cmp_journal_state{state=\"gone\"}",
        "sum by (line) (allo_cmp_calls_begun_total)",
        "sum by (le) (allo_cmp_stage_seconds_sum)",
        "summe(allo_cmp_calls_begun_total)",
        "label_values(allo_cmp_build_info, line)",
        "hour() > 3",
    ] {
        assert!(labels(wrong).is_err(), "{wrong}");
    }
}
