//! What a provider can do, as data: what is rendered for it, and what a line would lose there.
//!
//! A dialect states its own beside its code. A language without a voice is never spoken by another's: it needs recordings.

use std::ops::RangeInclusive;

use super::{chunks::Limits, plivo, signalwire, somleng, telnyx, twilio};
use crate::call::Lang;

/// All that is known of what a provider takes.
#[derive(Clone, Debug)]
pub struct Capabilities {
    /// The provider's name in paths and settings.
    pub name: &'static str,
    /// The elements or verbs of its documents that an answer of ours may need.
    pub verbs: &'static [&'static str],
    /// Its voice for each language that it can speak, by the language's code.
    pub voices: &'static [(&'static str, Voice)],
    /// What one spoken element may hold.
    pub speech: Limits,
    /// The largest document that it reads, in bytes.
    pub document: usize,
    /// Numbers that ring at once, at most.
    pub most_targets: usize,
    /// Seconds that a number may be told to ring.
    pub ring: RangeInclusive<u8>,
    /// Short national numbers, as 3114.
    pub short_numbers: ShortNumbers,
    /// A text message can be sent from within an answer.
    pub sms_verb: bool,
    /// The markup that its voices obey.
    pub ssml: Ssml,
    /// The voice can be slowed by an attribute of the spoken element, outside of SSML.
    pub speed: bool,
    /// How whoever answers is asked whether they accept.
    pub asks: Asking,
    /// The caller can leave a conversation by the star key.
    pub hangup_on_star: bool,
    /// A GET is signed with its parameters, so that it can be believed.
    pub signed_get: bool,
}

/// Whether short national numbers can be dialled.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ShortNumbers {
    /// As far as is known, by no account.
    Never,
    /// Where the operator knows that the account can.
    WhereConfigured,
}

/// How whoever answers for us is asked whether they take the call.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Asking {
    /// They can't be: the caller is asked afterwards.
    Nobody,
    /// By a document of ours, which hears their keys.
    AtLeg,
    /// By the provider, which plays our words, hears one key, and tells us that the two were connected.
    ByKey,
}

/// Which elements of SSML a provider's voices obey.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ssml {
    /// `break`, `sub` and `prosody`, and so all that is written here.
    Whole,
    /// None that can be relied upon: words are written as they are to be heard, and silence is played.
    None,
}

/// How a provider names a language and the voice that speaks it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Voice {
    /// The language, in the provider's spelling.
    pub language: &'static str,
    /// The voice.
    pub name: &'static str,
}

impl Voice {
    /// A voice by its language and its name.
    pub(super) const fn new(language: &'static str, name: &'static str) -> Voice {
        Voice { language, name }
    }
}

/// Every provider whose dialect is spoken. A new one is found by its name once it stands here.
pub static ALL: [&Capabilities; 5] = [
    &twilio::CAPABILITIES,
    &signalwire::CAPABILITIES,
    &telnyx::CAPABILITIES,
    &somleng::CAPABILITIES,
    &plivo::CAPABILITIES,
];

impl Capabilities {
    /// Those of the provider that has this name in paths and settings.
    pub fn of(name: &str) -> Option<&'static Capabilities> {
        ALL.into_iter().find(|capabilities| capabilities.name == name)
    }

    /// The voice of a language, if the provider has one.
    pub fn voice(&self, lang: Lang) -> Option<Voice> {
        self.voices.iter().find(|(code, _)| *code == lang.as_str()).map(|(_, voice)| *voice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn peer_defect_10_a_language_without_a_voice_has_none_rather_than_anothers() {
        for capabilities in ALL {
            // Dari is not Iranian Persian.
            for lang in ["prs", "fa", "ti", "ln", "wo", "bm", "xx"] {
                assert_eq!(capabilities.voice(lang.parse().unwrap()), None, "{lang}: {}", capabilities.name);
            }
        }
    }

    #[test]
    fn a_voice_is_of_the_language_that_it_speaks_and_french_and_english_have_one_everywhere() {
        for capabilities in ALL {
            for lang in [Lang::FR, Lang::EN] {
                let voice = capabilities.voice(lang).unwrap();
                assert!(voice.language.starts_with(lang.as_str()), "{voice:?}");
            }
            for (code, voice) in capabilities.voices {
                // Chinese and Arabic have codes of their own at Amazon; elsewhere the codes are the same.
                let codes = match *code {
                    "zh" => ["cmn", "zh"],
                    "ar" => ["arb", "ar"],
                    code => [code, code],
                };
                assert!(codes.iter().any(|code| voice.language.starts_with(code)), "{code}: {voice:?}");
                let named = voice.name.split_once('.').map_or("", |(_, name)| name);
                let tells_language = !voice.name.starts_with("Polly.");
                assert!(!tells_language || named.starts_with(voice.language), "{voice:?}");
                let twice = capabilities.voices.iter().filter(|(other, _)| other == code).count();
                assert_eq!(twice, 1, "{code}: {}", capabilities.name);
            }
        }
    }

    #[test]
    fn what_is_stated_can_be_kept() {
        for capabilities in ALL {
            assert!(capabilities.speech.chars <= 450 && capabilities.document <= 100_000, "{}", capabilities.name);
            assert!((1..=10).contains(&capabilities.most_targets));
            assert!(capabilities.ring.contains(&25));
            let [say, gather] = if capabilities.name == "plivo" { ["Speak", "GetInput"] } else { ["Say", "Gather"] };
            for verb in [say, "Play", gather, "Dial", "Redirect", "Hangup"] {
                assert!(capabilities.verbs.contains(&verb), "{verb}: {}", capabilities.name);
            }
        }
    }
}
