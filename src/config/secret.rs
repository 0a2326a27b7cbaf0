//! Secrets and addresses that hold one. They are read, used, and never printed: not by `Debug`, not in an error.

use std::{fmt, path::PathBuf};

use serde::{Deserialize, Deserializer, de};

use crate::journal::sqlite_file;

/// The fewest characters of a secret of our own: what 128 bits look like, written in hexadecimal.
const MIN_OWN: usize = 32;

/// Something that must not be read over a shoulder: a token or a key that a provider gave.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// The secret itself, for the code that signs or verifies.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(·)")
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Secret, D::Error> {
        let text = d.deserialize_any(Texts)?;
        match <[String; 1]>::try_from(text) {
            Ok([text]) if !text.trim().is_empty() => Ok(Secret(text.trim().to_owned())),
            _ => Err(de::Error::custom("one secret is wanted here, between quotation marks, and not empty")),
        }
    }
}

/// Our own secrets, at least one: the first seals, all of them open, so that a secret can be replaced without a gap.
#[derive(Clone)]
pub struct Secrets(Vec<Secret>);

impl Secrets {
    /// The secret that seals.
    pub fn first(&self) -> &str {
        self.0.first().map(Secret::expose).unwrap_or_default()
    }

    /// Those that only open what was sealed before they were replaced.
    pub fn older(&self) -> Vec<&str> {
        self.0.iter().skip(1).map(Secret::expose).collect()
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secrets({})", self.0.len())
    }
}

impl<'de> Deserialize<'de> for Secrets {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Secrets, D::Error> {
        let secrets: Vec<String> = d.deserialize_any(Texts)?.iter().flat_map(|text| one_or_more(text)).collect();
        if secrets.is_empty() {
            return Err(de::Error::custom("a secret is wanted here: make one with `openssl rand -hex 32`"));
        }
        if let Some(at) = secrets.iter().position(|secret| secret.chars().count() < MIN_OWN) {
            return Err(de::Error::custom(format!(
                "secret number {} has fewer than {MIN_OWN} characters: make one with `openssl rand -hex 32`",
                at + 1
            )));
        }
        Ok(Secrets(secrets.into_iter().map(Secret).collect()))
    }
}

/// Cuts a text at commas, and at blanks too if every part is then long enough: else it is a phrase with blanks.
fn one_or_more(text: &str) -> Vec<String> {
    let by_comma = text.split(',').map(str::trim).filter(|part| !part.is_empty());
    let cut = |part: &str| {
        let words: Vec<String> = part.split_whitespace().map(str::to_owned).collect();
        if words.iter().all(|word| word.chars().count() >= MIN_OWN) { words } else { vec![part.to_owned()] }
    };
    by_comma.flat_map(cut).collect()
}

/// Reads one text or a list of texts. What is anything else is not repeated in the error: it may be a secret.
struct Texts;

impl<'de> de::Visitor<'de> for Texts {
    type Value = Vec<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a secret between quotation marks")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Vec<String>, E> {
        Ok(vec![text.to_owned()])
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, mut list: A) -> Result<Vec<String>, A::Error> {
        let mut texts = Vec::new();
        while let Some(Text(text)) = list.next_element()? {
            texts.push(text);
        }
        Ok(texts)
    }

    fn visit_i64<E: de::Error>(self, _: i64) -> Result<Vec<String>, E> {
        Err(unquoted())
    }

    fn visit_u64<E: de::Error>(self, _: u64) -> Result<Vec<String>, E> {
        Err(unquoted())
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<Vec<String>, E> {
        Err(unquoted())
    }
}

/// One text of a list of secrets.
struct Text(String);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Text, D::Error> {
        match <[String; 1]>::try_from(d.deserialize_any(Texts)?) {
            Ok([text]) => Ok(Text(text)),
            Err(_) => Err(unquoted()),
        }
    }
}

fn unquoted<E: de::Error>() -> E {
    E::custom("a secret stands between quotation marks, as in \"...\"")
}

/// The public URL of the line: `http` or `https`, absolute, without query, kept as it was written, without a final `/`.
///
/// Signatures cover it to the letter, so nothing in it is tidied up.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicUrl(String);

impl PublicUrl {
    /// The URL, without a `/` at its end.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&without_password(&self.0))
    }
}

impl<'de> Deserialize<'de> for PublicUrl {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<PublicUrl, D::Error> {
        let text = String::deserialize(d)?;
        let text = text.trim().trim_end_matches('/');
        let url = url::Url::parse(text).ok().filter(|url| url.has_host());
        let right = url.is_some_and(|url| matches!(url.scheme(), "http" | "https"))
            && text.is_ascii()
            && !text.contains(['?', '#', ' ', '\\']);
        if right {
            Ok(PublicUrl(text.to_owned()))
        } else {
            Err(de::Error::custom(
                "a whole address is wanted, without `?` and `#`, as the providers call it: https://line.example.org",
            ))
        }
    }
}

/// Where the journal is: `sqlite:...` or `postgres://...`, which may hold a password; or `none`.
#[derive(Clone, PartialEq, Eq)]
pub struct JournalUrl(String);

impl Default for JournalUrl {
    fn default() -> JournalUrl {
        JournalUrl("sqlite:data/journal.db".to_owned())
    }
}

impl JournalUrl {
    /// The address with its password, for the driver; nothing, where there is to be no journal.
    pub fn expose(&self) -> Option<&str> {
        (self.0 != "none").then_some(self.0.as_str())
    }

    /// The file, if it is one.
    pub fn file(&self) -> Option<PathBuf> {
        sqlite_file(&self.0)
    }
}

impl fmt::Debug for JournalUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&without_password(&self.0))
    }
}

impl<'de> Deserialize<'de> for JournalUrl {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<JournalUrl, D::Error> {
        let text = String::deserialize(d)?.trim().to_owned();
        if text == "none" || ["sqlite:", "postgres://", "postgresql://"].iter().any(|scheme| text.starts_with(scheme)) {
            Ok(JournalUrl(text))
        } else {
            Err(de::Error::custom("write sqlite: and a file, postgres:// and a server, or none"))
        }
    }
}

/// A URL as it may be printed: without user, password and query.
pub(super) fn without_password(url: &str) -> String {
    let (url, query) = url.split_once('?').map_or((url, ""), |(url, _)| (url, "?·"));
    let start = url.find("://").map_or(0, |at| at + 3);
    let shown = match url[start..].rfind('@') {
        Some(at) => format!("{}·{}", &url[..start], &url[start + at..]),
        None => url.to_owned(),
    };
    shown + query
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_not_printed() {
        assert_eq!(without_password("postgres://me:pa@ss@db/x?password=y"), "postgres://·@db/x?·");
        assert_eq!(without_password("https://line.example.org/a"), "https://line.example.org/a");
        assert_eq!(without_password("sqlite:journal.db"), "sqlite:journal.db");
    }

    #[test]
    fn the_file_of_a_journal_is_known() {
        let file = |url: &str| JournalUrl(url.to_owned()).file();
        for url in ["sqlite:a/j.db", "sqlite://a/j.db", "sqlite:a/j.db?mode=rwc", "sqlite:a%2Fj.db"] {
            assert_eq!(file(url), Some(PathBuf::from("a/j.db")), "{url}");
        }
        assert_eq!(file("sqlite:///var/j.db"), Some(PathBuf::from("/var/j.db")));
        for url in ["none", "sqlite::memory:", "sqlite:", "postgres://db/j"] {
            assert_eq!(file(url), None, "{url}");
        }
    }

    #[test]
    fn a_phrase_with_blanks_is_one_secret_and_long_words_are_several() {
        let (a, b) = ("a".repeat(32), "b".repeat(40));
        assert_eq!(one_or_more(&format!("{a} {b}")), [a.clone(), b.clone()]);
        assert_eq!(one_or_more(&format!(" {a},{b} ,")), [a, b]);
        assert_eq!(one_or_more("a secret of at least thirty-two characters").len(), 1);
        assert_eq!(one_or_more("short,and longer").len(), 2);
        assert!(one_or_more(" , ").is_empty());
    }
}
