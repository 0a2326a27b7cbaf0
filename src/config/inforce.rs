//! What is in force, and where each value comes from. Secrets are held apart from what may be shown.

use std::{
    collections::BTreeMap,
    fmt,
    path::{Path, PathBuf},
};

use toml::de::{DeTable, DeValue};

use super::{
    Settings,
    catalogue::{self, Sort},
    names::{self, Kind},
    secret::without_password,
};

/// Where a value comes from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Origin {
    /// Nobody gave it.
    Default,
    /// The settings file.
    File {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
    },
    /// The environment variable of this name.
    Variable(String),
    /// A file of its own.
    SecretFile {
        /// The variable that names it.
        variable: String,
        /// The file.
        path: PathBuf,
    },
    /// A file in the folder of credentials that systemd gave.
    Credential(PathBuf),
    /// An option of the command line.
    Option(&'static str),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Default => f.write_str("default"),
            Origin::File { path, line } => write!(f, "{}, line {line}", path.display()),
            Origin::Variable(name) => f.write_str(name),
            Origin::SecretFile { variable, path } => write!(f, "{}, which {variable} names", path.display()),
            Origin::Credential(path) => write!(f, "{}, a credential", path.display()),
            Origin::Option(name) => f.write_str(name),
        }
    }
}

/// A setting as it is in force.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct InForce {
    /// Its name with dots.
    pub name: String,
    /// Its value as it may be shown; of a secret or a telephone number `given`. Nothing if there is neither value nor default.
    pub value: Option<String>,
    /// What holds without it, if nobody gave it and it has no default.
    pub without: Option<&'static str>,
    /// Whether it is a secret.
    pub secret: bool,
    /// Where the value comes from.
    pub from: Origin,
}

/// Settings together with where they come from.
pub struct Loaded {
    /// The settings.
    pub settings: Settings,
    /// The settings file, if there is one.
    pub file: Option<PathBuf>,
    /// What should be mended although it stops nothing.
    pub warnings: Vec<String>,
    pub(super) given: BTreeMap<String, (Option<String>, Origin)>,
}

impl Loaded {
    /// Notes that an option of the command line has set this.
    pub fn set_by_option(&mut self, name: &str, value: String, option: &'static str) {
        self.given.insert(name.to_owned(), (Some(value), Origin::Option(option)));
    }

    /// Every setting, in the order of the example; of settings by language those that are given, or one that stands for them.
    pub fn in_force(&self) -> Vec<InForce> {
        let mut all = Vec::new();
        for setting in catalogue::settings() {
            let one = |name: &str, value: Option<String>, from: Origin| InForce {
                name: name.to_owned(),
                value,
                without: setting.without,
                secret: setting.sort == Sort::Secret,
                from,
            };
            let mut names = vec![setting.name];
            if setting.sort == Sort::PerLanguage {
                // Other languages stand behind the first that the catalogue has.
                let like = |name: &&str| {
                    *name != setting.name && catalogue::find(name).is_some_and(|found| found.name == setting.name)
                };
                names.extend(self.given.keys().map(String::as_str).filter(like));
            }
            for name in names {
                all.push(match self.given.get(name) {
                    Some((value, from)) => one(name, Some(value.clone().unwrap_or("given".to_owned())), from.clone()),
                    None if setting.without.is_none() => one(name, Some(bare(setting.toml)), Origin::Default),
                    None => one(name, None, Origin::Default),
                });
            }
        }
        all
    }
}

/// What may be shown of the value of a setting; nothing of a secret.
pub(super) fn shown(name: &str, value: &str) -> Option<String> {
    match catalogue::find(name)?.sort {
        Sort::Open | Sort::PerLanguage | Sort::File => Some(value.trim().to_owned()),
        Sort::Address => Some(without_password(value.trim())),
        Sort::Number | Sort::Secret => None,
    }
}

fn bare(toml: &str) -> String {
    toml.trim_matches('"').to_owned()
}

/// What a settings file gives, with its lines.
pub(super) fn of_file(path: &Path, text: &str) -> BTreeMap<String, (Option<String>, Origin)> {
    let mut given = BTreeMap::new();
    if let Ok(table) = DeTable::parse(text) {
        of_table(path, text, "", table.get_ref(), &mut given);
    }
    given
}

fn of_table(
    path: &Path,
    text: &str,
    group: &str,
    table: &DeTable<'_>,
    given: &mut BTreeMap<String, (Option<String>, Origin)>,
) {
    for (key, value) in table {
        let name = if group.is_empty() { key.get_ref().to_string() } else { format!("{group}.{}", key.get_ref()) };
        if let (Kind::Group, DeValue::Table(inner)) = (names::kind(&name), value.get_ref()) {
            of_table(path, text, &name, inner, given);
            continue;
        }
        let written = match value.get_ref() {
            DeValue::String(text) => text.to_string(),
            _ => text.get(value.span()).unwrap_or_default().to_owned(),
        };
        let line = text.get(..key.span().start).unwrap_or_default().matches('\n').count() + 1;
        given.insert(name.clone(), (shown(&name, &written), Origin::File { path: path.to_owned(), line }));
    }
}
