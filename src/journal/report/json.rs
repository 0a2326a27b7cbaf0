//! The report for programs.

use serde_json::{Map, Value, json};

use super::{About, Figure, LEAST, Names, Report, Row, outcome_name, text::label, words::Words};
use crate::call::Lang;

impl Report {
    /// As JSON: `calls` is how many began; each section stands under its name.
    pub fn json(&self, lang: Lang, names: &Names) -> Value {
        let words = Words::of(lang);
        let mut all = Map::new();
        let mut put = |key: &str, value: Value| all.insert(key.to_owned(), value);
        put("calls", json!(self.calls));
        put("from", json!(self.from.to_string()));
        put("to", json!(self.to.to_string()));
        put("operator", json!(names.operator));
        put("least", json!(LEAST));
        put("rule", json!(words.rule()));
        for section in &self.sections {
            let rows = section.rows.iter().map(|row| Value::Object(shown(section.about, row, words, names)));
            put(section.about.name(), rows.collect());
        }
        let lines = self.transfers.iter().map(|calls| {
            let mut line = Map::new();
            line.insert("subject".to_owned(), json!(calls.line));
            line.insert("name".to_owned(), json!(Names::words(&names.lines, &calls.line)));
            line.insert("tried".to_owned(), Value::Object(figure(calls.tried)));
            for (outcome, count) in calls.ended {
                line.insert(outcome_name(outcome).to_owned(), Value::Object(figure(count)));
            }
            line.insert("mean_wait_seconds".to_owned(), json!(calls.mean_wait));
            line.insert("talked_seconds".to_owned(), json!(calls.talked));
            line.insert("mean_talked_seconds".to_owned(), json!(calls.mean_talked));
            Value::Object(line)
        });
        put("transfers", lines.collect());
        Value::Object(all)
    }
}

fn shown(about: About, row: &Row, words: Words, names: &Names) -> Map<String, Value> {
    let mut shown = Map::new();
    let mut put = |key: &str, value: Option<Value>| value.map(|value| shown.insert(key.to_owned(), value));
    put("day", row.day.map(|day| json!(day.to_string())));
    put("weekday", row.weekday.map(|weekday| json!(weekday)));
    put("hour", row.hour.map(|hour| json!(hour)));
    let has_subject = row.day.is_none() && row.hour.is_none();
    if about == About::Languages {
        put("lang", Some(json!(row.lang.map(|lang| lang.as_str().to_owned()))));
    } else if has_subject {
        put("subject", Some(json!(row.subject)));
    }
    if has_subject {
        put("name", Some(json!(label(words, names, about, row))));
    }
    shown.extend(figure(row.count));
    shown
}

/// `count`, which is null where it is not said.
fn figure(figure: Figure) -> Map<String, Value> {
    let mut shown = Map::from_iter([("count".to_owned(), json!(figure.known()))]);
    match figure {
        Figure::Exact(_) => {}
        Figure::UpTo(_) => {
            shown.insert("rounded".to_owned(), json!(true));
        }
        Figure::Few | Figure::Withheld => {
            shown.insert("suppressed".to_owned(), json!(true));
            shown.insert("why".to_owned(), json!(if figure == Figure::Few { "few" } else { "not_given" }));
        }
    }
    shown
}
