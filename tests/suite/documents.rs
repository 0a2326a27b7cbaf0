//! Documents, every one of the shipped flows in every language: heard in silence to their end, and what each key does at
//! each moment (R1 to R6 and K1 to K7 of the call tree).

use std::{collections::BTreeSet, iter, sync::Arc};

use allo_cmp::{
    call::{CallState, Event, Key, Lang, Listen, NodeId, Pace, PartId, Speech, Spot, Step, Verb},
    engine::{self, Document, Kind, MOST_REPEATS, Node, Now, Phrase, Said, World},
    files::Files,
};

use crate::line::loaded;

const NOW: Now = Now::at(0);

/// What a key gives: where the call stands, and what is said.
struct Heard {
    state: CallState,
    listen: Listen,
}

impl Heard {
    fn words(&self) -> Vec<Arc<Speech>> {
        self.listen.prompts.iter().map(|prompt| prompt.speech.clone()).collect()
    }
}

/// A document, in one language.
struct Reading<'w> {
    world: &'w World,
    lang: Lang,
    node: &'w Node,
    document: &'w Document,
}

/// Calls `see` with every document of the shipped flows in every language.
fn every_document(see: impl Fn(&Reading<'_>)) {
    let world = loaded(&Files::embedded_flows()).world.unwrap();
    let mut seen = 0;
    for node in world.nodes() {
        let Kind::Read(document) = &node.kind else { continue };
        for lang in &world.langs {
            see(&Reading { world: &world, lang: *lang, node, document });
            seen += 1;
        }
    }
    // As a floor: five documents in two languages.
    assert!(seen >= 10, "{seen}");
}

impl Reading<'_> {
    fn step(&self, state: CallState, event: &Event) -> Heard {
        match engine::step(self.world, state, event, &NOW) {
            Step::Answer { state, verbs, .. } => match <[Verb; 1]>::try_from(verbs) {
                Ok([Verb::Listen(listen)]) => Heard { state, listen },
                other => panic!("{}: {event:?}: {other:?}", self.node.name),
            },
            Step::Do { effect, .. } => panic!("{}: {event:?}: {effect:?}", self.node.name),
        }
    }

    fn press(&self, state: &CallState, key: char) -> Heard {
        self.step(state.clone(), &Event::Keys(Key::from_char(key).unwrap().into()))
    }

    /// A caller before the document, who came from `back`.
    fn before(&self, back: &[Spot]) -> CallState {
        CallState { lang: Some(self.lang), back: back.to_vec(), ..CallState::new(0, self.node.id) }
    }

    /// The moments of a document: its parts, and twice the end.
    fn moments(&self) -> Vec<PartId> {
        self.document.parts.iter().map(|(id, _)| *id).chain([PartId::END, PartId::END_AGAIN]).collect()
    }

    /// A caller who has heard the hint, and listens to this part after one failure.
    fn at(&self, part: PartId, back: &[Spot]) -> CallState {
        CallState {
            part,
            failures: 1,
            keymap: self.node.keymap,
            heard: vec![NodeId::of(Phrase::ReadHint.script())],
            ..self.before(back)
        }
    }

    fn in_language(&self, said: &Said, lang: Lang) -> Vec<Arc<Speech>> {
        let words = self.world.words(said, lang).to_vec();
        assert!(!words.is_empty());
        words
    }

    /// What is said at a moment, with a phrase before it.
    fn said_at(&self, part: PartId, lang: Lang, before: Option<Phrase>) -> Vec<Arc<Speech>> {
        let before = before.map(|phrase| self.world.phrase(phrase));
        let own: Vec<&Said> = match self.document.parts.iter().find(|(id, _)| *id == part) {
            Some((_, said)) => vec![said],
            None => iter::once(self.world.phrase(Phrase::ReadEnd)).chain(&self.document.end_choices).collect(),
        };
        before.into_iter().chain(own).flat_map(|said| self.in_language(said, lang)).collect()
    }

    /// The call is at this moment of the document, which is said from its start after `phrase`.
    fn is_at(&self, heard: &Heard, part: PartId, phrase: Option<Phrase>, why: &str) {
        let lang = heard.state.lang.unwrap();
        let moment = format!("{} {lang:?} {why}", self.node.name);
        assert_eq!((heard.state.node, heard.state.awaits), (self.node.id, self.node.id), "{moment}");
        assert_eq!(heard.state.part, part, "{moment}");
        assert_eq!(heard.words(), self.said_at(part, lang, phrase), "{moment}");
        assert_eq!(heard.listen.wait, self.wait_at(part, lang), "{moment}");
    }

    /// Where the words that a caller writes down begin, among those of a part.
    fn dictated_from(&self, part: PartId, lang: Lang) -> Option<usize> {
        let dictated = self.said_at(part, lang, None).iter().position(|speech| speech.dictated.is_some());
        let own = self.document.written.contains(&part).then_some(0);
        dictated.or(own).filter(|_| self.document.dictation)
    }

    fn wait_at(&self, part: PartId, lang: Lang) -> u8 {
        match self.document.parts.iter().any(|(id, _)| *id == part) {
            true if self.dictated_from(part, lang).is_some() => 15,
            true => 4,
            false => 6,
        }
    }

    /// R6: silence at this moment gives what is dictated again, three times, before it leads on.
    fn repeated(&self, mut state: CallState) -> CallState {
        let part = state.part;
        let Some(from) = self.dictated_from(part, self.lang) else { return state };
        for _ in 0..MOST_REPEATS {
            let heard = self.step(state, &Event::Silence);
            assert_eq!(heard.words(), self.said_at(part, self.lang, None)[from..], "{}", self.node.name);
            assert_eq!((heard.state.part, heard.listen.wait), (part, 15), "{}", self.node.name);
            state = heard.state;
        }
        state
    }

    /// R5: `#` from where `away` has led gives the same part from its start.
    fn comes_back(&self, away: &Heard, part: PartId, why: &str) {
        let back = self.press(&away.state, '#');
        self.is_at(&back, part, Some(Phrase::Back), why);
    }
}

/// Two keys with the same words leave a caller wondering what differs: what follows is no second "to talk to someone".
#[test]
fn the_end_of_a_document_offers_no_two_keys_in_the_same_words() {
    every_document(|reading| {
        let without_key = |said: &Said| {
            let words: String = reading.world.words(said, reading.lang).iter().map(|speech| speech.written()).collect();
            words.replace(|c: char| c.is_ascii_digit(), "")
        };
        let offered: Vec<String> = reading.document.end_choices.iter().map(without_key).collect();
        let different: BTreeSet<&String> = offered.iter().collect();
        assert_eq!(different.len(), offered.len(), "{} in {}: {offered:?}", reading.node.name, reading.lang);
    });
}

#[test]
fn whoever_is_silent_hears_a_whole_document_and_then_its_menu() {
    every_document(|reading| {
        let Reading { world, document, lang, node } = reading;
        let first = reading.step(reading.before(&[]), &Event::Started);
        // R3: the title and the number of parts, the first part, then the hint.
        let said = [&document.title, &document.begins, &document.parts[0].1, world.phrase(Phrase::ReadHint)];
        let expected: Vec<_> = said.iter().flat_map(|said| reading.in_language(said, *lang)).collect();
        assert_eq!(first.words(), expected, "{}", node.name);
        let id = document.parts[0].0;
        assert_eq!((first.state.part, first.listen.wait), (id, reading.wait_at(id, *lang)), "{}", node.name);
        // R2, R4: part after part, and the end twice; silence is no failure.
        let mut state = first.state;
        for part in reading.moments().into_iter().skip(1) {
            let heard = reading.step(reading.repeated(state), &Event::Silence);
            reading.is_at(&heard, part, None, "in silence");
            state = heard.state;
        }
        let menu = reading.step(state, &Event::Silence);
        assert_eq!(menu.state.node, document.then, "{}", node.name);
        assert_eq!((menu.state.failures, menu.state.pressed), (0, false), "{}", node.name);
        // There, silence counts.
        let menu = reading.step(menu.state, &Event::Silence);
        assert_eq!((menu.state.node, menu.state.failures), (document.then, 1), "{}", node.name);
    });
}

#[test]
fn one_two_and_four_in_a_document() {
    every_document(|reading| {
        let Reading { world, document, node, .. } = reading;
        let parts: Vec<PartId> = document.parts.iter().map(|(id, _)| *id).collect();
        let last = parts.len() - 1;
        for (at, part) in reading.moments().into_iter().enumerate() {
            let here = reading.at(part, &[]);
            let heard = reading.press(&here, '1');
            if at > last {
                // Without a directory, what the program chooses.
                let follow = match world.node(document.follow).map(|node| &node.kind) {
                    Some(Kind::Choose(_, otherwise)) => *otherwise,
                    _ => document.follow,
                };
                assert_eq!(heard.state.node, follow, "{} 1 at the end", node.name);
                reading.comes_back(&heard, part, "1 at the end, #");
            } else {
                reading.is_at(&heard, parts.get(at + 1).copied().unwrap_or(PartId::END), None, "1");
            }
            assert_eq!(heard.state.failures, 0);
            let heard = reading.press(&here, '2');
            reading.is_at(&heard, parts[at.min(last + 1).saturating_sub(1)], None, "2");
            assert_eq!(heard.state.failures, 0);
            let heard = reading.press(&here, '4');
            assert_eq!((heard.state.node, heard.state.failures), (world.roles.listener, 0), "{} 4", node.name);
            reading.comes_back(&heard, part, "4 #");
        }
    });
}

#[test]
fn keys_without_a_role_in_a_document_give_the_part_again() {
    every_document(|reading| {
        for part in reading.moments() {
            for key in ['3', '5', '6'] {
                let mut here = reading.at(part, &[]);
                here.failures = 0;
                let heard = reading.press(&here, key);
                reading.is_at(&heard, part, Some(Phrase::WrongKey), "wrong key");
                assert_eq!(heard.state.failures, 1, "{} {key}", reading.node.name);
            }
        }
    });
}

#[test]
fn the_keys_that_mean_the_same_everywhere_do_so_in_documents() {
    every_document(|reading| {
        let Reading { world, node, .. } = reading;
        let Kind::Say { scripts, .. } = &world.node(world.roles.urgent_help).unwrap().kind else { panic!() };
        for part in reading.moments() {
            let here = reading.at(part, &[]);
            // K2
            let heard = reading.press(&here, '9');
            assert_eq!(heard.state.node, world.roles.urgent_help, "{}", node.name);
            let first = reading.in_language(&scripts[0], reading.lang);
            assert_eq!(heard.words()[..first.len()], first, "{}", node.name);
            reading.comes_back(&heard, part, "9 #");
            // K3
            let heard = reading.press(&here, '0');
            assert_eq!((heard.state.node, heard.state.failures), (world.roles.main_menu, 0), "{}", node.name);
            reading.comes_back(&heard, part, "0 #");
            // K4
            let heard = reading.press(&here, '*');
            reading.is_at(&heard, part, Some(Phrase::Repeat), "*");
            assert_eq!(heard.state.failures, 0);
            // K6, and what `*` gives then.
            let languages = reading.press(&here, '8');
            assert_eq!(languages.state.node, world.roles.languages, "{}", node.name);
            reading.comes_back(&languages, part, "8 #");
            let Kind::Language { choices, .. } = &world.node(world.roles.languages).unwrap().kind else { panic!() };
            assert_eq!(choices.len(), world.langs.len());
            for (key, lang, _) in choices {
                let heard = reading.step(languages.state.clone(), &Event::Keys((*key).into()));
                assert_eq!(heard.state.lang, Some(*lang), "{}", node.name);
                reading.is_at(&heard, part, Some(Phrase::LanguageChanged), "8 and a language");
                reading.is_at(&reading.press(&heard.state, '*'), part, Some(Phrase::Repeat), "8, a language, *");
            }
            // K7
            let mut state = here.clone();
            for (phrase, pace) in [(Phrase::Slower, Pace::Slow), (Phrase::NormalPace, Pace::Normal)] {
                let heard = reading.press(&state, '7');
                reading.is_at(&heard, part, Some(phrase), "7");
                for prompt in &heard.listen.prompts {
                    let pace = if prompt.speech.dictated.is_some() { Pace::Slow } else { pace };
                    assert_eq!(prompt.pace, pace, "{}", node.name);
                }
                state = heard.state;
            }
        }
    });
}

#[test]
fn hash_leaves_a_document_from_every_part() {
    every_document(|reading| {
        let Reading { world, node, .. } = reading;
        let help = Spot { node: world.roles.help, part: PartId::BEGINNING };
        for part in reading.moments() {
            // K5: one step back on the path really taken.
            let heard = reading.press(&reading.at(part, &[help]), '#');
            assert_eq!((heard.state.node, heard.state.failures), (help.node, 0), "{}", node.name);
            assert!(heard.state.back.is_empty(), "{}", node.name);
            let words = reading.in_language(world.phrase(Phrase::Back), reading.lang);
            assert_eq!(heard.words()[..words.len()], words, "{}", node.name);
            // With nothing behind: where the flow says, else the main menu, in words.
            let heard = reading.press(&reading.at(part, &[]), '#');
            let back = node.back.unwrap_or(world.roles.main_menu);
            let phrase = if back == world.roles.main_menu { Phrase::AtMainMenu } else { Phrase::Back };
            let words = reading.in_language(world.phrase(phrase), reading.lang);
            assert_eq!(heard.state.node, back, "{}", node.name);
            assert_eq!(heard.words()[..words.len()], words, "{}", node.name);
        }
    });
}
