//! What is wrong in an operator's file: what, where, how to mend it. Drawn with the line itself.
//!
//! Stands beside the ground floor: the rooms that read files and the checks make diagnostics, `cli` prints them.

use std::{fmt, ops::Range, sync::Arc};

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use serde::Serialize;

/// The codes of all findings. `call_flows/README.md` and `audio_scripts/README.md` say what each of them means.
pub const CODES: &[&str] = &[
    "allow-in-vain",
    "announced-only",
    "banned-word",
    "chain-in-chain",
    "choice-ends",
    "circle",
    "condition",
    "correction",
    "correction-old",
    "dictation-differs",
    "dictation-elsewhere",
    "emergency-dialled",
    "directory-stale",
    "directory-table",
    "empty-chain",
    "empty-file",
    "empty-script",
    "ends-the-call",
    "fact-words",
    "facts",
    "file-passed-over",
    "foreign-phrase",
    "front-matter",
    "gap",
    "goal-missed",
    "hours",
    "hours-doubt",
    "hours-in-words",
    "key-twice",
    "key-words",
    "language-twice",
    "left-out-carried",
    "line-not-dialled",
    "line-or-chain",
    "line-twice",
    "marker",
    "marker-without-document",
    "marker-without-line",
    "menu-depth",
    "menu-length",
    "missing-field",
    "missing-script",
    "missing-translation",
    "name-collision",
    "never-opens",
    "no-choice",
    "no-dictation",
    "no-key",
    "no-language-file",
    "no-lines-file",
    "no-numbers",
    "no-operator",
    "no-people",
    "no-speaks",
    "no-universal-file",
    "no-words",
    "nobody-answers",
    "node-name",
    "node-twice",
    "not-a-language",
    "not-a-number",
    "not-an-address",
    "not-text",
    "notice-expired",
    "notice-time",
    "notice-too-long",
    "number-twice",
    "number-words",
    "part-twice",
    "plain-number",
    "premium-number",
    "prompt-length",
    "provider-accept",
    "provider-dial",
    "provider-markup",
    "provider-pace",
    "provider-ring",
    "provider-size",
    "provider-star",
    "provider-together",
    "provider-voice",
    "recording",
    "recording-old",
    "recording-unstamped",
    "review-passed",
    "ring-time",
    "rings-for-ever",
    "rings-too-short",
    "role",
    "sentence-length",
    "sentence-mean",
    "speaks-not-said",
    "too-deep",
    "too-large",
    "too-many-choices",
    "too-many-together",
    "translation-old",
    "translation-unstamped",
    "two-addresses",
    "two-kinds",
    "uncovered-source",
    "unexplained-word",
    "universal-key",
    "unknown-chain",
    "unknown-fact",
    "unknown-field",
    "unknown-goal",
    "unknown-kind",
    "unknown-language",
    "unknown-line",
    "unknown-marker",
    "unknown-node",
    "unknown-number",
    "unknown-source",
    "unknown-zone",
    "unreachable-node",
    "unreadable",
    "unused-chain",
    "unused-script",
    "unverified-fact",
    "unverified-line",
    "urgent-help-first",
    "wait",
    "walk",
    "way-around",
    "web-only",
    "wrong-value",
    "yaml",
];

/// How bad it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The line must not go on the air like this.
    Error,
    /// It works, and someone should look.
    Warning,
}

/// A file as it was read, kept to draw its lines.
#[derive(PartialEq, Eq, Debug)]
pub struct SourceFile {
    /// The path as the operator knows it, as in `call_flows/urgent.yaml`.
    pub path: String,
    /// The text.
    pub text: String,
}

/// A stretch of a file, in bytes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    /// The file.
    pub file: Arc<SourceFile>,
    /// From which byte to which.
    pub span: Range<usize>,
}

impl Place {
    /// The whole first line of `file`: where nothing more exact is known.
    pub fn top(file: &Arc<SourceFile>) -> Place {
        let end = file.text.find('\n').unwrap_or(file.text.len());
        Place { file: file.clone(), span: 0..end }
    }

    /// The line and the column where it begins, both counted from 1, the column in characters.
    pub fn line_column(&self) -> (usize, usize) {
        let before = self.file.text.get(..self.span.start).unwrap_or(&self.file.text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
    }
}

/// One finding.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Diagnostic {
    /// How bad.
    pub severity: Severity,
    /// A short stable name, as in `unknown-node`.
    pub code: &'static str,
    /// What is wrong, in one sentence.
    pub message: String,
    /// Where, if it is in a file.
    pub place: Option<Place>,
    /// How to mend it.
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error without a place yet.
    pub fn error(code: &'static str, message: impl Into<String>) -> Diagnostic {
        debug_assert!(CODES.contains(&code), "{code} is not in CODES");
        Diagnostic { severity: Severity::Error, code, message: message.into(), place: None, help: None }
    }

    /// A warning without a place yet.
    pub fn warning(code: &'static str, message: impl Into<String>) -> Diagnostic {
        Diagnostic { severity: Severity::Warning, ..Diagnostic::error(code, message) }
    }

    /// The same, at a place.
    pub fn at(self, place: Place) -> Diagnostic {
        Diagnostic { place: Some(place), ..self }
    }

    /// The same, with a way to mend it.
    pub fn help(self, help: impl Into<String>) -> Diagnostic {
        Diagnostic { help: Some(help.into()), ..self }
    }

    /// Draws the finding with its line. `color` for a terminal.
    pub fn render(&self, color: bool) -> String {
        let level = match self.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let title = level.clone().primary_title(self.message.as_str()).id(self.code);
        let mut groups = vec![match &self.place {
            Some(place) => Group::with_title(title).element(
                Snippet::source(place.file.text.as_str())
                    .path(place.file.path.as_str())
                    .annotation(AnnotationKind::Primary.span(place.span.clone())),
            ),
            None => Group::with_title(title),
        }];
        if let Some(help) = &self.help {
            groups[0] =
                std::mem::replace(&mut groups[0], Group::with_level(level)).element(Level::HELP.message(help.as_str()));
        }
        let renderer = if color { Renderer::styled() } else { Renderer::plain() };
        renderer.render(&groups)
    }

    /// The finding as one JSON object: severity, code, message, help, file, line, column.
    pub fn to_json(&self) -> serde_json::Value {
        let (line, column) = self.place.as_ref().map(Place::line_column).unzip();
        serde_json::json!({
            "severity": self.severity,
            "code": self.code,
            "message": self.message,
            "help": self.help,
            "file": self.place.as_ref().map(|place| &place.file.path),
            "line": line,
            "column": column,
        })
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}
