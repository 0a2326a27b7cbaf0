//! Which text a translation was made from, and which one was recorded: a short fingerprint of it, kept as `translates` or
//! `recorded` in the head.

use sha2::{Digest, Sha256};

use super::{Facts, Language, Part, Script};
use crate::call::{Lang, hexadecimal};

impl Script {
    /// Eight hex digits: the beginning of the SHA-256 of what is said, markers included, as UTF-8. Every run of blanks and
    /// line ends counts as one blank, so that a line may be broken elsewhere.
    pub fn fingerprint(&self) -> String {
        short_hash(&self.even_text())
    }

    /// The fingerprint of what a recording of it says: where it tells a fact, what the fact says belongs to it.
    pub fn recorded_fingerprint(&self, lang: Lang, words: &Language, facts: &Facts) -> String {
        let mut text = self.even_text();
        for part in &self.parts {
            if let Part::Fact { name, .. } = part
                && let Some(said) = facts.say(name, lang, words)
            {
                text = format!("{text}\n{}", said.written);
            }
        }
        short_hash(&text)
    }

    fn even_text(&self) -> String {
        self.file.text[self.body.clone()].split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

fn short_hash(text: &str) -> String {
    hexadecimal(&Sha256::digest(text)[..4])
}

/// The text of a script file whose head says that it translates the text with this fingerprint; nothing else changes.
/// None where there is no head to write it into.
pub fn stamped(file: &str, fingerprint: &str) -> Option<String> {
    with_field(file, "translates", fingerprint)
}

/// The same, whose head says that the text with this fingerprint was recorded.
pub fn stamped_recording(file: &str, fingerprint: &str) -> Option<String> {
    with_field(file, "recorded", fingerprint)
}

fn with_field(file: &str, field: &str, fingerprint: &str) -> Option<String> {
    let mut lines = lines(file);
    let first = lines.next()?;
    let mark = "\u{feff}";
    if first.trim_start_matches(mark).trim_end() != "---" {
        return None;
    }
    let mut at = first.len();
    for line in lines {
        if let Some(value) = line.strip_prefix(field).and_then(|rest| rest.strip_prefix(':')) {
            let is_end = |c: char| c == '\r' || c == '\n' || c == '#';
            let old = value.split(is_end).next().unwrap_or_default();
            let (start, end) = (at + line.len() - value.len(), at + line.len() - value.len() + old.trim_end().len());
            return Some(format!("{} {fingerprint}{}", &file[..start], &file[end..]));
        }
        if line.trim_end() == "---" {
            let line_end = &first[first.trim_end().len()..];
            return Some(format!("{}{field}: {fingerprint}{line_end}{}", &file[..at], &file[at..]));
        }
        at += line.len();
    }
    None
}

/// Lines with their ends, whatever editor wrote them.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let found = rest.find(['\n', '\r']);
        let end = found.map_or(rest.len(), |at| at + if rest[at..].starts_with("\r\n") { 2 } else { 1 });
        let (line, after) = rest.split_at(end);
        rest = after;
        (!line.is_empty()).then_some(line)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{call::Lang, files::Files, script::Scripts};

    fn script(text: &str) -> (Scripts, String) {
        let (scripts, _) = Scripts::parse(&Files::from_texts([("fr/x.md", text)]));
        let fingerprint = scripts.get(Lang::FR, "x").unwrap().fingerprint();
        (scripts, fingerprint)
    }

    #[test]
    fn a_fingerprint_is_of_what_is_said_and_of_nothing_else() {
        let (_, said) = script("---\nstatus: draft\n---\nAppelez le {tel: 15}, vite.\n");
        // printf 'Appelez le {tel: 15}, vite.' | sha256sum
        assert_eq!(said, "615c1780");
        let same = [
            "---\nstatus: reviewed\nnote: lu\n---\n\nAppelez  le {tel:\n15}, vite.",
            "---\r\nstatus: draft\r\n---\r\nAppelez\r\nle {tel: 15}, vite.",
        ];
        assert!(same.iter().all(|text| script(text).1 == said));
        let other = [
            "---\nstatus: draft\n---\nAppelez le {tel: 17}, vite.\n",
            "---\nstatus: draft\n---\nAppelez le {tel: 15} vite.\n",
        ];
        assert!(other.iter().all(|text| script(text).1 != said));
    }

    #[test]
    fn a_stamp_changes_nothing_else_in_the_file() {
        for (before, after) in [
            ("---\nstatus: draft\n---\nHello.\n", "---\nstatus: draft\ntranslates: 12345678\n---\nHello.\n"),
            (
                "---\ntranslates: 0a # read\nstatus: draft\n---\n---\n",
                "---\ntranslates: 12345678 # read\nstatus: draft\n---\n---\n",
            ),
            ("---\ntranslates:\nstatus: draft\n---\nA", "---\ntranslates: 12345678\nstatus: draft\n---\nA"),
            ("---\r\nstatus: draft\r\n---\r\nA\r\n", "---\r\nstatus: draft\r\ntranslates: 12345678\r\n---\r\nA\r\n"),
            ("\u{feff}---\rtranslates: x\r---\rA", "\u{feff}---\rtranslates: 12345678\r---\rA"),
        ] {
            assert_eq!(stamped(before, "12345678").as_deref(), Some(after));
            assert_eq!(stamped(after, "12345678").as_deref(), Some(after));
        }
        for headless in ["", "Hello.\n", "---\nstatus: draft\nHello.\n"] {
            assert_eq!(stamped(headless, "12345678"), None);
        }
    }

    #[test]
    fn a_recording_has_a_stamp_of_its_own() {
        let before = "---\ntranslates: 0a\n---\nA";
        let after = "---\ntranslates: 0a\nrecorded: 12345678\n---\nA";
        assert_eq!(stamped_recording(before, "12345678").as_deref(), Some(after));
    }

    #[test]
    fn what_was_recorded_changes_with_the_facts_that_it_tells() {
        let fingerprint = |hours: u8, text: &str| {
            let (mut scripts, _) = script(&format!("---\nstatus: draft\n---\n{text}\n"));
            let facts = format!(
                "a: {{ what: x, value: {{ number: {hours} }}, source: y, checked: 2026-11-21, verified: true }}"
            );
            scripts.facts = Facts::parse(&Files::from_texts([("facts.yaml", facts.as_str())]), &mut Vec::new());
            let (shipped, _) = Scripts::parse(&Files::embedded_scripts());
            let script = scripts.get(Lang::FR, "x").unwrap();
            script.recorded_fingerprint(Lang::FR, &shipped.languages[&Lang::FR], &scripts.facts)
        };
        assert_ne!(fingerprint(8, "{fact: a} jours"), fingerprint(9, "{fact: a} jours"));
        assert_eq!(fingerprint(8, "Appelez le {tel: 15}, vite."), "615c1780");
        assert_eq!(fingerprint(9, "Appelez le {tel: 15}, vite."), "615c1780");
    }

    #[test]
    fn a_fingerprint_of_digits_alone_is_read_as_it_is_written() {
        for written in ["12345678", "00000000", "1234e567", "0x123456", "3f9a21c7"] {
            let (scripts, _) = script(&format!("---\nstatus: draft\ntranslates: {written}\n---\nA\n"));
            let front = &scripts.get(Lang::FR, "x").unwrap().front;
            assert_eq!(front.translates.as_ref().map(|name| name.as_str()), Some(written));
        }
    }
}
