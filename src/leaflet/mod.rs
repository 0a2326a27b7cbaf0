//! The printed sheet: the number to call, the keys, what to bring, the numbers of urgent help, on one page.
//!
//! Made from the world and the lines, so that paper and telephone can't drift apart; only its headings are its own
//! (`audio_scripts/<language>/leaflet.yaml`). Writes no file and knows no printer: `html` draws it, `cli` writes it.

mod html;
mod paper;

use crate::{
    call::{Lang, NodeId, key_named},
    diagnostic::{Diagnostic, Place, SourceFile},
    engine::{Kind, World},
    files::{Name, nearest},
    lines::{Line, Lines, Text, only_digits},
    script::{Language, LeafletWords, Scripts},
};
use paper::Paper;
use std::sync::Arc;

/// What the settings say of the line.
#[derive(Clone, Copy, Default, Debug)]
pub struct About<'a> {
    /// Its number as people dial it.
    pub number: Option<&'a str>,
    /// Calling it costs nothing.
    pub call_is_free: bool,
    /// Who runs it.
    pub operator: Option<&'a str>,
    /// How to reach them.
    pub contact: Option<&'a str>,
}

/// One sheet, in one language, as plain text.
#[derive(Debug)]
pub struct Sheet {
    lang: Lang,
    title: String,
    about: String,
    call: String,
    number: Option<String>,
    write_number: String,
    /// "Free", where it is.
    free: Option<String>,
    languages: (String, Vec<Choice>),
    menu: (String, Vec<Choice>),
    everywhere: (String, Vec<Choice>),
    /// The heading; each part by its paragraphs.
    documents: (String, Vec<Vec<String>>),
    numbers: (String, Vec<Number>),
    /// Who runs the line, and how to reach them.
    foot: Vec<String>,
}

/// A key with what it does, and the choices behind it.
#[derive(PartialEq, Eq, Debug)]
struct Choice {
    key: char,
    label: String,
    below: Vec<Choice>,
}

/// A number with its name, for whom it is, and when people answer.
#[derive(Debug)]
struct Number {
    number: String,
    name: String,
    for_whom: Option<String>,
    hours: Option<String>,
    /// Another way, for those who can't hear or speak.
    text: Option<String>,
}

impl Sheet {
    /// Gathers the sheet, with everything that keeps it from being right: without a sheet, the errors say why.
    ///
    /// `None` without a finding: the language has no `leaflet.yaml`.
    pub fn new(
        world: &World,
        scripts: &Scripts,
        lines: &Lines,
        lang: Lang,
        about: &About<'_>,
    ) -> (Option<Sheet>, Vec<Diagnostic>) {
        let (Some(leaflet), Some(language)) = (scripts.leaflets.get(&lang), scripts.languages.get(&lang)) else {
            return (None, Vec::new());
        };
        let words = &leaflet.value;
        let maker = Maker { world, words, language, file: &leaflet.file, paper: Paper { lang, words } };
        let mut found = Vec::new();
        let documents = maker.documents(&mut found);
        let numbers = maker.numbers(lines, scripts, &mut found);
        let choices = |keys: &[(&str, &Name)]| {
            let choice = |(name, label): &(&str, &Name)| {
                Some(Choice { key: key_named(name)?, label: label.to_string(), below: Vec::new() })
            };
            keys.iter().filter_map(choice).collect()
        };
        let sheet = Sheet {
            lang,
            title: words.title.to_string(),
            about: words.about.to_string(),
            call: words.call.to_string(),
            number: about.number.map(str::to_owned),
            write_number: words.write_number.to_string(),
            free: about.call_is_free.then(|| words.free.to_string()),
            languages: (words.language.to_string(), maker.languages(scripts)),
            menu: (words.menu.to_string(), maker.menu(world.roles.main_menu, 2)),
            everywhere: (words.everywhere.to_string(), choices(&words.keys.all())),
            documents: (words.documents.heading.to_string(), documents),
            numbers: (words.numbers.to_string(), numbers),
            foot: [about.operator, about.contact].into_iter().flatten().map(|words| maker.paper.begin(words)).collect(),
        };
        let right = found.iter().all(|found| found.severity != crate::diagnostic::Severity::Error);
        (right.then_some(sheet), found)
    }

    /// Whether everything stands on one page in letters that can be read.
    pub fn fits(&self) -> bool {
        html::letters(self).is_some()
    }

    /// The sheet as a page of HTML that is XML, too: nothing outside it is needed to print it.
    pub fn html(&self) -> String {
        html::page(self)
    }
}

/// What the parts of a sheet are made from.
struct Maker<'a> {
    world: &'a World,
    words: &'a LeafletWords,
    language: &'a Language,
    file: &'a Arc<SourceFile>,
    paper: Paper<'a>,
}

impl Maker<'_> {
    /// The languages that a call begins with, each by its own name.
    fn languages(&self, scripts: &Scripts) -> Vec<Choice> {
        let Some(Kind::Language { choices, .. }) = self.world.node(self.world.roles.start).map(|node| &node.kind)
        else {
            return Vec::new();
        };
        let choice = |(key, lang, _): &(crate::call::Key, Lang, _)| {
            let label = scripts.languages.get(lang)?.name.to_string();
            Some(Choice { key: key.to_char(), label, below: Vec::new() })
        };
        choices.iter().filter_map(choice).collect()
    }

    /// The choices of the menu `id`, and those behind them, `depth` menus deep.
    fn menu(&self, id: NodeId, depth: usize) -> Vec<Choice> {
        let Some(Kind::Menu { choices, .. }) = self.world.node(id).map(|node| &node.kind) else { return Vec::new() };
        let choice = |choice: &crate::engine::Choice| {
            let key = choice.key.to_char();
            let said = self.world.words(&choice.said, self.paper.lang);
            let behind = if depth > 1 { self.behind(choice.go, id) } else { None };
            let below = behind.map_or_else(Vec::new, |menu| self.menu(menu, depth - 1));
            Choice { key, label: self.paper.label(said, self.language.choice(key)), below }
        };
        choices.iter().map(choice).collect()
    }

    /// The menu that a choice of the menu `from` opens: at once, or behind words. One that leads back opens nothing.
    fn behind(&self, mut id: NodeId, from: NodeId) -> Option<NodeId> {
        // Words that lead to words are few; the bound is for those that lead in a circle.
        for _ in 0..16 {
            id = match &self.world.node(id)?.kind {
                _ if id == from || id == self.world.roles.main_menu => return None,
                Kind::Menu { .. } => return Some(id),
                Kind::Say { then, .. } => *then,
                Kind::Choose(_, otherwise) => *otherwise,
                _ => return None,
            };
        }
        None
    }

    /// What to bring, part by part.
    fn documents(&self, found: &mut Vec<Diagnostic>) -> Vec<Vec<String>> {
        let words = &self.words.documents;
        let mut error = |code, message: String, name: &Name, help: String| {
            found.push(Diagnostic::error(code, message).at(name.place(self.file)).help(help));
        };
        let document = match self.world.node(NodeId::of(&words.node)).map(|node| &node.kind) {
            Some(Kind::Read(document)) => document,
            _ => {
                let documents = self.world.nodes().filter(|node| matches!(node.kind, Kind::Read(_)));
                let nearest = nearest(&words.node, documents.map(|node| &*node.name));
                let help = nearest.map(|nearest| format!("did you mean `{nearest}`?"));
                error(
                    "unknown-node",
                    format!("no document is called `{}`", *words.node),
                    &words.node,
                    help.unwrap_or_else(|| "name the `read` node that says what to bring".to_owned()),
                );
                return Vec::new();
            }
        };
        let said = |part: &crate::engine::Said| self.paper.paragraphs(self.world.words(part, self.paper.lang));
        if words.parts.is_empty() {
            return document.parts.iter().map(|(_, part)| said(part)).collect();
        }
        let mut parts = Vec::new();
        for name in &words.parts {
            match document.parts.iter().find(|(id, _)| *id == crate::call::PartId::of(name)) {
                Some((_, part)) => parts.push(said(part)),
                None => error(
                    "missing-script",
                    format!("`{}` is no part of the document `{}`", **name, *words.node),
                    name,
                    "name one of the parts that the call flow lists for that document".to_owned(),
                ),
            }
        }
        parts
    }

    /// The numbers that are to be printed, in the order of their file. What nobody has verified is not.
    /// Another way than a call. A number that stands on the sheet by itself needs no second place.
    fn text(&self, line: &Line, own: &[String]) -> Option<String> {
        let way = match line.text.as_deref()? {
            Text::Number(number) if own.contains(&only_digits(number)) => return None,
            Text::Number(number) => format!("SMS {number}"),
            Text::Words(words) => words.get(&self.paper.lang)?.to_string(),
        };
        let before = self.words.without_voice.as_ref()?;
        Some(format!("{} {way}", **before))
    }

    fn numbers(&self, lines: &Lines, scripts: &Scripts, found: &mut Vec<Diagnostic>) -> Vec<Number> {
        let file = &lines.lines.file;
        let mut printed: Vec<(&Name, &Line)> =
            lines.lines.value.iter().filter(|(_, line)| line.leaflet && line.verified).collect();
        printed.sort_by_key(|(name, _)| name.place(file).span.start);
        let lang = self.paper.lang;
        let mut missing = |name: &Name, what: &str, place: Place| {
            found.push(
                Diagnostic::error("missing-translation", format!("the line `{}` has no {what} in `{lang}`", **name))
                    .at(place)
                    .help(format!("write it behind `{lang}:`")),
            );
        };
        let own: Vec<String> = printed.iter().map(|(_, line)| only_digits(&line.announce)).collect();
        let mut numbers = Vec::new();
        for (name, line) in &printed {
            let Some(called) = line.name.get(&lang) else {
                missing(name, "name", name.place(file));
                continue;
            };
            let for_whom = line.for_whom.get(&lang);
            if let (None, Some(other)) = (for_whom, line.for_whom.values().next()) {
                missing(name, "`for_whom`", other.place(file));
            }
            let hours = line.hours.as_ref().and_then(|hours| scripts.hours.get(&lang)?.of(hours));
            // "3114: le 3114" says nothing: such a line is called by what it is for.
            let is_number = only_digits(called) == only_digits(&line.announce);
            let (called, for_whom) = match for_whom {
                Some(words) if is_number => (words, None),
                for_whom => (called, for_whom),
            };
            numbers.push(Number {
                number: line.announce.trim().to_owned(),
                name: self.paper.begin(called),
                for_whom: for_whom.map(|words| words.to_string()),
                hours,
                text: self.text(line, &own),
            });
        }
        for (name, line) in printed {
            if let Some(hours) = &line.hours
                && scripts.hours.get(&lang).is_none_or(|words| words.of(hours).is_none())
            {
                found.push(
                    Diagnostic::warning("hours-in-words", format!("the hours of `{}` can't be said in `{lang}`", **name))
                        .at(hours.place(file))
                        .help(format!("the sheet shows none: write days and hours only, and the words in audio_scripts/{lang}/hours.yaml")),
                );
            }
        }
        numbers
    }
}
