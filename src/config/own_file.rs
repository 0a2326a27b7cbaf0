//! Secrets from files of their own: named by a variable that ends with `_FILE` (Docker, Kubernetes), or lying in the folder
//! of credentials that systemd gives to a service, under the name of the setting.
//!
//! Errors name the file, never what stands in it.

use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
};

use super::{
    SettingsError,
    catalogue::{self, Sort},
    inforce::Origin,
    names::{self, Kind, variable},
};
use crate::files::exposed;

/// What systemd sets for a service that has credentials.
const CREDENTIALS: &str = "CREDENTIALS_DIRECTORY";

/// More than any secret has: what is longer is not the file that was meant.
const MOST_BYTES: u64 = 64 * 1024;

/// A setting whose value came from a file of its own.
pub(super) struct OwnFile {
    pub(super) setting: &'static str,
    pub(super) text: String,
    pub(super) from: Origin,
}

/// Takes the variables that name files out of `env`, and reads those files and the credentials. Also what is to be told:
/// files that everyone on this machine may read.
pub(super) fn take(env: &mut Vec<(String, String)>) -> Result<(Vec<OwnFile>, Vec<String>), SettingsError> {
    let mut named = Vec::new();
    env.retain(|(name, value)| {
        let setting =
            catalogue::settings().find(|setting| setting.may_be_a_file() && file_variable(setting.name) == *name);
        if let (Some(setting), false) = (setting, value.trim().is_empty()) {
            let from = Origin::SecretFile { variable: name.clone(), path: PathBuf::from(value) };
            named.push((setting.name, from));
        }
        setting.is_none()
    });
    if let Some((_, folder)) = env.iter().find(|(name, value)| name == CREDENTIALS && !value.trim().is_empty()) {
        named.extend(credentials(Path::new(folder))?);
    }
    let (mut read, mut warnings) = (Vec::<OwnFile>::new(), Vec::new());
    for (setting, from) in named {
        let own = variable(setting);
        if let Some(other) = read.iter().find(|other| other.setting == setting) {
            return Err(twice(setting, &other.from, &from));
        }
        if env.iter().any(|(name, value)| *name == own && !value.trim().is_empty()) {
            return Err(twice(setting, &Origin::Variable(own), &from));
        }
        let path = match &from {
            Origin::SecretFile { path, .. } | Origin::Credential(path) => path,
            _ => continue,
        };
        let text = if is_path(setting) {
            path.display().to_string()
        } else {
            let (text, warning) = text(path).map_err(|message| wrong(&from, message))?;
            warnings.extend(warning);
            text
        };
        read.push(OwnFile { setting, text, from });
    }
    Ok((read, warnings))
}

/// Whether the setting is the path of the file, not what stands in it.
fn is_path(setting: &str) -> bool {
    catalogue::find(setting).is_some_and(|setting| setting.sort == Sort::File)
}

/// The variable that names the file of a setting.
pub(super) fn file_variable(setting: &str) -> String {
    format!("{}_FILE", variable(setting))
}

/// The error about a file of its own.
pub(super) fn wrong(from: &Origin, message: impl Into<String>) -> SettingsError {
    SettingsError::OwnFile { from: from.clone(), message: message.into() }
}

/// The error about a secret that is given in two ways.
pub(super) fn twice(setting: &str, one: &Origin, other: &Origin) -> SettingsError {
    SettingsError::Twice { setting: setting.to_owned(), one: one.clone(), other: other.clone() }
}

/// The files in the folder of credentials that are settings. Those of others are passed over, unless they look like ours.
fn credentials(folder: &Path) -> Result<Vec<(&'static str, Origin)>, SettingsError> {
    let unreadable = |reason| wrong(&Origin::Credential(folder.to_owned()), format!("it can't be read: {reason}"));
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let group = name.split_once('.').map_or("", |(group, _)| group);
        match catalogue::settings().find(|setting| setting.name == name) {
            Some(setting) if setting.may_be_a_credential() => found.push((setting.name, Origin::Credential(path))),
            None if names::kind(group) != Kind::Group => {}
            _ => {
                let secrets = catalogue::settings().filter(|setting| setting.may_be_a_credential());
                let secrets: Vec<&str> = secrets.map(|setting| setting.name).collect();
                let message = format!("no secret has this name. Allowed: {}", secrets.join(", "));
                return Err(wrong(&Origin::Credential(path), message));
            }
        }
    }
    found.sort_by_key(|(name, _)| *name);
    Ok(found)
}

/// The text of a file without the end of its last line, and a warning if everyone may read it.
fn text(path: &Path) -> Result<(String, Option<String>), String> {
    let unreadable = |reason: std::io::Error| format!("it can't be read: {reason}");
    let file = File::open(path).map_err(unreadable)?;
    let warning = file.metadata().ok().and_then(|data| exposed(path, &data));
    let mut bytes = Vec::new();
    file.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err("it is far longer than a secret".to_owned());
    }
    let text = String::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned())?;
    let text = text.trim_end_matches(['\r', '\n']);
    if text.trim().is_empty() {
        return Err("it is empty".to_owned());
    }
    Ok((text.to_owned(), warning))
}
