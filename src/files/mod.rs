//! The operator's text files: those embedded in the program, or a folder that takes their place.
//!
//! Reads bytes and turns them into text, and text into values with positions, with a diagnostic where that fails. Knows
//! nothing of what the files mean.

mod located;
mod yaml;

use std::{path::Path, sync::Arc};

use include_dir::{Dir, include_dir};
pub use located::{At, Located, Name};
pub use yaml::{yaml, yaml_part};

use crate::diagnostic::{Diagnostic, Place, SourceFile};

/// The file among the flows that holds the lines that we announce and dial.
pub const LINES_FILE: &str = "lines.yaml";

/// No text of the line is this long; a larger file is a mistake, and reading it would only fill the memory.
const MAX_BYTES: u64 = 1024 * 1024;

static FLOWS: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/call_flows");
static SCRIPTS: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/audio_scripts");

/// A set of text files, sorted by path.
#[derive(Clone, Default, Debug)]
pub struct Files {
    /// The files that could be read.
    pub files: Vec<File>,
    /// What was wrong with the others.
    pub diagnostics: Vec<Diagnostic>,
}

/// One text file.
#[derive(Clone, Debug)]
pub struct File {
    /// Its path inside the folder, with `/`, as in `fr/numbers/list.md`.
    pub name: String,
    /// The text, with the path to show.
    pub source: Arc<SourceFile>,
}

impl Files {
    /// The call flows that are part of the program.
    pub fn embedded_flows() -> Files {
        Files::embedded("call_flows", &FLOWS)
    }

    /// The audio scripts that are part of the program.
    pub fn embedded_scripts() -> Files {
        Files::embedded("audio_scripts", &SCRIPTS)
    }

    /// The files of a folder and its sub-folders. Names that begin with a dot are passed over.
    pub fn folder(folder: &Path) -> Files {
        let mut files = Files::default();
        files.add_folder(folder, folder);
        files.sorted()
    }

    /// Files given as text: `(name, text)`.
    pub fn from_texts<'t>(texts: impl IntoIterator<Item = (&'t str, &'t str)>) -> Files {
        let mut files = Files::default();
        for (name, text) in texts {
            files.add_bytes(name.to_owned(), name.to_owned(), text.as_bytes());
        }
        files.sorted()
    }

    fn embedded(root: &str, dir: &Dir<'static>) -> Files {
        fn add(files: &mut Files, root: &str, dir: &Dir<'static>) {
            for file in dir.files() {
                let name = file.path().to_string_lossy().replace('\\', "/");
                files.add_bytes(format!("{root}/{name}"), name, file.contents());
            }
            dir.dirs().for_each(|dir| add(files, root, dir));
        }
        let mut files = Files::default();
        add(&mut files, root, dir);
        files.sorted()
    }

    fn add_folder(&mut self, root: &Path, folder: &Path) {
        let entries = match std::fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) => return self.unreadable(folder, &error),
        };
        for entry in entries {
            let path = match entry {
                Ok(entry) => entry.path(),
                Err(error) => return self.unreadable(folder, &error),
            };
            if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.')) {
                continue;
            }
            if path.is_dir() {
                self.add_folder(root, &path);
                continue;
            }
            let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            match std::fs::metadata(&path) {
                Ok(data) if data.len() > MAX_BYTES => self.too_large(&path.display().to_string()),
                _ => match std::fs::read(&path) {
                    Ok(bytes) => self.add_bytes(path.display().to_string(), name, &bytes),
                    Err(error) => self.unreadable(&path, &error),
                },
            }
        }
    }

    fn add_bytes(&mut self, path: String, name: String, bytes: &[u8]) {
        if bytes.len() as u64 > MAX_BYTES {
            return self.too_large(&path);
        }
        match std::str::from_utf8(bytes) {
            // A mark that some editors put before the first character; it is no part of the text.
            Ok(text) => {
                let text = text.strip_prefix('\u{feff}').unwrap_or(text).to_owned();
                self.files.push(File { name, source: Arc::new(SourceFile { path, text }) });
            }
            Err(error) => {
                let text = String::from_utf8_lossy(&bytes[..error.valid_up_to()]).into_owned();
                let line = text.matches('\n').count() + 1;
                let file = Arc::new(SourceFile { path, text });
                self.diagnostics.push(
                    Diagnostic::error("not-text", format!("this file is not text: line {line} is not UTF-8"))
                        .at(Place::top(&file))
                        .help("save the file as UTF-8 text, or remove it from the folder"),
                );
            }
        }
    }

    fn too_large(&mut self, path: &str) {
        self.diagnostics.push(
            Diagnostic::error("too-large", format!("{path} is larger than {} KiB", MAX_BYTES / 1024))
                .help("a text of the line is never this large: is it the right file?"),
        );
    }

    fn unreadable(&mut self, path: &Path, error: &std::io::Error) {
        self.diagnostics.push(
            Diagnostic::error("unreadable", format!("{} can't be read: {error}", path.display()))
                .help("check the path, and that the program may read it"),
        );
    }

    fn sorted(mut self) -> Files {
        self.files.sort_by(|a, b| a.name.cmp(&b.name));
        self
    }
}
