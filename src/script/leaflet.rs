//! The words that only the printed sheet has, in `audio_scripts/<language>/leaflet.yaml`: its headings, what the keys mean,
//! which document it shows. All the rest of the sheet comes from flows, scripts and lines.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::files::Name;

/// A language's own words for the sheet.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeafletWords {
    /// The name of the line.
    pub title: Name,
    /// What the line is for, in a few words.
    pub about: Name,
    /// Beside the number.
    pub call: Name,
    /// Where the settings name no number: it is written by hand.
    pub write_number: Name,
    /// Where calling costs nothing.
    pub free: Name,
    /// Above the keys of the languages.
    pub language: Name,
    /// Above the choices of the main menu.
    pub menu: Name,
    /// Above the keys that mean the same everywhere.
    pub everywhere: Name,
    /// What these keys do.
    pub keys: KeyWords,
    /// What to bring.
    pub documents: DocumentWords,
    /// Above the numbers.
    pub numbers: Name,
    /// Before another way than a call, where a line has one, as in "Without speaking:". Without it, none is printed.
    pub without_voice: Option<Name>,
    /// Words that a choice begins with and that paper does not need, as in "Pour ".
    #[serde(default)]
    pub leave_out: Vec<String>,
    /// What is spoken in one way and written in another, as in `C-M-P: CMP`.
    #[serde(default)]
    pub written: BTreeMap<String, String>,
}

/// What the keys do that mean the same everywhere.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyWords {
    urgent: Name,
    main: Name,
    repeat: Name,
    back: Name,
    slower: Name,
    language: Name,
}

impl KeyWords {
    /// The keys by their names in scripts, the most needed first.
    pub fn all(&self) -> [(&'static str, &Name); 6] {
        [
            ("urgent", &self.urgent),
            ("main", &self.main),
            ("repeat", &self.repeat),
            ("back", &self.back),
            ("slower", &self.slower),
            ("language", &self.language),
        ]
    }
}

/// Which document says what to bring.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentWords {
    /// The heading.
    pub heading: Name,
    /// The `read` node.
    pub node: Name,
    /// Those of its parts that are printed; without them, all.
    #[serde(default)]
    pub parts: Vec<Name>,
}
