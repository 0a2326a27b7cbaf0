//! The operator's own files over those of the line: one of the same path takes its place, any other is added.
//!
//! So an operator keeps a single `lines.yaml`, and every other file follows the program. A file is replaced whole, never
//! mixed with the one below it, and none can be taken away: what nothing leads to does no harm.

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{Files, Kind, Sound, reason};
use crate::diagnostic::{Diagnostic, SourceFile};

/// What of the operator's lies over the rest.
#[derive(Clone, Debug)]
pub struct Laid {
    /// The folder.
    pub folder: PathBuf,
    /// The names of the files that took the place of another.
    pub replaced: Vec<String>,
    /// The names of those that were not there before.
    pub added: Vec<String>,
}

impl Files {
    /// These files below those of `folder`, which must be there, and may be empty.
    pub fn with_overlay(mut self, folder: &Path) -> Files {
        if let Err(error) = std::fs::read_dir(folder) {
            let message = format!("{}, your folder of files, can't be read: {}", folder.display(), reason(&error));
            let help = "make the folder, which may be empty, or take the setting out";
            self.diagnostics.push(Diagnostic::error("unreadable", message).help(help));
            return self;
        }
        let over = Files::folder(folder);
        let mut laid = Laid { folder: folder.to_owned(), replaced: Vec::new(), added: Vec::new() };
        for name in &over.unread {
            self.take_away(name);
        }
        for mut file in over.files {
            file.over = true;
            let below = self.take_away(&file.name);
            laid.note(&file.name, below.is_some());
            self.files.push(file);
        }
        // A recording below says the text below: `script` compares it with the text that is there now.
        for mut sound in over.sounds {
            sound.over = true;
            let is_below = |other: &Sound| !other.over && stem(&other.name) == stem(&sound.name);
            let replaces = Kind::of(&sound.name) == Kind::Wav && self.sounds.iter().any(is_below);
            if replaces {
                self.sounds.retain(|other| !is_below(other));
            }
            laid.note(&sound.name, replaces);
            self.push_sound(sound);
        }
        self.diagnostics.extend(over.diagnostics);
        self.unread.extend(over.unread);
        self.laid = Some(laid);
        self.sorted()
    }

    /// The text of the file `name` goes, with what was said about it; the recording beside it keeps it as its own.
    fn take_away(&mut self, name: &str) -> Option<Arc<SourceFile>> {
        self.unread.remove(name);
        let at = self.files.iter().position(|file| !file.over && file.name == name)?;
        let below = self.files.remove(at).source;
        let is_of_it = |found: &Diagnostic| found.place.as_ref().is_some_and(|place| Arc::ptr_eq(&place.file, &below));
        self.diagnostics.retain(|found| !is_of_it(found));
        if name.ends_with(".md") {
            for sound in self.sounds.iter_mut().filter(|sound| !sound.over && stem(&sound.name) == stem(name)) {
                sound.text_below = Some(below.clone());
            }
        }
        Some(below)
    }
}

fn stem(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

impl Laid {
    fn note(&mut self, name: &str, replaces: bool) {
        // What is meant for readers and editors is no part of the line.
        if name == "README.md" || name.ends_with(".schema.json") {
            return;
        }
        let names = if replaces { &mut self.replaced } else { &mut self.added };
        names.push(name.to_owned());
    }
}

impl fmt::Display for Laid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "your files in {}: ", self.folder.display())?;
        match (self.replaced.as_slice(), self.added.as_slice()) {
            ([], []) => f.write_str("none"),
            (replaced, []) => write!(f, "in place of the shipped ones {}", replaced.join(", ")),
            ([], added) => write!(f, "added {}", added.join(", ")),
            (replaced, added) => {
                write!(f, "in place of the shipped ones {}; added {}", replaced.join(", "), added.join(", "))
            }
        }
    }
}
