//! What stands in `deploy/observability`: every name in it is one that the program tells, and every alert says what to do.

use std::{collections::BTreeSet, fs, path::Path, process::Command};

use allo_cmp::telemetry::{Family, Metric, known};
use serde::Deserialize;
use serde_json::Value;

use crate::promql::labels;

fn read(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/observability").join(name)).unwrap()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rules {
    groups: Vec<Group>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    name: String,
    rules: Vec<Rule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    alert: String,
    expr: String,
    #[serde(default, rename = "for")]
    _lasting: Option<String>,
    labels: RuleLabels,
    annotations: Annotations,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleLabels {
    severity: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Annotations {
    summary: String,
    action: String,
}

fn rules() -> Vec<Rule> {
    let rules: Rules = serde_saphyr::from_str(&read("prometheus-rules.yaml")).unwrap();
    assert!(rules.groups.iter().all(|group| group.name.starts_with("allo-cmp-")));
    rules.groups.into_iter().flat_map(|group| group.rules).collect()
}

fn dashboard() -> Value {
    serde_json::from_str(&read("grafana-dashboard.json")).unwrap()
}

fn queries(dashboard: &Value) -> Vec<&str> {
    let panels = dashboard["panels"].as_array().unwrap();
    let targets = panels.iter().filter_map(|panel| panel["targets"].as_array()).flatten();
    targets.map(|target| target["expr"].as_str().unwrap()).collect()
}

#[test]
fn every_alert_asks_for_what_there_is_and_says_what_to_do() {
    let rules = rules();
    let names: BTreeSet<&str> = rules.iter().map(|rule| rule.alert.as_str()).collect();
    assert_eq!(names.len(), rules.len(), "a name twice");
    for Rule { alert, expr, labels: of, annotations, .. } in &rules {
        let known = labels(expr).unwrap_or_else(|wrong| panic!("{alert}: {wrong}"));
        assert!(alert.starts_with("AlloCmp"), "{alert}");
        assert!(["page", "ticket"].contains(&of.severity.as_str()), "{alert}: {}", of.severity);
        for text in [&annotations.summary, &annotations.action] {
            assert!(text.split_whitespace().count() >= 6 && text.ends_with('.'), "{alert}: {text}");
            for label in text.split("$labels.").skip(1) {
                let label = label.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap();
                assert!(known.contains(label), "{alert}: {label}");
            }
        }
    }
}

#[test]
fn what_must_wake_somebody_does() {
    let rules = rules();
    let names = [
        Metric::FailuresAnswered.name(),
        Metric::PanicsCaught.name(),
        Metric::UnreadableTokens.name(),
        Family::Refusals.name(),
        Family::LineBreaker.name(),
        Family::DirectoryStale.name(),
        Family::JournalIs.name(),
        Family::JournalLost.name(),
        Family::WebhookSeconds.name(),
    ];
    for name in names {
        assert!(rules.iter().any(|rule| rule.expr.contains(name)), "no alert asks for {name}");
    }
}

#[test]
fn the_dashboard_asks_for_what_there_is_and_shows_all_of_it() {
    let dashboard = dashboard();
    for query in queries(&dashboard) {
        labels(query).unwrap_or_else(|wrong| panic!("{query}: {wrong}"));
    }
    for variable in dashboard["templating"]["list"].as_array().unwrap() {
        if variable["type"] == "query" {
            labels(variable["definition"].as_str().unwrap()).unwrap();
        }
    }
    let shown = queries(&dashboard).join(" ") + &rules().iter().map(|rule| rule.expr.as_str()).collect::<String>();
    // Each webhook that is answered is in `webhooks_total`, and each refusal in `refusals_total`.
    let elsewhere = [Metric::SignatureRefused.name(), Metric::LinesRested.name()];
    for known in known().filter(|known| !elsewhere.contains(&known.name)) {
        assert!(shown.contains(known.name), "{} is neither shown nor watched", known.name);
    }
}

#[test]
fn the_dashboard_can_be_imported() {
    let dashboard = dashboard();
    assert_eq!(dashboard["uid"], "allo-cmp");
    assert!(dashboard["id"].is_null() && dashboard["title"].is_string() && dashboard["time"]["from"].is_string());
    assert!(dashboard["schemaVersion"].as_u64().unwrap() >= 36);
    let variables = dashboard["templating"]["list"].as_array().unwrap();
    assert!(variables.iter().any(|one| one["type"] == "datasource" && one["query"] == "prometheus"));
    let panels = dashboard["panels"].as_array().unwrap();
    let (mut ids, mut taken) = (BTreeSet::new(), BTreeSet::new());
    for panel in panels {
        let title = panel["title"].as_str().unwrap();
        assert!(ids.insert(panel["id"].as_u64().unwrap()), "{title}: its id is taken");
        let at = |name: &str| panel["gridPos"][name].as_u64().unwrap();
        assert!(at("x") + at("w") <= 24, "{title}: too far right");
        for place in (at("x")..at("x") + at("w")).flat_map(|x| (at("y")..at("y") + at("h")).map(move |y| (x, y))) {
            assert!(taken.insert(place), "{title}: over another");
        }
        if panel["type"] == "row" {
            continue;
        }
        assert!(
            panel["description"].as_str().is_some_and(|words| words.ends_with('.')),
            "{title}: what is to be seen?"
        );
        let targets = panel["targets"].as_array().unwrap();
        let refs: BTreeSet<&str> = targets.iter().map(|target| target["refId"].as_str().unwrap()).collect();
        assert!(!targets.is_empty() && refs.len() == targets.len(), "{title}: a query without a name of its own");
        for target in targets.iter().chain([panel]) {
            assert_eq!(target["datasource"]["uid"], "${datasource}", "{title}");
        }
    }
}

/// `promtool`, which comes with Prometheus: what it says of a file.
fn promtool(args: &[&str]) -> Option<(bool, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    match Command::new("promtool").args(args).current_dir(folder).output() {
        Ok(said) => {
            let text = [said.stdout, said.stderr].concat();
            Some((said.status.success(), String::from_utf8_lossy(&text).into_owned()))
        }
        Err(_) => {
            eprintln!("skipped: there is no promtool here, which comes with Prometheus");
            None
        }
    }
}

#[test]
fn prometheus_takes_the_rules_and_they_fire_when_they_should() {
    for args in [
        &["check", "rules", "deploy/observability/prometheus-rules.yaml"][..],
        &["check", "config", "--syntax-only", "deploy/observability/prometheus-scrape.yaml"],
        &["test", "rules", "tests/data/alerts.yaml", "tests/data/alerts-silence.yaml"],
    ] {
        let Some((well, said)) = promtool(args) else { return };
        assert!(well, "{said}");
    }
}
