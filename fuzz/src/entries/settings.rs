//! Settings, and our own parameters in a URL.

use allo_cmp::{config::SettingsError, fuzzing};

/// The text of a settings file. Lines that begin with `ALLO_CMP__` are variables of the environment.
pub(super) fn file(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let is_variable = |line: &&str| line.starts_with("ALLO_CMP__");
    let variables: Vec<(String, String)> = text
        .lines()
        .filter(is_variable)
        .filter_map(|line| line.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let file: String = text.split_inclusive('\n').filter(|line| !is_variable(line)).collect();
    match fuzzing::settings(&file, &variables) {
        Ok(settings) => {
            // Printed without its secrets.
            let _ = format!("{settings:?}");
        }
        Err(error) => {
            assert!(!error.to_string().is_empty());
            if let SettingsError::File { line, column, .. } = error {
                assert!(line <= file.matches('\n').count() + 1 && column >= 1);
            }
        }
    }
}

/// The query of a URL: what is taken from it stands in it as it is.
pub(super) fn query(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (lang, token, round) = fuzzing::query(&text);
    assert!(lang.is_none_or(|lang| text.contains(&format!("l={lang}"))), "{text:?}");
    assert!(token.is_none_or(|token| text.contains(&format!("s={token}"))), "{text:?}");
    assert!(round <= 3, "{text:?}");
    // Written anew, it is read as the same.
    let again = format!(
        "l={}&f={round}{}",
        lang.map_or("mul".to_owned(), |lang| lang.to_string()),
        match token {
            Some(token) => format!("&s={token}"),
            None => String::new(),
        }
    );
    assert_eq!(fuzzing::query(&again), (lang, token, round), "{again:?}");
}
