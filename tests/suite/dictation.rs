//! R6 of the call tree: a document that is written down, heard by an English caller.

use allo_cmp::{
    call::{CallState, Event, Key, Lang, Listen, NodeId, Pace, Piece, Reading, Step, Verb},
    check::{check, walk},
    engine::{self, Loaded, MOST_REPEATS, Now, Settings, World},
    files::Files,
};

use crate::line::small;

/// A small line in two languages, with a letter in its main menu.
fn with_letter() -> Loaded {
    let letter = "letter:\n  read:\n    title: note/title\n    parts: [note/why, note/decision, note/date]\n    \
                  pace: dictation\n    end: { say: help/key-about, go: about }\n    then: main_menu\n";
    let texts = [
        ("scripts/fr/note/title.md", "Votre lettre."),
        ("scripts/fr/note/why.md", "Prenez un papier et un crayon."),
        ("scripts/fr/note/decision.md", "{dictate: Je vous informe de ma décision,}\n\nÉcrivez la date."),
        ("scripts/fr/note/date.md", "{dictate: À compter du} Écrivez le jour. {dictate: Bien à vous.}"),
        ("scripts/en/note/title.md", "Your letter."),
        ("scripts/en/note/why.md", "Take paper and a pen."),
        (
            "scripts/en/note/decision.md",
            "This says: I tell you.\n\n{dictate: Je vous informe de ma décision,}\n\nWrite the date.",
        ),
        ("scripts/en/note/date.md", "From this day. {dictate: À compter du} Write the day. {dictate: Bien à vous.}"),
    ];
    let texts = texts.map(|(name, text)| (name, format!("---\nstatus: draft\n---\n{text}\n")));
    let more =
        [("flows/letter.yaml", letter)].into_iter().chain(texts.iter().map(|(name, text)| (*name, text.as_str())));
    let edits = [
        ("keys: { 1: fr }, then", "keys: { 1: fr, 2: en }, then"),
        ("languages: { language: { keys: { 1: fr }", "languages: { language: { keys: { 1: fr, 2: en }"),
        ("say: help/key-about, go: about", "say: help/key-about, go: letter"),
    ];
    let (flows, scripts) = small(&edits, &more.collect::<Vec<_>>());
    Loaded::new(&flows, &scripts, &Settings::default())
}

struct Caller<'w> {
    world: &'w World,
    state: CallState,
    listen: Listen,
}

impl<'w> Caller<'w> {
    /// An English caller who hears the first part of the letter.
    fn begins(world: &'w World) -> Caller<'w> {
        let state = CallState { lang: Some(Lang::EN), ..CallState::new(0, NodeId::of("letter")) };
        let mut caller =
            Caller { world, state, listen: Listen { prompts: vec![], wait: 0, digits: allo_cmp::call::Digits::One } };
        caller.does(&Event::Started);
        caller
    }

    fn does(&mut self, event: &Event) {
        match engine::step(self.world, self.state.clone(), event, &Now::at(0)) {
            Step::Answer { state, verbs, .. } => match <[Verb; 1]>::try_from(verbs) {
                Ok([Verb::Listen(listen)]) => (self.state, self.listen) = (state, listen),
                other => panic!("{event:?}: {other:?}"),
            },
            Step::Do { effect, .. } => panic!("{event:?}: {effect:?}"),
        }
    }

    fn waits(&mut self) {
        self.does(&Event::Silence);
    }

    fn presses(&mut self, key: char) {
        self.does(&Event::Keys(Key::from_char(key).unwrap().into()));
    }

    /// What is heard: language, pace, words; signs by their names.
    fn heard(&self) -> Vec<String> {
        let prompts = self.listen.prompts.iter().map(|prompt| {
            let pace = if prompt.pace == Pace::Slow { " slowly" } else { "" };
            let words = prompt.speech.pieces.iter().map(|piece| match piece {
                Piece::Text(words) | Piece::Spelled { spoken: words, .. } => words.as_str(),
                Piece::Pause(_) => " | ",
            });
            let words: String = words.collect();
            format!("{}{pace}: {}", prompt.speech.lang, words.trim_matches([' ', '|']))
        });
        prompts.collect()
    }
}

const WHOLE: &str = "fr slowly: Je vous informe de ma décision, virgule,";
const IN_GROUPS: &str = "fr slowly: Je vous informe | de ma décision, virgule,";
const PART: [&str; 4] = ["en: This says: I tell you.", WHOLE, IN_GROUPS, "en: Write the date."];

#[test]
fn a_phrase_is_explained_then_dictated_twice_in_french_and_slowly() {
    let loaded = with_letter();
    let mut caller = Caller::begins(loaded.world.as_ref().unwrap());
    assert_eq!(caller.listen.wait, 4, "nothing is dictated in the first part");
    caller.waits();
    assert_eq!((caller.heard(), caller.listen.wait), (PART.map(String::from).into(), 15));
    let readings: Vec<_> = caller.listen.prompts.iter().filter_map(|prompt| prompt.speech.dictated).collect();
    assert_eq!(readings, [Reading::Whole, Reading::InGroups]);
    for prompt in caller.listen.prompts.iter().filter(|prompt| prompt.speech.dictated.is_some()) {
        assert_eq!(prompt.speech.written(), "Je vous informe de ma décision,");
    }
}

#[test]
fn silence_repeats_what_is_dictated_three_times_and_then_goes_on() {
    let loaded = with_letter();
    let mut caller = Caller::begins(loaded.world.as_ref().unwrap());
    caller.waits();
    for _ in 0..MOST_REPEATS {
        caller.waits();
        assert_eq!((caller.heard(), caller.listen.wait), (PART[1..].iter().map(|s| (*s).to_owned()).collect(), 15));
        assert_eq!(caller.state.failures, 0);
    }
    caller.waits();
    let both = [
        "en: From this day.",
        "fr slowly: À compter du",
        "fr slowly: À compter du",
        "en: Write the day.",
        "fr slowly: Bien à vous, point,",
        "fr slowly: Bien à vous, point,",
    ];
    assert_eq!(caller.heard(), both);
    for _ in 0..MOST_REPEATS {
        caller.waits();
        assert_eq!(caller.heard(), both[1..]);
    }
    caller.waits();
    assert_eq!((caller.state.part, caller.listen.wait), (allo_cmp::call::PartId::END, 6));
    assert_eq!((caller.state.failures, caller.state.repeats), (0, 0));
}

#[test]
fn keys_do_in_a_dictation_what_they_do_in_any_document() {
    let loaded = with_letter();
    let world = loaded.world.as_ref().unwrap();
    for (key, begins) in [('1', "en: From this day."), ('2', "en: Take paper and a pen.")] {
        let mut caller = Caller::begins(world);
        caller.waits();
        caller.waits();
        caller.presses(key);
        assert_eq!((caller.heard()[0].as_str(), caller.state.repeats), (begins, 0), "{key}");
    }
    // The whole part again, explanation and all, and its three repeats; after urgent help, too.
    for keys in ["*", "3", "9#"] {
        let mut caller = Caller::begins(world);
        caller.waits();
        caller.waits();
        keys.chars().for_each(|key| caller.presses(key));
        assert!(caller.heard().ends_with(&PART.map(String::from)), "{keys}: {:?}", caller.heard());
        assert_eq!((caller.listen.wait, caller.state.repeats), (15, 0), "{keys}");
    }
    // Who listens slowly and asks for the normal pace: what is dictated stays slow.
    let mut caller = Caller::begins(world);
    caller.waits();
    caller.presses('7');
    assert!(caller.heard().ends_with(&["en slowly: Write the date.".to_owned()]));
    caller.presses('7');
    assert!(caller.heard().ends_with(&PART.map(String::from)));
}

#[test]
fn a_line_that_dictates_is_clean_and_a_silent_caller_comes_to_its_end() {
    let loaded = with_letter();
    let found: Vec<String> = check(&loaded, crate::line::TODAY).iter().map(|found| found.render(false)).collect();
    // Nobody has stamped the translations of a test.
    let other: Vec<_> = found.iter().filter(|found| !found.contains("[translation-unstamped]")).collect();
    assert!(other.is_empty(), "{other:#?}");
    assert_eq!(walk(loaded.world.as_ref().unwrap()).findings, []);
}

#[test]
fn without_french_nothing_can_be_dictated() {
    let texts = |files: Files, keep: &dyn Fn(&str) -> bool| -> Vec<(String, String)> {
        let files = files.files.into_iter().filter(|file| keep(&file.name));
        files.map(|file| (file.name.clone(), file.source.text.clone())).collect()
    };
    let mut scripts = texts(Files::embedded_scripts(), &|name| name.starts_with("en/"));
    for (name, text) in &mut scripts {
        if name == "en/privacy/your-rights.md" {
            *text += "{dictate: Bonjour}";
        }
    }
    let scripts = Files::from_texts(scripts.iter().map(|(name, text)| (name.as_str(), text.as_str())));
    let loaded = Loaded::new(&Files::embedded_flows(), &scripts, &Settings::default());
    let wanted = |found: &&allo_cmp::diagnostic::Diagnostic| found.message.contains("nothing can be dictated");
    assert_eq!(loaded.diagnostics.iter().find(wanted).map(|found| found.code), Some("unknown-marker"));
}
