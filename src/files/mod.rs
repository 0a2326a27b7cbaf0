//! The operator's files: those embedded in the program, or a folder that takes their place; and single files over either.
//!
//! Reads bytes and turns them into text, and text into values with positions, with a diagnostic where that fails. Sounds
//! are left as bytes. Knows nothing of what the files mean.

mod explain;
mod exposed;
mod located;
mod overlay;
mod slips;
mod suggest;
mod yaml;

use std::{borrow::Cow, collections::BTreeSet, io::ErrorKind, path::Path, sync::Arc};

pub use exposed::exposed;
use include_dir::{Dir, include_dir};
pub use located::{At, Located, Name};
pub use overlay::Laid;
pub use suggest::{even, nearest};
pub use yaml::{Entries, yaml, yaml_entries, yaml_part};

use crate::diagnostic::{Diagnostic, Place, SourceFile};

/// The file among the flows that holds the lines that we announce and dial.
pub const LINES_FILE: &str = "lines.yaml";
/// The file of the operator's own people.
pub const RESPONDERS_FILE: &str = "responders.yaml";
/// The file of the numbers that are called, where something differs between them.
pub const NUMBERS_FILE: &str = "numbers.yaml";
/// The file of what is announced for a time.
pub const NOTICES_FILE: &str = "notices.yaml";
/// The file of the order in which lines are called.
pub const CHAINS_FILE: &str = "chains.yaml";

/// No text of the line is this long; a larger file is a mistake, and reading it would only fill the memory.
const MAX_BYTES: u64 = 1024 * 1024;

/// A minute of sound in the finest way that we play has 2 MB.
const MAX_SOUND_BYTES: u64 = 5 * 1024 * 1024;

/// All sounds together: they are kept in memory.
const MAX_SOUNDS_BYTES: u64 = 200 * 1024 * 1024;

/// Folders inside of one another, counted from the one that was named.
const MAX_DEPTH: usize = 6;

static FLOWS: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/call_flows");
static SCRIPTS: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/audio_scripts");

/// A set of text files, sorted by path.
#[derive(Clone, Default, Debug)]
pub struct Files {
    /// The files that could be read.
    pub files: Vec<File>,
    /// The sounds that could be read.
    pub sounds: Vec<Sound>,
    /// What was wrong with the others.
    pub diagnostics: Vec<Diagnostic>,
    /// The names of those others: they are there, whatever they hold.
    pub unread: BTreeSet<String>,
    /// The folder itself could not be read: nothing can be said of what should be in it.
    pub no_folder: bool,
    /// What of the operator's lies over the rest, if a folder for it was named.
    pub laid: Option<Laid>,
}

/// One text file.
#[derive(Clone, Debug)]
pub struct File {
    /// Its path inside the folder, with `/`, as in `fr/numbers/list.md`.
    pub name: String,
    /// The text, with the path to show.
    pub source: Arc<SourceFile>,
    /// It lies over the others: it is one of the operator's own.
    pub over: bool,
}

/// One file of sound.
#[derive(Clone, Debug)]
pub struct Sound {
    /// Its path inside the folder, with `/`, as in `fr/numbers/list.wav`.
    pub name: String,
    /// The path to show; it has no text.
    pub source: Arc<SourceFile>,
    /// What is in it. `None` where it is no WAV file by its name: nobody has looked.
    pub bytes: Option<Arc<[u8]>>,
    /// It lies over the others: it is one of the operator's own.
    pub over: bool,
    /// The text that it was beside, where another one has been laid over that.
    pub text_below: Option<Arc<SourceFile>>,
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
        files.add_folder(folder, folder, 0);
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

    /// The same files and a sound, in place of one of that name.
    pub fn with_sound(mut self, name: &str, bytes: &[u8]) -> Files {
        self.sounds.retain(|sound| sound.name != name);
        self.add_bytes(name.to_owned(), name.to_owned(), bytes);
        self.sorted()
    }

    /// What a file should be called, where an editor has written `.txt` behind its end, or the end is written in
    /// another way: its right name, and how to say so. Nothing where a file of that name is there, too: this is a copy.
    pub fn right_name(&self, file: &File, end: &str) -> Option<(String, String)> {
        let name = file.name.as_str();
        let small = name.to_ascii_lowercase();
        let (stem, added) = match small.strip_suffix(".txt") {
            Some(stem) => (stem, ".txt"),
            None => (small.as_str(), ""),
        };
        let ends: &[&str] = if end == ".yaml" { &[".yaml", ".yml"] } else { &[".md"] };
        let stem = ends.iter().find_map(|end| stem.strip_suffix(end)).filter(|stem| !stem.is_empty())?;
        let right = format!("{}{end}", name.get(..stem.len())?);
        let last = right.rsplit('/').next().unwrap_or(&right);
        let help = match added {
            "" => format!("rename it to `{last}`"),
            added => format!("rename it to `{last}`: your editor may have added `{added}`"),
        };
        // One of the operator's own is no copy of one that it was to lie over.
        let is_there = self.files.iter().any(|other| other.name == right && other.over == file.over)
            || self.unread.contains(&right);
        (!is_there).then_some((right, help))
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

    fn add_folder(&mut self, root: &Path, folder: &Path, depth: usize) {
        let entries = match std::fs::read_dir(folder) {
            Ok(_) if depth > MAX_DEPTH => return self.unreadable(root, folder, "it is too many folders down"),
            Ok(entries) => entries,
            Err(error) => {
                self.no_folder |= root == folder;
                return self.unreadable(root, folder, &reason(&error));
            }
        };
        for entry in entries {
            let path = match entry {
                Ok(entry) => entry.path(),
                Err(error) => return self.unreadable(root, folder, &reason(&error)),
            };
            if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.')) {
                continue;
            }
            let shown = path.display().to_string();
            match std::fs::metadata(&path) {
                Ok(data) if data.is_dir() => self.add_folder(root, &path, depth + 1),
                Ok(data) if !data.is_file() => self.unreadable(root, &path, "it is no file"),
                Ok(data) if data.len() > most_bytes(&shown) => self.too_large(&shown, name_in(root, &path)),
                Ok(_) if matches!(Kind::of(&shown), Kind::OtherSound | Kind::Picture) => {
                    self.add_bytes(shown, name_in(root, &path), &[]);
                }
                Ok(_) => match std::fs::read(&path) {
                    Ok(bytes) => self.add_bytes(shown, name_in(root, &path), &bytes),
                    Err(error) => self.unreadable(root, &path, &reason(&error)),
                },
                Err(error) => self.unreadable(root, &path, &reason(&error)),
            }
        }
    }

    fn add_bytes(&mut self, path: String, name: String, bytes: &[u8]) {
        if bytes.len() as u64 > most_bytes(&name) {
            return self.too_large(&path, name);
        }
        match Kind::of(&name) {
            Kind::Text => {}
            Kind::Picture => return,
            kind => return self.add_sound(path, name, (kind == Kind::Wav).then_some(bytes)),
        }
        let text = String::from_utf8_lossy(bytes);
        let wrong = matches!(text, Cow::Owned(_));
        // A mark that some editors put before the first character is no part of the text; lines end in one way.
        let plain = text.strip_prefix('\u{feff}').unwrap_or(&text).replace("\r\n", "\n").replace('\r', "\n");
        let binary = bytes.contains(&0);
        let source = Arc::new(SourceFile { path, text: if binary { String::new() } else { plain } });
        if binary {
            self.diagnostics.push(
                Diagnostic::error("not-text", "this file is not plain text")
                    .at(Place::top(&source))
                    .help("save it as plain text in UTF-8, or remove it from the folder"),
            );
            self.unread.insert(name);
            return;
        }
        if wrong {
            let start = source.text.find('\u{fffd}').unwrap_or_default();
            let span = start..(start + '\u{fffd}'.len_utf8()).min(source.text.len());
            self.diagnostics.push(
                Diagnostic::error("not-text", "this letter is written in an old way that we can't read")
                    .at(Place { file: source.clone(), span })
                    .help("save the file again, and choose UTF-8 as its encoding"),
            );
        }
        // Its other letters can be read, so that what else is wrong is found, too.
        self.files.push(File { name, source, over: false });
    }

    fn add_sound(&mut self, path: String, name: String, bytes: Option<&[u8]>) {
        let source = Arc::new(SourceFile { path, text: String::new() });
        self.push_sound(Sound { name, source, bytes: bytes.map(Arc::from), over: false, text_below: None });
    }

    fn push_sound(&mut self, sound: Sound) {
        let before: usize = self.sounds.iter().filter_map(|sound| sound.bytes.as_deref()).map(<[u8]>::len).sum();
        let all = before + sound.bytes.as_deref().map_or(0, <[u8]>::len);
        if all as u64 <= MAX_SOUNDS_BYTES {
            return self.sounds.push(sound);
        }
        self.unread.insert(sound.name);
        // Said once: the rest of a large collection is not listed.
        if !self.diagnostics.iter().any(|found| found.code == "too-large" && found.place.is_some()) {
            let message = format!("with this one the recordings are larger than {} MiB", MAX_SOUNDS_BYTES >> 20);
            let help = "they are kept in memory: save them with 8000 samples a second, or remove some";
            self.diagnostics.push(Diagnostic::error("too-large", message).at(Place::top(&sound.source)).help(help));
        }
    }

    fn too_large(&mut self, path: &str, name: String) {
        let help = match Kind::of(&name) {
            Kind::Text => "a text of the line is never this large: is it the right file?",
            _ => "a recording of the line is never this large: is it the right file?",
        };
        let most = most_bytes(&name) / 1024;
        self.unread.insert(name);
        self.diagnostics.push(Diagnostic::error("too-large", format!("{path} is larger than {most} KiB")).help(help));
    }

    fn unreadable(&mut self, root: &Path, path: &Path, reason: &str) {
        self.unread.insert(name_in(root, path));
        self.diagnostics.push(
            Diagnostic::error("unreadable", format!("{} can't be read: {reason}", path.display()))
                .help("check how it is written, and that the program may read it"),
        );
    }

    fn sorted(mut self) -> Files {
        self.files.sort_by(|a, b| a.name.cmp(&b.name));
        self.sounds.sort_by(|a, b| a.name.cmp(&b.name));
        self
    }
}

fn name_in(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "there is no such file or folder".to_owned(),
        ErrorKind::NotADirectory => "it is a file, and a folder is wanted".to_owned(),
        ErrorKind::PermissionDenied => "the program may not open it".to_owned(),
        _ => error.to_string(),
    }
}

/// What a file holds, by the end of its name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Wav,
    /// Sound in a form that is not played; it may lie beside the texts.
    OtherSound,
    /// May lie beside the texts, too.
    Picture,
}

impl Kind {
    fn of(name: &str) -> Kind {
        let end = name.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase());
        match end.as_deref() {
            Some("wav") => Kind::Wav,
            Some("mp3" | "ogg" | "opus" | "flac" | "m4a") => Kind::OtherSound,
            Some("png" | "jpg" | "jpeg" | "svg" | "pdf") => Kind::Picture,
            _ => Kind::Text,
        }
    }
}

/// What is not read may have any size.
fn most_bytes(name: &str) -> u64 {
    match Kind::of(name) {
        Kind::Text => MAX_BYTES,
        Kind::Wav => MAX_SOUND_BYTES,
        Kind::OtherSound | Kind::Picture => u64::MAX,
    }
}
