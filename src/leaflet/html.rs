//! The sheet as HTML for print: black on white, one A4 page, well-formed XML, no script and nothing from outside.

use quick_xml::escape::escape;

use super::{Choice, Number, Sheet};

const STYLE: &str = include_str!("leaflet.css");

/// Letters as large as the page looks well with, in points.
const LARGEST: f32 = 13.5;
/// Smaller letters can't be read at arm's length.
const SMALLEST: f32 = 8.0;
/// Rows, as [`rows`] counts them, that the page holds in its largest letters; and how the letters shrink with more of them.
/// Measured on printed pages: smaller letters also wrap less.
const ROWS: f32 = 31.0;
const SHRINK: f32 = 0.6;

/// How large the letters must be for everything to stand on one page, in points; `None` if nobody could read them.
pub(super) fn letters(sheet: &Sheet) -> Option<f32> {
    let size = LARGEST * (ROWS / rows(sheet)).powf(SHRINK);
    (size >= SMALLEST).then_some(size.min(LARGEST))
}

pub(super) fn page(sheet: &Sheet) -> String {
    let Sheet { lang, title, about, .. } = sheet;
    let size = letters(sheet).unwrap_or(SMALLEST);
    let mut body = String::new();
    body += &format!("<header><h1>{}</h1><p>{}</p></header>\n", text(title), text(about));
    body += &number(sheet);
    body += &section("menu", &sheet.menu.0, &list("ol", "tree", sheet.menu.1.iter().map(tree)));
    body += &section("everywhere", &sheet.everywhere.0, &list("ul", "keys", sheet.everywhere.1.iter().map(key)));
    body += "<div class=\"columns\">\n";
    body += &section("documents", &sheet.documents.0, &documents(&sheet.documents.1));
    body += &section("numbers", &sheet.numbers.0, &list("ul", "lines", sheet.numbers.1.iter().map(line)));
    body += "</div>\n";
    if !sheet.foot.is_empty() {
        let foot: Vec<_> = sheet.foot.iter().map(|words| text(words)).collect();
        body += &format!("<footer>{}</footer>\n", foot.join(" · "));
    }
    format!(
        "<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\"/>\n\
         <meta name=\"viewport\" content=\"width=device-width\"/>\n<title>{}</title>\n<style>\n{STYLE}\
         body {{ font-size: {size:.2}pt; }}\n</style>\n</head>\n<body>\n{body}</body>\n</html>\n",
        text(title)
    )
}

fn number(sheet: &Sheet) -> String {
    let mut html = String::from("<div class=\"call\">\n");
    html += &match &sheet.number {
        Some(number) => format!("<p class=\"number\">{} <strong>{}</strong></p>\n", text(&sheet.call), text(number)),
        None => format!("<p class=\"blank\">{} <span class=\"line\"></span></p>\n", text(&sheet.write_number)),
    };
    if let Some(free) = &sheet.free {
        html += &format!("<p class=\"free\">{}</p>\n", text(free));
    }
    html += "</div>\n";
    if !sheet.languages.1.is_empty() {
        let keys: String = sheet.languages.1.iter().map(|choice| format!(" <span>{}</span>", key(choice))).collect();
        html += &format!("<p class=\"languages\">{}{keys}</p>\n", text(&sheet.languages.0));
    }
    html
}

fn section(class: &str, heading: &str, inside: &str) -> String {
    format!("<section class=\"{class}\">\n<h2>{}</h2>\n{inside}</section>\n", text(heading))
}

fn list(tag: &str, class: &str, items: impl Iterator<Item = String>) -> String {
    let items: String = items.map(|item| format!("<li>{item}</li>\n")).collect();
    // An empty list is no HTML.
    if items.is_empty() { items } else { format!("<{tag} class=\"{class}\">\n{items}</{tag}>\n") }
}

fn key(choice: &Choice) -> String {
    format!("<kbd>{}</kbd> <span>{}</span>", choice.key, text(&choice.label))
}

fn tree(choice: &Choice) -> String {
    format!("<p>{}</p>\n{}", key(choice), list("ol", "below", choice.below.iter().map(key)))
}

/// The first part by its sentences, to be ticked off; the others as they are.
fn documents(parts: &[Vec<String>]) -> String {
    let mut html = String::new();
    for (position, part) in parts.iter().enumerate() {
        for (at, paragraph) in part.iter().enumerate() {
            html += &match (position, at) {
                (0, 0) => list("ul", "bring", sentences(paragraph).map(text)),
                (0, _) => format!("<p><strong>{}</strong></p>\n", text(paragraph)),
                _ => format!("<p>{}</p>\n", text(paragraph)),
            };
        }
    }
    html
}

fn sentences(paragraph: &str) -> impl Iterator<Item = &str> {
    paragraph.split_inclusive(". ").map(str::trim)
}

fn line(line: &Number) -> String {
    let hours = line.hours.iter().map(|hours| format!(", <i>{}</i>", text(hours)));
    let for_whom = line.for_whom.iter().map(|words| format!("<br/>{}", text(words)));
    let other_way = line.text.iter().map(|words| format!("<br/>{}", text(words)));
    let notes: String = hours.chain(for_whom).chain(other_way).collect();
    format!("<strong>{}</strong> <span><b>{}</b>{notes}</span>", text(&line.number), text(&line.name))
}

/// Text that can stand in HTML. A sign that French sets apart never begins a line.
fn text(words: &str) -> String {
    let mut words = words.to_owned();
    for sign in ["?", "!", ":", ";", "»", "·"] {
        words = words.replace(&format!(" {sign}"), &format!("\u{a0}{sign}"));
    }
    escape(words.replace("« ", "«\u{a0}")).into_owned()
}

/// Roughly how many rows of text the sheet has, so that more words come in smaller letters.
fn rows(sheet: &Sheet) -> f32 {
    let wrapped = |words: &str, width: usize| words.chars().count().div_ceil(width);
    // The tree stands in two columns: no choice is torn apart.
    let high = |choice: &Choice| {
        2 * wrapped(&choice.label, 28) + choice.below.iter().map(|below| wrapped(&below.label, 34)).sum::<usize>()
    };
    let (whole, highest) = sheet.menu.1.iter().map(high).fold((0, 0), |(sum, max), high| (sum + high, high.max(max)));
    let tree = highest.max(whole.div_ceil(2) + 1);
    let parts = sheet.documents.1.iter().flatten();
    let documents: usize = parts.map(|paragraph| 1 + wrapped(paragraph, 42)).sum();
    let line = |line: &Number| {
        let hours = line.hours.as_deref().unwrap_or_default();
        let own_row = usize::from(line.number.chars().count() > 6);
        own_row
            + wrapped(&format!("{} · {hours}", line.name), 28)
            + wrapped(line.for_whom.as_deref().unwrap_or_default(), 32)
            + wrapped(line.text.as_deref().unwrap_or_default(), 32)
    };
    let numbers: usize = sheet.numbers.1.iter().map(line).sum();
    #[expect(clippy::cast_precision_loss, reason = "a page has some dozens of rows")]
    let rows = (tree + documents.max(numbers) + 15) as f32;
    rows.max(1.0)
}
