//! The names of settings: what is not in the catalogue is a mistake, and the catalogue says what may have been meant.

use super::{SettingsError, catalogue, own_file::file_variable};

/// What begins the name of each of our environment variables.
pub(super) const PREFIX: &str = "ALLO_CMP__";

/// What a dotted name is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// It has a value.
    Setting,
    /// It holds others.
    Group,
    /// There is no such thing.
    Unknown,
}

pub(super) fn kind(name: &str) -> Kind {
    let in_group = |setting: &str| setting.strip_prefix(name).is_some_and(|rest| rest.starts_with('.'));
    if catalogue::find(name).is_some() {
        Kind::Setting
    } else if catalogue::settings().any(|setting| in_group(setting.name)) {
        Kind::Group
    } else {
        Kind::Unknown
    }
}

/// The environment variable of a setting.
pub fn variable(setting: &str) -> String {
    format!("{PREFIX}{}", setting.to_uppercase().replace('.', "__"))
}

/// The setting of an environment variable, if it begins as ours do.
pub(super) fn setting(variable: &str) -> Option<String> {
    variable.strip_prefix(PREFIX).map(|rest| rest.to_lowercase().replace("__", "."))
}

/// A variable that is one of ours but for its capitals and its number of `_` is a mistake: it would have no effect. Others that
/// begin nearly as ours do belong to somebody else, as `ALLO_CMP_SERVICE_HOST` to Kubernetes.
pub(super) fn check_slips(env: &[(String, String)]) -> Result<(), SettingsError> {
    let begin = even(PREFIX);
    let near = env.iter().filter(|(name, value)| {
        !name.starts_with(PREFIX) && !value.trim().is_empty() && even(name).starts_with(&begin)
    });
    for (name, _) in near {
        let ours = catalogue::settings().map(|setting| setting.name);
        let meant = ours.flat_map(|ours| [variable(ours), file_variable(ours)]).find(|ours| even(ours) == even(name));
        if let Some(meant) = meant {
            let message = format!("there is no such setting. Did you mean {meant}?");
            return Err(SettingsError::Environment { variable: name.clone(), message });
        }
    }
    Ok(())
}

/// In capitals, with one `_` for several.
fn even(variable: &str) -> String {
    let words = variable.split('_').filter(|word| !word.is_empty());
    words.map(str::to_uppercase).collect::<Vec<_>>().join("_")
}

/// What may have been meant by an unknown name, and what its group allows. `write` turns a setting into what one types.
pub(super) fn advice(unknown: &str, write: impl Fn(&str) -> String) -> String {
    let nearest = catalogue::settings()
        .map(|setting| (distance(unknown, setting.name), setting.name))
        .min_by_key(|(distance, _)| *distance);
    let meant = nearest.filter(|(distance, _)| *distance <= 3).map(|(_, setting)| write(setting));
    let siblings = siblings(unknown);
    let listed = siblings.iter().map(|setting| write(setting)).collect::<Vec<_>>().join(", ");
    match meant {
        Some(meant) => format!("Did you mean {meant}? Allowed: {listed}."),
        None => format!("Allowed: {listed}."),
    }
}

/// The settings of the innermost group that exists around a name, or all of them.
fn siblings(name: &str) -> Vec<&'static str> {
    let groups = name.char_indices().rev().filter(|(_, c)| *c == '.').map(|(at, _)| &name[..=at]);
    let all = || catalogue::settings().map(|setting| setting.name);
    let members = |group: &str| all().filter(|setting| setting.starts_with(group)).collect::<Vec<_>>();
    groups.map(members).find(|members| !members.is_empty()).unwrap_or_else(|| all().collect())
}

/// How many letters must be added, taken away or changed (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let changed = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_settings_groups_or_nothing() {
        assert_eq!(kind("server.listen"), Kind::Setting);
        assert_eq!(kind("line.operator.prs"), Kind::Setting);
        assert_eq!(kind("flows"), Kind::Setting);
        for group in ["server", "providers", "providers.twilio", "line.contact"] {
            assert_eq!(kind(group), Kind::Group, "{group}");
        }
        for unknown in ["serv", "server.lisen", "line.operator.fr.x", "", "providers.vonage", "line.x.fr"] {
            assert_eq!(kind(unknown), Kind::Unknown, "{unknown}");
        }
    }

    #[test]
    fn variables_and_settings_name_each_other() {
        for name in catalogue::settings().map(|setting| setting.name) {
            assert_eq!(setting(&variable(name)).as_deref(), Some(name));
        }
        assert_eq!(variable("providers.twilio.auth_token"), "ALLO_CMP__PROVIDERS__TWILIO__AUTH_TOKEN");
        assert_eq!(setting("PATH"), None);
    }

    #[test]
    fn advice_names_the_nearest_and_the_neighbours() {
        let advice = |name| advice(name, str::to_owned);
        assert_eq!(advice("admin.lisen"), "Did you mean admin.listen? Allowed: admin.listen.");
        assert!(advice("providers.vonage.auth_token").contains("providers.twilio.auth_token"));
        assert!(
            advice("nonsense").starts_with("Allowed: flows, scripts, flows_overlay, scripts_overlay, server.listen, ")
        );
    }
}
