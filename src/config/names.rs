//! The names of all settings, in one list: what is not in it is a mistake, and the list says what may have been meant.
//!
//! The structs of `settings` must know exactly these; a test holds the two together.

/// Every setting that has a value of its own.
pub(super) const SETTINGS: [&str; 47] = [
    "server.listen",
    "server.public_url",
    "server.secret",
    "server.max_connections",
    "server.grace_seconds",
    "server.linger_seconds",
    "admin.listen",
    "telemetry.otlp_endpoint",
    "providers.twilio.auth_token",
    "providers.twilio.caller_id",
    "providers.twilio.voices.fr",
    "providers.twilio.can_dial_short_numbers",
    "providers.somleng.auth_token",
    "providers.somleng.caller_id",
    "providers.somleng.voices.fr",
    "providers.somleng.can_dial_short_numbers",
    "providers.plivo.auth_token",
    "providers.plivo.caller_id",
    "providers.plivo.voices.fr",
    "providers.plivo.can_dial_short_numbers",
    "providers.signalwire.signing_key",
    "providers.signalwire.caller_id",
    "providers.signalwire.voices.fr",
    "providers.telnyx.public_key",
    "providers.telnyx.caller_id",
    "providers.telnyx.voices.fr",
    "journal.url",
    "journal.spool_path",
    "journal.spool_mb",
    "journal.keep_days",
    "journal.count_callers",
    "journal.key",
    "directory.path",
    "directory.corrections",
    "directory.stale_days",
    "lines.state_path",
    "limits.new_calls_per_caller",
    "limits.new_calls_per_minute",
    "flows",
    "scripts",
    "line.call_is_free",
    "line.number",
    "line.fallback_number",
    "line.operator.fr",
    "line.operator.en",
    "line.contact.fr",
    "line.contact.en",
];

/// Groups whose names are languages: any code may stand where the list shows `fr` and `en`.
const BY_LANGUAGE: [&str; 7] = [
    "line.operator",
    "line.contact",
    "providers.twilio.voices",
    "providers.somleng.voices",
    "providers.plivo.voices",
    "providers.signalwire.voices",
    "providers.telnyx.voices",
];

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
    let by_language = name.rsplit_once('.').is_some_and(|(group, _)| BY_LANGUAGE.contains(&group));
    if by_language || SETTINGS.contains(&name) {
        Kind::Setting
    } else if SETTINGS.iter().any(|setting| in_group(setting)) {
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

/// What may have been meant by an unknown name, and what its group allows. `write` turns a setting into what one types.
pub(super) fn advice(unknown: &str, write: impl Fn(&str) -> String) -> String {
    let nearest =
        SETTINGS.iter().map(|setting| (distance(unknown, setting), setting)).min_by_key(|(distance, _)| *distance);
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
    let members = |group: &str| SETTINGS.into_iter().filter(|setting| setting.starts_with(group)).collect::<Vec<_>>();
    groups.map(members).find(|members| !members.is_empty()).unwrap_or_else(|| SETTINGS.to_vec())
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
        for name in SETTINGS {
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
        assert!(advice("nonsense").starts_with("Allowed: server.listen, "));
    }
}
