//! The voice of each language at Twilio. A language without a voice here is never spoken by another's: it needs recordings.
//!
//! Names and codes are those of twilio-node 6.2.0 (`SayVoice`, `SayLanguage`). Twilio has no voice for Dari, Pashto,
//! Somali, Tigrinya, Lingala, Wolof and Bambara.

use crate::call::Lang;

/// How Twilio names a language and the voice that speaks it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Voice {
    /// The attribute `language` of `Say`.
    pub(super) language: &'static str,
    /// The attribute `voice` of `Say`.
    pub(super) name: &'static str,
}

/// The voice of a language, if Twilio has one.
pub(super) fn of(lang: Lang) -> Option<Voice> {
    let (language, name) = match lang.as_str() {
        "fr" => ("fr-FR", "Polly.Lea-Neural"),
        "en" => ("en-GB", "Polly.Amy-Neural"),
        "ar" => ("arb", "Polly.Zeina"),
        "bn" => ("bn-IN", "Google.bn-IN-Wavenet-A"),
        "es" => ("es-ES", "Polly.Lucia-Neural"),
        "pt" => ("pt-PT", "Polly.Ines-Neural"),
        "ro" => ("ro-RO", "Polly.Carmen"),
        "ru" => ("ru-RU", "Polly.Tatyana"),
        "ta" => ("ta-IN", "Google.ta-IN-Wavenet-A"),
        "tr" => ("tr-TR", "Polly.Burcu-Neural"),
        "uk" => ("uk-UA", "Google.uk-UA-Wavenet-A"),
        "zh" => ("cmn-CN", "Polly.Zhiyu-Neural"),
        _ => return None,
    };
    Some(Voice { language, name })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn peer_defect_10_a_language_without_a_voice_has_none_rather_than_anothers() {
        for lang in ["prs", "fa", "ps", "so", "ti", "ln", "wo", "bm", "xx"] {
            assert_eq!(of(lang.parse().unwrap()), None, "{lang}");
        }
    }

    #[test]
    fn a_voice_is_of_the_language_that_it_speaks() {
        assert_eq!(of(Lang::FR), Some(Voice { language: "fr-FR", name: "Polly.Lea-Neural" }));
        for lang in ["bn", "ta", "uk"] {
            let voice = of(lang.parse().unwrap()).unwrap();
            assert!(voice.name.contains(voice.language), "{voice:?}");
        }
    }
}
