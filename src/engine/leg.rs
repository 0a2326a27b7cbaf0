//! T8: what whoever answers for us hears, and what their keys do. Never who calls.
//!
//! The whisper says which line it is and in which language the caller is; key 1 accepts, 2 refuses, 8 seconds of silence
//! refuse. Another key asks once more. Pure: whether somebody else was quicker, and what time it is, the server knows.

use super::{Said, World};
use crate::call::{Digits, Event, Key, Lang, Leg, Listen, Pace, Prompt, Verb, Verdict};

/// Seconds of silence that refuse.
const WAIT: u8 = 8;
/// How often whoever answers is asked: once more after a key without a role.
const MOST_ASKED: u8 = 2;

/// The key that accepts, and the one that refuses.
pub(super) const ACCEPT: char = '1';
pub(super) const REFUSE: char = '2';

/// What is said to those who answer for us.
#[derive(Debug)]
pub(super) struct Whispers {
    /// "A call in French", by the caller's language, in the order of `World::langs`.
    pub(super) call: Vec<Said>,
    /// The same where the caller has chosen none.
    pub(super) no_language: Said,
    /// The caller has pressed no key.
    pub(super) silent: Said,
    /// "To answer, press 1", "To refuse, press 2".
    pub(super) choices: [Said; 2],
    pub(super) connected: Said,
    pub(super) taken: Said,
    pub(super) over: Said,
}

/// Scripts of this file. The first one may say `{language}`.
pub const WHISPER: &str = "phrases/whisper";
pub(super) const NO_LANGUAGE: &str = "phrases/whisper-no-language";
pub(super) const SILENT: &str = "phrases/whisper-silent";
pub(super) const KEY_ACCEPT: &str = "phrases/key-answer";
pub(super) const KEY_REFUSE: &str = "phrases/key-refuse";
pub(super) const CONNECTED: &str = "phrases/leg-connected";
pub(super) const TAKEN: &str = "phrases/leg-taken";
pub(super) const OVER: &str = "phrases/leg-over";
/// All of them.
pub(super) const SCRIPTS: [&str; 8] = [WHISPER, NO_LANGUAGE, SILENT, KEY_ACCEPT, KEY_REFUSE, CONNECTED, TAKEN, OVER];

/// What a leg does next.
#[derive(Clone, PartialEq, Debug)]
pub enum LegStep {
    /// Say this; `leg` is its state from then on.
    Answer {
        /// The state.
        leg: Leg,
        /// What the provider is to do.
        verbs: Vec<Verb>,
    },
    /// They accept: what the book says of it is told with [`leg_verdict`].
    Accept,
}

/// Something happened on a leg. `lang` is the language of whoever answers.
pub fn leg(world: &World, leg: Leg, lang: Option<Lang>, event: &Event) -> LegStep {
    let key = match event {
        // Whatever brings the first request: nothing was asked yet.
        _ if leg.asked == 0 => return ask(world, leg, lang),
        Event::Keys(keys) => keys.first().map(Key::to_char),
        _ => return LegStep::Answer { leg, verbs: vec![Verb::Hangup] },
    };
    match key {
        Some(ACCEPT) => LegStep::Accept,
        Some(REFUSE) => LegStep::Answer { leg, verbs: vec![Verb::Hangup] },
        _ if leg.asked < MOST_ASKED => ask(world, leg, lang),
        _ => LegStep::Answer { leg, verbs: vec![Verb::Hangup] },
    }
}

/// What whoever answers hears where the provider asks them: one key accepts, and none refuses.
pub fn leg_words(world: &World, leg: &Leg, lang: Option<Lang>) -> Vec<Verb> {
    vec![Verb::Say(question(world, leg, lang, 1))]
}

/// What is said to somebody who wants to accept. Where the document ends without `Hangup`, the two are connected.
pub fn leg_verdict(world: &World, lang: Option<Lang>, verdict: Verdict) -> Vec<Verb> {
    let whispers = &world.whispers;
    match verdict {
        Verdict::Accepted => vec![said(world, lang, &whispers.connected)],
        Verdict::Taken => vec![said(world, lang, &whispers.taken), Verb::Hangup],
        Verdict::Over => vec![said(world, lang, &whispers.over), Verb::Hangup],
    }
}

fn ask(world: &World, mut leg: Leg, lang: Option<Lang>) -> LegStep {
    let prompts = question(world, &leg, lang, 2);
    leg.asked += 1;
    LegStep::Answer { leg, verbs: vec![Verb::Listen(Listen { prompts, wait: WAIT, digits: Digits::One })] }
}

/// Who calls, and the first of the keys.
fn question(world: &World, leg: &Leg, lang: Option<Lang>, choices: usize) -> Vec<Prompt> {
    let whispers = &world.whispers;
    let known = leg.lang.and_then(|lang| world.langs.iter().position(|known| *known == lang));
    let call = known.and_then(|position| whispers.call.get(position)).unwrap_or(&whispers.no_language);
    let mut prompts = prompts(world, lang, call);
    if leg.silent {
        prompts.extend(self::prompts(world, lang, &whispers.silent));
    }
    for choice in whispers.choices.iter().take(choices) {
        prompts.extend(self::prompts(world, lang, choice));
    }
    prompts
}

fn said(world: &World, lang: Option<Lang>, said: &Said) -> Verb {
    Verb::Say(prompts(world, lang, said))
}

/// In the language of whoever answers; where the line does not speak it, in its first one.
fn prompts(world: &World, lang: Option<Lang>, said: &Said) -> Vec<Prompt> {
    let position = lang.and_then(|lang| world.langs.iter().position(|known| *known == lang)).unwrap_or(0);
    said.language(position).iter().map(|speech| Prompt { speech: speech.clone(), pace: Pace::Normal }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        call::{CallKey, Keys, RingId},
        engine::{Loaded, Settings},
    };

    fn world() -> World {
        Loaded::shipped(&Settings::default()).world.unwrap()
    }

    fn begun(lang: Option<Lang>, silent: bool) -> Leg {
        let ring = RingId { call: CallKey::of(Some("CA1")), started: 0, turn: 1, attempt: 0 };
        Leg { ring, lang, issued: 0, ring_seconds: 20, silent, asked: 0 }
    }

    fn words(verbs: &[Verb]) -> String {
        let prompts = verbs.iter().flat_map(|verb| match verb {
            Verb::Listen(listen) => listen.prompts.as_slice(),
            Verb::Say(prompts) => prompts,
            _ => &[],
        });
        prompts.map(|prompt| prompt.speech.written()).collect::<Vec<_>>().join(" ")
    }

    fn asked(world: &World, begun: Leg, lang: Lang, event: &Event) -> (Leg, Vec<Verb>) {
        match leg(world, begun, Some(lang), event) {
            LegStep::Answer { leg, verbs } => (leg, verbs),
            LegStep::Accept => panic!("accepted unasked"),
        }
    }

    fn key(key: &str) -> Event {
        Event::Keys(Keys::parse(key))
    }

    #[test]
    fn the_whisper_names_the_line_and_the_callers_language_in_the_responders() {
        let world = world();
        for (lang, silent, responder, expected) in [
            (Some(Lang::FR), false, Lang::FR, "Ligne Allô C-M-P. Un appel en français. Pour répondre, appuyez"),
            (Some(Lang::EN), false, Lang::FR, "Ligne Allô C-M-P. Un appel en anglais. Pour répondre, appuyez"),
            (
                Some(Lang::FR),
                false,
                Lang::EN,
                "A call from the C-M-P line, in French. To answer, press 1. To refuse, press 2.",
            ),
            (
                None,
                true,
                Lang::FR,
                "Ligne Allô C-M-P. Un appel. La personne n'a pas choisi de langue. La personne n'a appuyé sur aucune touche. Pour",
            ),
        ] {
            let (leg, verbs) = asked(&world, begun(lang, silent), responder, &Event::Silence);
            assert!(words(&verbs).starts_with(expected), "{}", words(&verbs));
            assert_eq!(leg.asked, 1);
            assert!(matches!(&verbs[..], [Verb::Listen(Listen { wait: 8, digits: Digits::One, .. })]));
        }
    }

    #[test]
    fn one_accepts_two_and_silence_refuse_and_another_key_asks_once_more() {
        let world = world();
        let (first, _) = asked(&world, begun(Some(Lang::FR), false), Lang::FR, &Event::Started);
        assert_eq!(leg(&world, first.clone(), None, &key("1")), LegStep::Accept);
        for event in [key("2"), Event::Silence, Event::Started] {
            assert_eq!(asked(&world, first.clone(), Lang::FR, &event).1, [Verb::Hangup]);
        }
        for event in [key("5"), key("#"), key("A")] {
            let (second, verbs) = asked(&world, first.clone(), Lang::FR, &event);
            assert!(words(&verbs).contains("touche 1"), "{verbs:?}");
            assert_eq!(leg(&world, second.clone(), None, &key("1")), LegStep::Accept);
            assert_eq!(asked(&world, second, Lang::FR, &event).1, [Verb::Hangup]);
        }
    }

    #[test]
    fn only_who_accepted_is_left_on_the_line() {
        let world = world();
        let accepted = leg_verdict(&world, Some(Lang::FR), Verdict::Accepted);
        assert_eq!(words(&accepted), "Merci. Vous êtes en communication.");
        assert!(!accepted.contains(&Verb::Hangup));
        for (verdict, expected) in [(Verdict::Taken, "déjà pris"), (Verdict::Over, "ne peut plus être pris")] {
            let verbs = leg_verdict(&world, None, verdict);
            assert!(words(&verbs).contains(expected) && verbs.last() == Some(&Verb::Hangup), "{verbs:?}");
        }
    }
}
