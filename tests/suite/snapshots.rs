//! What is written, as it is written: few and small. A change here is looked at before it is accepted:
//! `INSTA_UPDATE=always cargo test snapshots` writes the files anew, and the difference is read before it is kept.

use allo_cmp::{
    check::check,
    diagnostic::{Diagnostic, Severity},
};
use insta::assert_snapshot;

use crate::line::{Line, TODAY, flows, loaded};

/// A document with one element a line, and each token masked: only their place matters, and every new field of the
/// state changes them.
fn shown(document: &str) -> String {
    let mut shown = String::new();
    let mut rest = document;
    while let Some(at) = rest.find("s=") {
        let is_ours = rest[..at].ends_with("&amp;");
        let (before, after) = rest.split_at(at + 2);
        shown.push_str(before);
        rest = after;
        if is_ours {
            let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))).unwrap_or(rest.len());
            shown.push_str("[token]");
            rest = &rest[end..];
        }
    }
    shown.push_str(rest);
    shown.replace("><", ">\n<")
}

async fn answer(keys: &str) -> String {
    let line = Line::shipped().await;
    shown(line.after(1, keys).await.last_document().unwrap())
}

#[tokio::test]
async fn the_first_answer() {
    assert_snapshot!("first_answer", answer("").await);
}

#[tokio::test]
async fn a_menu() {
    assert_snapshot!("menu", answer("10").await);
}

#[tokio::test]
async fn a_document() {
    assert_snapshot!("document", answer("121").await);
    assert_snapshot!("document_end", answer("123 _____").await);
}

#[tokio::test]
async fn a_dial() {
    assert_snapshot!("dial", answer("191_").await);
}

#[tokio::test]
async fn the_goodbye() {
    assert_snapshot!("goodbye", answer("191_ c 4").await);
    assert_snapshot!("hangup", answer("191_ c 4_").await);
}

#[tokio::test]
async fn an_apology() {
    let line = Line::shipped().await;
    let request = crate::line::signed_post("/twilio/voice?l=fr", Some("application/json"), b"{}");
    assert_snapshot!("apology", shown(&line.raw(request).await.1));
}

fn printed(args: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let output = crate::program::command(folder.path()).args(args).output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn help() {
    assert_snapshot!("help", printed(&["--help"]));
    assert_snapshot!("help_call", printed(&["call", "--help"]));
    assert_snapshot!("help_lines", printed(&["lines", "--help"]));
}

#[test]
fn graph() {
    assert_snapshot!("graph", printed(&["graph", "--format", "mermaid"]));
}

#[test]
fn a_diagnostic() {
    let broken = loaded(&flows(&[("main.yaml", "go: find_cmp }", "go: find_cpm }")]));
    let found = check(&broken, TODAY);
    let error: &Diagnostic = found.iter().find(|found| found.severity == Severity::Error).unwrap();
    assert_snapshot!("diagnostic_json", serde_json::to_string_pretty(&error.to_json()).unwrap());
    assert_snapshot!("diagnostic", error.render(false));
}
