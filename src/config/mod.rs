//! Settings: defaults, then the file, then the environment; a secret may come from a file of its own. Checked when they are
//! read, and printed without secrets.
//!
//! The environment is passed in: nothing here reads it. A name that is unknown is an error, so that a slip of the pen
//! is never a setting that silently does not act. Errors name the setting, and the file with its line or the variable;
//! they never repeat a value or draw the line, because a secret may stand there.

mod catalogue;
mod example;
mod inforce;
mod names;
mod own_file;
mod secret;
mod serving;
mod settings;

use std::{
    io::ErrorKind,
    path::{Path, PathBuf},
};

use config::{Config, Environment, File, FileFormat};
use toml::de::{DeTable, DeValue};

pub use self::{
    example::{example, table},
    inforce::{InForce, Loaded, Origin},
    names::variable,
    secret::{JournalUrl, PublicUrl, Secret, Secrets},
    serving::Serving,
    settings::{
        Admin, Directory, Journal, Limits, Line, Lines, Providers, Server, Settings, SignalWire, Telemetry, Telnyx,
        TokenProvider,
    },
};
use self::{names::Kind, own_file::OwnFile};

/// The file that is read if it exists, in the working folder.
pub const DEFAULT_FILE: &str = "allo-cmp.toml";
/// The file that is read otherwise, if it exists.
pub const SYSTEM_FILE: &str = "/etc/allo-cmp/allo-cmp.toml";

/// Why the settings can't be used. Says what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file can't be opened, or is no text.
    #[error("the settings file {} can't be read: {reason}{}", path.display(), how_to_read(reason))]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: std::io::Error,
    },
    /// Something in the file is wrong.
    #[error("{}, line {line}, column {column}: {message}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// The column in characters, counted from 1.
        column: usize,
        /// What is wrong there.
        message: String,
    },
    /// An environment variable is wrong.
    #[error("the environment variable {variable}: {message}")]
    Environment {
        /// Its name.
        variable: String,
        /// What is wrong with it.
        message: String,
    },
    /// A file of its own, which holds one setting, is wrong.
    #[error("{from}: {message}")]
    OwnFile {
        /// The file, and how it was named.
        from: Origin,
        /// What is wrong with it.
        message: String,
    },
    /// A secret comes from a file of its own and from elsewhere, too.
    #[error("{setting} is given twice: {one}; {other}. Take one of them away")]
    Twice {
        /// The setting.
        setting: String,
        /// Where it comes from.
        one: Origin,
        /// Where else.
        other: Origin,
    },
    /// Settings that are needed are missing. One sentence each.
    #[error("{}", .0.join("\n"))]
    Missing(Vec<String>),
}

fn how_to_read(reason: &std::io::Error) -> &'static str {
    match reason.kind() {
        ErrorKind::PermissionDenied => {
            ". It may hold secrets: run the command with sudo, or name another one with --config"
        }
        ErrorKind::InvalidData => ". Save it again as plain text, with UTF-8 as its encoding",
        _ => "",
    }
}

impl SettingsError {
    /// Whether there are settings that whoever runs the program may not read.
    pub fn is_denied(&self) -> bool {
        matches!(self, SettingsError::Unreadable { reason, .. } if reason.kind() == ErrorKind::PermissionDenied)
    }
}

impl Settings {
    /// Reads the settings. The file at `config_path` must exist; without one, the first of [`DEFAULT_FILE`] and
    /// [`SYSTEM_FILE`] that exists is read, if there is one.
    ///
    /// Variables of `env` that do not begin with `ALLO_CMP__` are passed over, unless one differs from ours by its capitals or
    /// its number of `_` alone; empty ones are as if they were not there.
    pub fn load(
        config_path: Option<&Path>,
        env: impl Iterator<Item = (String, String)>,
    ) -> Result<Settings, SettingsError> {
        Loaded::load(config_path, env).map(|loaded| loaded.settings)
    }

    /// The same from what was read.
    pub(crate) fn read(
        path: &Path,
        file: Option<&str>,
        env: impl Iterator<Item = (String, String)>,
    ) -> Result<Settings, SettingsError> {
        Loaded::read(path, file, env.collect(), Vec::new()).map(|loaded| loaded.settings)
    }
}

impl Loaded {
    /// Reads the settings as [`Settings::load`] does, with where each comes from.
    pub fn load(
        config_path: Option<&Path>,
        env: impl Iterator<Item = (String, String)>,
    ) -> Result<Loaded, SettingsError> {
        let Some(path) = config_path else {
            return Loaded::first_of(&[DEFAULT_FILE, SYSTEM_FILE].map(Path::new), env);
        };
        let text = std::fs::read_to_string(path).map_err(unreadable(path))?;
        Loaded::of(Some((path, text)), env)
    }

    /// The same with the first of these files that exists, or without one.
    pub fn first_of(
        candidates: &[&Path],
        env: impl Iterator<Item = (String, String)>,
    ) -> Result<Loaded, SettingsError> {
        Loaded::of(first(candidates)?, env)
    }

    fn of(file: Option<(&Path, String)>, env: impl Iterator<Item = (String, String)>) -> Result<Loaded, SettingsError> {
        let (path, text) = file.map_or((Path::new(DEFAULT_FILE), None), |(path, text)| (path, Some(text)));
        let mut env: Vec<(String, String)> = env.collect();
        names::check_slips(&env)?;
        let (own_files, warnings) = own_file::take(&mut env)?;
        let loaded = Loaded::read(path, text.as_deref(), env, own_files)?;
        let file = text.is_some().then(|| path.to_owned());
        Ok(Loaded { warnings, file, ..loaded })
    }

    fn read(
        path: &Path,
        file: Option<&str>,
        env: Vec<(String, String)>,
        own_files: Vec<OwnFile>,
    ) -> Result<Loaded, SettingsError> {
        let text = file.unwrap_or_default();
        check_file(path, text)?;
        let mut given = inforce::of_file(path, text);
        let mut ours: Vec<(String, String)> = env
            .into_iter()
            .filter(|(name, value)| name.starts_with(names::PREFIX) && !value.trim().is_empty())
            .collect();
        for (variable, value) in &ours {
            check_variable(variable, value)?;
            let name = names::setting(variable).unwrap_or_default();
            let shown = inforce::shown(&name, value);
            given.insert(name, (shown, Origin::Variable(variable.clone())));
        }
        for OwnFile { setting, text, from } in own_files {
            let variable = names::variable(setting);
            if let Err(error) = layered("", &[(variable.clone(), text.clone())]) {
                return Err(own_file::wrong(&from, innermost(&error)));
            }
            if let Some((_, other)) = given.get(setting) {
                return Err(own_file::twice(setting, other, &from));
            }
            given.insert(setting.to_owned(), (inforce::shown(setting, &text), from));
            ours.push((variable, text));
        }
        // File and variables are right one by one; together they could only fail by a fault of ours.
        let settings = layered(text, &ours).map_err(|error| SettingsError::Environment {
            variable: format!("{}...", names::PREFIX),
            message: error.to_string(),
        })?;
        Ok(Loaded { settings, file: None, warnings: Vec::new(), given })
    }
}

fn unreadable(path: &Path) -> impl Fn(std::io::Error) -> SettingsError {
    move |reason| SettingsError::Unreadable { path: path.to_owned(), reason }
}

/// The first of these files that exists, with its text. One that is there and can't be read is not passed over: other
/// settings than those that are meant would be in force.
fn first<'p>(candidates: &[&'p Path]) -> Result<Option<(&'p Path, String)>, SettingsError> {
    for &path in candidates {
        match std::fs::read_to_string(path) {
            Ok(text) => return Ok(Some((path, text))),
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {}
            Err(error) => return Err(unreadable(path)(error)),
        }
    }
    Ok(None)
}

fn layered(file: &str, env: &[(String, String)]) -> Result<Settings, config::ConfigError> {
    let environment = Environment::with_prefix("ALLO_CMP").prefix_separator("__").separator("__");
    Config::builder()
        .add_source(File::from_str(file, FileFormat::Toml))
        .add_source(environment.source(Some(env.iter().cloned().collect())))
        .build()?
        .try_deserialize()
}

fn check_variable(variable: &str, value: &str) -> Result<(), SettingsError> {
    let wrong = |message| Err(SettingsError::Environment { variable: variable.to_owned(), message });
    let setting = names::setting(variable).unwrap_or_default();
    if names::kind(&setting) != Kind::Setting {
        return wrong(format!("there is no such setting. {}", names::advice(&setting, names::variable)));
    }
    // What takes the place of bytes that are no text.
    if value.contains(char::REPLACEMENT_CHARACTER) {
        return wrong("it is not UTF-8".to_owned());
    }
    // Alone, so that the message can say which variable it is about.
    match layered("", &[(variable.to_owned(), value.to_owned())]) {
        Ok(_) => Ok(()),
        Err(error) => wrong(innermost(&error)),
    }
}

/// The message without the key and the origin, which `config` adds around it.
fn innermost(error: &config::ConfigError) -> String {
    match error {
        config::ConfigError::At { error, .. } => innermost(error),
        config::ConfigError::Type { expected, .. } => wanted(expected),
        other => plain(&other.to_string()),
    }
}

/// What serde says of a value of the wrong type, in words of every day and without the value.
fn plain(message: &str) -> String {
    let wrong = ["invalid type: ", "invalid value: "].iter().any(|start| message.starts_with(start));
    match message.rsplit_once(", expected ") {
        Some((_, expected)) if wrong => wanted(expected.trim_end()),
        _ => message.trim_end().to_owned(),
    }
}

fn wanted(expected: &str) -> String {
    let kind = match expected {
        "u32" | "an integer" | "an unsigned 32 bit integer" => "a whole number, as in 10",
        "a boolean" => "true or false, without quotation marks",
        "a string" | "path string" => "a text between quotation marks",
        other => other,
    };
    format!("what is wanted here is {kind}")
}

fn check_file(path: &Path, text: &str) -> Result<(), SettingsError> {
    let table = DeTable::parse(text).map_err(|error| at(path, text, error.span(), spelling(error.message())))?;
    check_names(path, text, "", table.get_ref())?;
    toml::from_str::<Settings>(text).map(|_| ()).map_err(|error| at(path, text, error.span(), error.message()))
}

/// What the parser says of the commonest slips, with how to mend them.
fn spelling(message: &str) -> &str {
    const SAID: [(&str, &str); 4] = [
        (
            "duplicate key",
            "duplicate key: this name stands in the file already. Keep one of the two, with all that belongs to it",
        ),
        (
            "string values must be quoted",
            "a value is missing here, or is written wrong. A text stands between straight quotation marks, as in \"text\"; \
             true, false and numbers stand without",
        ),
        ("key with no value", "write a setting as `name = value`; what is meant for people stands behind #"),
        ("invalid basic string", "a quotation mark has no partner in this line: put one behind the text"),
    ];
    SAID.iter().find(|(start, _)| message.starts_with(start)).map_or(message, |(_, said)| said)
}

fn check_names(path: &Path, text: &str, group: &str, table: &DeTable<'_>) -> Result<(), SettingsError> {
    for (key, value) in table {
        let name = if group.is_empty() { key.get_ref().to_string() } else { format!("{group}.{}", key.get_ref()) };
        let wrong = |message: String| Err(at(path, text, Some(key.span()), &message));
        match (names::kind(&name), value.get_ref()) {
            (Kind::Setting, _) => {}
            (Kind::Group, DeValue::Table(inner)) => check_names(path, text, &name, inner)?,
            (Kind::Group, _) => {
                return wrong(format!("`{name}` holds other settings: write [{name}], and them below it"));
            }
            (Kind::Unknown, _) => {
                let advice = names::advice(&name, str::to_owned);
                return wrong(format!("there is no setting `{name}`. {advice}"));
            }
        }
    }
    Ok(())
}

fn at(path: &Path, text: &str, span: Option<std::ops::Range<usize>>, message: &str) -> SettingsError {
    let before = span.and_then(|span| text.get(..span.start)).unwrap_or_default();
    let in_line = before.rsplit('\n').next().unwrap_or_default();
    SettingsError::File {
        path: path.to_owned(),
        line: before.matches('\n').count() + 1,
        column: in_line.chars().count() + 1,
        message: plain(message),
    }
}

#[cfg(test)]
mod tests;
