//! Voices that an operator chose in place of a provider's default ones.
//!
//! A voice is never used for another language than its own, as far as its name tells: by a locale in it
//! (`Google.fr-FR-Wavenet-A`), or because it is one of Amazon's that are known. Made once, when the settings are read, and
//! kept as long as the program lives.

use super::{Capabilities, capabilities, capabilities::Voice, twiml::Traits};
use crate::call::Lang;

/// Voices of Amazon beside those that are defaults, with what they speak.
const KNOWN: &[(&str, &[&str])] = &[
    ("fr-FR", &["Celine", "Mathieu", "Remi", "Rémi"]),
    ("fr-CA", &["Chantal", "Gabrielle", "Liam"]),
    ("en-GB", &["Amy", "Emma", "Brian", "Arthur"]),
    ("en-US", &["Joanna", "Matthew", "Kendra", "Kimberly", "Salli", "Joey", "Ivy", "Justin", "Ruth", "Stephen"]),
    ("en-AU", &["Nicole", "Russell", "Olivia"]),
    ("es-ES", &["Conchita", "Enrique"]),
    ("de-DE", &["Marlene", "Vicki", "Hans"]),
    ("it-IT", &["Carla", "Bianca", "Giorgio"]),
    ("pt-BR", &["Vitoria", "Camila", "Ricardo"]),
    ("ru-RU", &["Maxim"]),
    ("ar-AE", &["Hala", "Zayd"]),
];

/// Why a voice can't be used.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum WrongVoice {
    /// Its name tells that it speaks another language.
    #[error("the voice `{name}` speaks {speaks}, not `{lang}`: no language is spoken by another's voice")]
    OtherLanguage {
        /// The voice.
        name: String,
        /// What it speaks.
        speaks: String,
        /// What it was chosen for.
        lang: Lang,
    },
    /// There is no name.
    #[error("the voice for `{0}` has no name: write one, or take the line out")]
    NoName(Lang),
}

/// What the provider can do, with these voices in place of its own. It lives as long as the program.
pub fn chosen<'c>(
    provider: &'static Capabilities,
    choices: impl IntoIterator<Item = (&'c Lang, &'c String)>,
) -> Result<&'static Capabilities, WrongVoice> {
    let mut voices = provider.voices.to_vec();
    let mut changed = false;
    for (lang, name) in choices {
        let voice = judged(provider, *lang, name.trim())?;
        changed = true;
        match voices.iter_mut().find(|(code, _)| *code == lang.as_str()) {
            Some((_, own)) => *own = voice,
            None => voices.push((kept(lang.as_str()), voice)),
        }
    }
    if !changed {
        return Ok(provider);
    }
    Ok(Box::leak(Box::new(Capabilities { voices: Vec::leak(voices), ..provider.clone() })))
}

impl Traits {
    /// The same with other capabilities. It lives as long as the program.
    pub(super) fn with(&'static self, capabilities: &'static Capabilities) -> &'static Traits {
        Box::leak(Box::new(Traits { capabilities, ..*self }))
    }
}

fn judged(provider: &Capabilities, lang: Lang, name: &str) -> Result<Voice, WrongVoice> {
    if name.is_empty() {
        return Err(WrongVoice::NoName(lang));
    }
    let told = locale(name).map(str::to_owned).or_else(|| known(name));
    if let Some(speaks) = &told
        && !is_of(speaks, lang)
    {
        return Err(WrongVoice::OtherLanguage { name: name.to_owned(), speaks: speaks.clone(), lang });
    }
    let own = provider.voice(lang).map(|voice| voice.language.to_owned());
    let language = told.or(own).unwrap_or_else(|| lang.to_string());
    Ok(Voice::new(kept(&language), kept(name)))
}

fn kept(text: &str) -> &'static str {
    Box::leak(text.to_owned().into_boxed_str())
}

/// The locale in a name, as `fr-FR` in `Google.fr-FR-Wavenet-A`.
fn locale(name: &str) -> Option<&str> {
    name.split('.').find_map(|part| {
        let (lang, rest) = part.split_once('-')?;
        let region: &str = rest.split('-').next()?;
        let right = (2..=3).contains(&lang.len())
            && lang.bytes().all(|c| c.is_ascii_lowercase())
            && region.len() == 2
            && region.bytes().all(|c| c.is_ascii_uppercase());
        right.then(|| &part[..lang.len() + 1 + region.len()])
    })
}

/// What a voice of Amazon speaks, by its first name.
fn known(name: &str) -> Option<String> {
    let first = |name: &str| Some(name.strip_prefix("Polly.")?.split('-').next()?.to_owned());
    let of = first(name)?;
    let listed = KNOWN.iter().find(|(_, names)| names.contains(&of.as_str())).map(|(locale, _)| (*locale).to_owned());
    listed.or_else(|| {
        let mut defaults = capabilities::ALL.into_iter().flat_map(|one| one.voices);
        let voice = defaults.find(|(_, voice)| first(voice.name).as_deref() == Some(of.as_str()));
        voice.map(|(_, voice)| voice.language.to_owned())
    })
}

/// Whether a locale is one of the language. Amazon has codes of its own for Chinese and Arabic.
fn is_of(locale: &str, lang: Lang) -> bool {
    let code = locale.split('-').next().unwrap_or_default();
    match lang.as_str() {
        "zh" => matches!(code, "zh" | "cmn"),
        "ar" => matches!(code, "ar" | "arb"),
        lang => code == lang,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::provider::{signalwire, twilio};

    fn with(provider: &'static Capabilities, lang: &str, name: &str) -> Result<Voice, WrongVoice> {
        let lang: Lang = lang.parse().unwrap();
        chosen(provider, &BTreeMap::from([(lang, name.to_owned())])).map(|provider| provider.voice(lang).unwrap())
    }

    #[test]
    fn a_chosen_voice_takes_the_place_of_the_default_with_the_language_that_it_speaks() {
        for (lang, name, language) in [
            ("fr", "Polly.Mathieu", "fr-FR"),
            ("fr", "Polly.Gabrielle-Neural", "fr-CA"),
            ("fr", "Google.fr-FR-Wavenet-A", "fr-FR"),
            ("fr", "a-voice-of-tomorrow", "fr-FR"),
            ("zh", "Google.cmn-TW-Wavenet-A", "cmn-TW"),
            ("ps", "azure.ps-AF-GulNawazNeural", "ps-AF"),
            ("wo", "a-voice-of-tomorrow", "wo"),
        ] {
            let voice = with(&twilio::CAPABILITIES, lang, name).unwrap();
            assert_eq!((voice.language, voice.name), (language, name));
        }
        assert_eq!(with(&signalwire::CAPABILITIES, "en", " Polly.Emma ").unwrap().name, "Polly.Emma");
        let none = chosen(&twilio::CAPABILITIES, &BTreeMap::new()).unwrap();
        assert!(std::ptr::eq(none, &twilio::CAPABILITIES));
    }

    #[test]
    fn peer_defect_10_a_voice_of_another_language_is_refused() {
        for (lang, name, speaks) in [
            ("fr", "Polly.Amy-Neural", "en-GB"),
            ("en", "Polly.Lea", "fr-FR"),
            ("prs", "azure.fa-IR-DilaraNeural", "fa-IR"),
            ("so", "Google.en-US-Standard-A", "en-US"),
            ("es", "Polly.Zeina", "arb"),
        ] {
            let wrong = with(&twilio::CAPABILITIES, lang, name).unwrap_err().to_string();
            assert!(wrong.contains(speaks) && wrong.contains(lang), "{wrong}");
        }
        assert!(with(&twilio::CAPABILITIES, "fr", " ").is_err());
    }
}
