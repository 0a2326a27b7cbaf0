//! Single turns of the engine, from states that a scenario comes to only by luck: the hour is over between two keys, or a
//! reload comes between the words and the key.

use std::sync::Arc;

use allo_cmp::{
    call::{
        CallState, DialOutcome, Event, Key, Lang, Listen, NodeId, Outcome, PartId, Phase, Speech, Spot, Step, Transfer,
        Verb,
    },
    engine::{self, Kind, MAX_MINUTES, Now, Phrase, Said, World},
    files::Files,
};

use crate::line::{flows, loaded};

fn shipped() -> World {
    loaded(&Files::embedded_flows()).world.unwrap()
}

/// A caller at the choices of the node `name`, who hears French.
fn at(world: &World, name: &str) -> CallState {
    let id = NodeId::of(name);
    let keymap = world.node(id).unwrap().keymap;
    CallState { lang: Some(Lang::FR), pressed: true, keymap, ..CallState::new(0, id) }
}

fn step(world: &World, state: CallState, event: &Event, minute: u32) -> (CallState, Listen) {
    match engine::step(world, state, event, &Now::at(minute)) {
        Step::Answer { state, verbs, .. } => match <[Verb; 1]>::try_from(verbs) {
            Ok([Verb::Listen(listen)]) => (state, listen),
            other => panic!("{event:?}: {other:?}"),
        },
        Step::Do { effect, .. } => panic!("{event:?}: {effect:?}"),
    }
}

fn press(key: char) -> Event {
    Event::Keys(Key::from_char(key).unwrap().into())
}

fn spoken(listen: &Listen) -> Vec<Arc<Speech>> {
    listen.prompts.iter().map(|prompt| prompt.speech.clone()).collect()
}

fn begins(world: &World, listen: &Listen, phrase: Phrase) -> bool {
    spoken(listen).starts_with(world.words(world.phrase(phrase), Lang::FR))
}

fn says(world: &World, listen: &Listen, said: &Said) -> bool {
    let words = world.words(said, Lang::FR);
    assert!(!words.is_empty());
    words.iter().all(|speech| spoken(listen).contains(speech))
}

#[test]
fn what_the_bound_cuts_short_is_said_when_the_caller_goes_on() {
    let world = shipped();
    // The title of a document, and the hint after its first part.
    let Kind::Read(document) = &world.node(NodeId::of("documents")).unwrap().kind else { panic!("a document") };
    let (state, listen) = step(&world, at(&world, "access_menu"), &press('1'), MAX_MINUTES);
    assert!(begins(&world, &listen, Phrase::NumbersTwice) && !says(&world, &listen, &document.title));
    let (_, listen) = step(&world, state, &press('5'), MAX_MINUTES);
    for said in [&document.title, &document.begins, &document.parts[0].1, world.phrase(Phrase::ReadHint)] {
        assert!(says(&world, &listen, said), "{listen:?}");
    }
    // Words that are said once a call: those before another node, and those of a menu.
    let Kind::Say { scripts, .. } = &world.node(NodeId::of("booking_interpreter_first")).unwrap().kind else {
        panic!("words")
    };
    let english = CallState { lang: Some(Lang::EN), ..at(&world, "access_menu") };
    let (state, _) = step(&world, english, &press('2'), MAX_MINUTES);
    let state = CallState { lang: Some(Lang::EN), ..state };
    let (_, listen) = step(&world, state, &press('5'), MAX_MINUTES);
    let first = world.words(&scripts[0], Lang::EN);
    assert!(spoken(&listen).starts_with(first), "{listen:?}");
    let Kind::Menu { once: Some(once), .. } = &world.node(world.roles.main_menu).unwrap().kind else {
        panic!("a menu")
    };
    let (state, _) = step(&world, at(&world, "access_menu"), &press('0'), MAX_MINUTES);
    let (_, listen) = step(&world, state, &press('5'), MAX_MINUTES);
    assert!(says(&world, &listen, once), "{listen:?}");
}

#[test]
fn choices_that_a_reload_has_removed_are_read_again_after_silence_and_0_is_obeyed() {
    let world = loaded(&flows(&[("urgent.yaml", "urgent_menu", "urgent_choices")])).world.unwrap();
    let urgent = CallState { awaits: NodeId::of("urgent_menu"), keymap: 1, ..at(&world, "urgent_help") };
    let (state, listen) = step(&world, urgent.clone(), &Event::Silence, 0);
    assert!(begins(&world, &listen, Phrase::MenuChanged), "{listen:?}");
    assert_eq!((state.failures, state.awaits), (0, NodeId::of("urgent_choices")));
    let (state, _) = step(&world, urgent.clone(), &press('0'), 0);
    assert_eq!(state.node, world.roles.main_menu);
    let (state, listen) = step(&world, urgent, &press('1'), 0);
    assert!(begins(&world, &listen, Phrase::MenuChanged), "{listen:?}");
    assert_eq!(state.node, world.roles.urgent_help);
}

/// L4, L5: the place that the caller was taken from comes back, whatever was read again in between.
#[test]
fn a_call_of_the_ladder_stays_one_when_a_reload_has_changed_its_line() {
    let world = shipped();
    let help = Spot { node: world.roles.help, part: PartId::BEGINNING };
    let announced = CallState {
        by_ladder: true,
        failures: 3,
        back: vec![help],
        keymap: 1,
        // The caller was told that a person is called: the bound waits.
        ..at(&world, "person")
    };
    let (state, listen) = step(&world, announced, &Event::Silence, MAX_MINUTES);
    assert!(begins(&world, &listen, Phrase::MenuChanged), "{listen:?}");
    assert_eq!(state.node, world.roles.person);
    let Step::Do { state, .. } = engine::step(&world, state, &Event::Silence, &Now::at(MAX_MINUTES)) else {
        panic!("nobody is called")
    };
    let Step::Answer { state, .. } =
        engine::step(&world, state, &Event::Done(Outcome::Reserved), &Now::at(MAX_MINUTES))
    else {
        panic!("nobody is called")
    };
    assert_eq!(state.phase, Phase::Ringing);
    let nobody = Event::TransferEnded(Transfer::of(DialOutcome::NoAnswer));
    // Nor does it strike between two lines.
    let (state, _) = step(&world, state, &nobody, MAX_MINUTES);
    assert_eq!((state.node, state.attempt), (world.roles.person, 1));
    let (state, _) = step(&world, CallState { phase: Phase::Ringing, ..state }, &nobody, MAX_MINUTES);
    assert_eq!((state.node, state.back), (help.node, vec![]));
}

#[test]
fn whose_language_a_reload_has_removed_hears_how_to_choose_another() {
    let world = shipped();
    let state = CallState { lang: Some("prs".parse().unwrap()), ..at(&world, "main_menu") };
    let (_, listen) = step(&world, state, &press('*'), 0);
    let hint = world.words(world.phrase(Phrase::LanguageHint), Lang::EN);
    assert!(spoken(&listen).ends_with(hint), "{listen:?}");
}

/// K4, K5: words said once and the place behind them are one place: there is nothing behind it.
#[test]
fn hash_does_not_go_back_from_a_place_to_itself() {
    let world = shipped();
    let notice = Spot { node: NodeId::of("notice"), part: PartId::BEGINNING };
    let state = CallState { back: vec![notice], heard: vec![notice.node], ..at(&world, "main_menu") };
    let (state, listen) = step(&world, state, &press('#'), 0);
    assert!(begins(&world, &listen, Phrase::AtMainMenu), "{listen:?}");
    assert_eq!((state.node, state.back), (world.roles.main_menu, vec![]));
}
