//! The text format of Prometheus, read as strictly as it is described: what `/metrics` gives must be without a fault.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use allo_cmp::telemetry::{Kind, Label, known};

use crate::line::{Line, play, raw, webhook};

type Labels = BTreeMap<String, String>;

/// One sample: its name, its labels, its value.
type Sample = (String, Labels, f64);

/// Of one histogram: its bounds with what is in them, how many are counted, how many sums there are.
type Parts = (Vec<(f64, f64)>, Vec<f64>, usize);

/// A metric, as the text gives it.
#[derive(Debug, Default)]
struct Family {
    kind: String,
    samples: Vec<Sample>,
}

/// Reads the whole text, or says what is wrong with it.
fn read(text: &str) -> Result<BTreeMap<String, Family>, String> {
    let mut families: BTreeMap<String, Family> = BTreeMap::new();
    let (mut helped, mut current) = (None, None);
    if !text.ends_with('\n') {
        return Err("the last line has no end".to_owned());
    }
    for line in text.lines() {
        if let Some(help) = line.strip_prefix("# HELP ") {
            let (name, words) = help.split_once(' ').ok_or(format!("no words: {line}"))?;
            is_name(name)?;
            if words.replace("\\\\", "").replace("\\n", "").contains('\\') {
                return Err(format!("a stray backslash: {line}"));
            }
            helped = Some(name.to_owned());
        } else if let Some(kind) = line.strip_prefix("# TYPE ") {
            let (name, kind) = kind.split_once(' ').ok_or(format!("no kind: {line}"))?;
            if !["counter", "gauge", "histogram"].contains(&kind) || helped.take().as_deref() != Some(name) {
                return Err(format!("not a kind, or not after its help: {line}"));
            }
            let family = Family { kind: kind.to_owned(), samples: vec![] };
            if families.insert(name.to_owned(), family).is_some() {
                return Err(format!("twice: {line}"));
            }
            current = Some(name.to_owned());
        } else {
            let sample = sample(line)?;
            let name = current.as_ref().ok_or(format!("of no metric: {line}"))?;
            let family = families.get_mut(name).ok_or("no family")?;
            let ends: &[&str] = if family.kind == "histogram" { &["_bucket", "_sum", "_count"] } else { &[""] };
            if !ends.iter().any(|end| sample.0 == format!("{name}{end}")) {
                return Err(format!("of another metric than {name}: {line}"));
            }
            if family.samples.iter().any(|known| (&known.0, &known.1) == (&sample.0, &sample.1)) {
                return Err(format!("the same series twice: {line}"));
            }
            if family.kind == "counter" && (sample.2 < 0.0 || !name.ends_with("_total")) {
                return Err(format!("no counter: {line}"));
            }
            family.samples.push(sample);
        }
    }
    families.iter().filter(|(_, family)| family.kind == "histogram").try_for_each(|(_, family)| histogram(family))?;
    Ok(families)
}

fn is_name(name: &str) -> Result<(), String> {
    let first = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let all = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if first && all { Ok(()) } else { Err(format!("no name: {name:?}")) }
}

fn sample(line: &str) -> Result<Sample, String> {
    let end = line.find(['{', ' ']).ok_or(format!("no value: {line}"))?;
    let (name, mut rest) = line.split_at(end);
    is_name(name)?;
    let mut labels = BTreeMap::new();
    if let Some(inside) = rest.strip_prefix('{') {
        rest = inside;
        loop {
            let (label, after) = rest.split_once("=\"").ok_or(format!("no label: {line}"))?;
            is_name(label)?;
            let (mut value, mut chars) = (String::new(), after.char_indices());
            let end = loop {
                match chars.next().ok_or(format!("a value without an end: {line}"))? {
                    (at, '"') => break at,
                    (_, '\\') => match chars.next().map(|(_, c)| c) {
                        Some('n') => value.push('\n'),
                        Some(c @ ('\\' | '"')) => value.push(c),
                        _ => return Err(format!("a stray backslash: {line}")),
                    },
                    (_, c) => value.push(c),
                }
            };
            if labels.insert(label.to_owned(), value).is_some() {
                return Err(format!("a label twice: {line}"));
            }
            rest = &after[end + 1..];
            match rest.split_at_checked(1) {
                Some((",", more)) => rest = more,
                Some(("}", more)) => {
                    rest = more;
                    break;
                }
                _ => return Err(format!("between labels: {line}")),
            }
        }
    }
    let value = rest.strip_prefix(' ').and_then(|value| value.parse::<f64>().ok()).filter(|value| value.is_finite());
    Ok((name.to_owned(), labels, value.ok_or(format!("no value: {line}"))?))
}

/// Buckets grow with their bounds, and the last one holds all that are counted.
fn histogram(family: &Family) -> Result<(), String> {
    let mut series: BTreeMap<Labels, Parts> = BTreeMap::new();
    for (name, labels, value) in &family.samples {
        let mut labels = labels.clone();
        let bound = labels.remove("le");
        let of = series.entry(labels).or_default();
        match (name.rsplit('_').next(), bound) {
            (Some("bucket"), Some(bound)) => {
                let bound = if bound == "+Inf" { f64::INFINITY } else { bound.parse().map_err(|_| bound)? };
                of.0.push((bound, *value));
            }
            (Some("count"), None) => of.1.push(*value),
            (Some("sum"), None) => of.2 += 1,
            _ => return Err(format!("no part of a histogram: {name}")),
        }
    }
    for (labels, (buckets, counts, sums)) in series {
        let rising = buckets.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 <= pair[1].1);
        let whole = buckets.last().is_some_and(|last| last.0.is_infinite() && counts == [last.1]);
        if !rising || !whole || sums != 1 {
            return Err(format!("no histogram: {labels:?} {buckets:?} {counts:?}"));
        }
    }
    Ok(())
}

#[test]
fn the_reader_is_strict() {
    let head = "# HELP a_total A.\n# TYPE a_total counter\n";
    assert_eq!(read(&format!("{head}a_total{{b=\"\\\"\\\\\\n\"}} 1\n")).unwrap()["a_total"].samples.len(), 1);
    for wrong in ["a_total 1", "a_total{b=\"\\x\"} 1\n", "a_total{b=c} 1\n", "a_total -1\n", "a_total one\n", "b 1\n"] {
        assert!(read(&format!("{head}{wrong}")).is_err(), "{wrong}");
    }
    for wrong in ["a_total 1\na_total 1\n", "a_total{b=\"1\",b=\"2\"} 1\n", "a_total{b=\"1\"c=\"2\"} 1\n", head] {
        assert!(read(&format!("{head}{wrong}")).is_err(), "{wrong}");
    }
    assert!(read("a_total 1\n").is_err() && read("# TYPE a counter\na 1\n").is_err());
    let buckets = |of: &[(&str, u8)], count: u8| {
        let mut text = "# HELP h H.\n# TYPE h histogram\n".to_owned();
        of.iter().for_each(|(le, value)| writeln!(text, "h_bucket{{le=\"{le}\"}} {value}").unwrap());
        text + &format!("h_sum 1\nh_count {count}\n")
    };
    assert!(read(&buckets(&[("1", 1), ("+Inf", 2)], 2)).is_ok());
    for (of, count) in [
        (vec![("1", 3), ("+Inf", 2)], 2),
        (vec![("1", 1), ("+Inf", 2)], 3),
        (vec![("1", 1)], 1),
        (vec![("2", 1), ("1", 1), ("+Inf", 2)], 2),
    ] {
        assert!(read(&buckets(&of, count)).is_err(), "{of:?}");
    }
}

#[tokio::test]
async fn what_metrics_gives_is_without_a_fault_and_all_of_it_is_in_the_lists() {
    let line = Line::shipped().await;
    let mut call = line.after(1, "19").await;
    play(&mut call, "__b").await;
    let unsigned = "POST /twilio/voice HTTP/1.1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
    assert_eq!(line.raw(unsigned).await.0, 403);
    line.ask(2, "/twilio/voice?l=fr&s=junk", &[("Digits", "1")]).await;
    let status = webhook(1, "/twilio/status", &[("CallStatus", "completed")]);
    assert_eq!(crate::line::send(line.address, &status).await.status, 200);

    let (status, text) = raw(line.admin, "GET /metrics HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await;
    assert_eq!(status, 200);
    let families = read(&text).unwrap();
    let mut missing: BTreeSet<&str> = families.keys().map(String::as_str).collect();
    for known in known() {
        let Some(family) = families.get(known.name) else {
            // Told only where there is a list of centres, or a certificate.
            let sometimes = ["allo_cmp_directory_", "allo_cmp_certificate_ends_"];
            assert!(sometimes.iter().any(|start| known.name.starts_with(start)), "{} is not told", known.name);
            continue;
        };
        missing.remove(known.name);
        assert_eq!(family.kind, known.kind.name(), "{}", known.name);
        assert!(!family.samples.is_empty(), "{}", known.name);
        let wanted: BTreeSet<&str> = known.labels.iter().map(|label| label.name()).collect();
        for (name, labels, _) in &family.samples {
            let mut names: BTreeSet<&str> = labels.keys().map(String::as_str).collect();
            assert_eq!(names.remove("le"), known.kind == Kind::Histogram && name.ends_with("_bucket"));
            assert_eq!(names, wanted, "{name}");
            for label in known.labels {
                let values = label.values();
                assert!(values.is_none_or(|all| all.contains(&labels[label.name()].as_str())), "{name} {labels:?}");
            }
        }
    }
    assert!(missing.is_empty(), "in no list: {missing:?}");

    let at = |name: &str, labels: &[(Label, &str)]| {
        let labels: BTreeMap<String, String> =
            labels.iter().map(|(label, value)| (label.name().to_owned(), (*value).to_owned())).collect();
        let all = families.values().flat_map(|family| &family.samples);
        all.filter(|(of, with, _)| of == name && *with == labels).map(|(_, _, value)| *value).sum::<f64>()
    };
    let webhooks = |route, outcome| {
        let labels = [(Label::Provider, "twilio"), (Label::Route, route), (Label::Outcome, outcome)];
        at("allo_cmp_webhooks_total", &labels)
    };
    assert_eq!((webhooks("voice", "refused"), webhooks("voice", "apology")), (1.0, 0.0));
    assert_eq!(webhooks("status", "answered"), 1.0);
    let answered = webhooks("voice", "answered");
    assert!(answered > 4.0, "{answered}");
    let count = |name: &str, more: &[(Label, &str)]| at(name, &[&[(Label::Provider, "twilio")], more].concat());
    assert_eq!(count("allo_cmp_webhook_seconds_count", &[]), answered + 1.0, "strangers are not among them");
    assert_eq!(count("allo_cmp_stage_seconds_count", &[(Label::Stage, "verify")]), answered + 1.0);
    assert_eq!(count("allo_cmp_stage_seconds_count", &[(Label::Stage, "step")]), answered);
    assert_eq!(count("allo_cmp_refusals_total", &[(Label::Refused, "no_signature")]), 1.0);
    assert_eq!(at("allo_cmp_webhooks_in_work", &[]), 0.0);
    assert_eq!(at("allo_cmp_connections_open", &[(Label::Listener, "operators")]), 1.0);
    assert_eq!(at("allo_cmp_journal_state", &[(Label::State, "off")]), 1.0);
}
