//! The exhaustive walk: nothing is found in the shipped flows, and what is broken on purpose is.

use std::time::Instant;

use allo_cmp::{
    check::{check, walk},
    diagnostic::Severity,
    engine::{Loaded, Settings},
    files::Files,
    script::SOURCES_FILE,
};

use crate::line::{TODAY, loaded};

#[test]
fn every_state_of_the_shipped_flows_is_walked_and_nothing_is_found() {
    let loaded = loaded(&Files::embedded_flows());
    let began = Instant::now();
    let walk = walk(loaded.world.as_ref().unwrap());
    println!("{} states, {} steps, {:?}", walk.states, walk.steps, began.elapsed());
    assert_eq!(walk.findings, []);
    // As a floor: less than this means that the walk no longer comes to all places.
    assert!(walk.states > 1_000 && walk.steps > 10 * walk.states, "{walk:?}");
}

fn errors(loaded: &Loaded) -> Vec<&'static str> {
    let found = check(loaded, TODAY);
    found.iter().filter(|found| found.severity == Severity::Error).map(|found| found.code).collect()
}

/// A line as small as one can be, in one language: its walk is short.
const SMALL: &str = "\
welcome: { language: { intro: [{ fr: arrival/emergency }], keys: { 1: fr }, then: main_menu } }
languages: { language: { keys: { 1: fr } } }
main_menu:
  menu:
    intro: main/intro
    keys:
      1: { say: main/key-talk, go: listener }
      2: { say: help/key-about, go: about }
      3: { say: transfer/key-end, go: goodbye }
help_menu: { menu: { intro: help/intro, keys: { 1: { say: main/key-numbers, go: numbers } } } }
about: { say: { scripts: [about/who], then: main_menu } }
urgent_help: { say: { scripts: [urgent/danger], then: urgent_menu } }
urgent_menu:
  menu:
    keys:
      1: { say: urgent/key-person, go: listener }
    silence: { after: 4, go: listener }
listener: { transfer: { say: transfer/listener, line: sos_amitie, then: main_menu, failed: numbers } }
person: { transfer: { say: transfer/person, line: sos_amitie, then: main_menu, failed: numbers, any_key_stays: true } }
numbers: { say: { scripts: [numbers/list], then: main_menu } }
goodbye: { end: { say: end/goodbye } }
gentle_end: { end: { say: end/gentle } }
";

/// The small line with some of its words exchanged.
fn small(edits: &[(&str, &str)]) -> Loaded {
    let shipped = Files::embedded_flows();
    let mut texts: Vec<(&str, String)> = ["lines.yaml", "universal.yaml"]
        .map(|name| (name, shipped.files.iter().find(|file| file.name == name).unwrap().source.text.clone()))
        .into();
    texts.push(("small.yaml", SMALL.to_owned()));
    for (from, to) in edits {
        let (_, text) = texts.iter_mut().find(|(_, text)| text.contains(from)).unwrap_or_else(|| panic!("no {from:?}"));
        *text = text.replacen(from, to, 1);
    }
    let flows = Files::from_texts(texts.iter().map(|(name, text)| (*name, text.as_str())));
    // It says next to nothing of what the shipped line carries.
    let mut scripts = Files::embedded_scripts();
    scripts.files.retain(|file| file.name != SOURCES_FILE);
    Loaded::new(&flows, &scripts, &Settings::default())
}

/// What the walk alone says of a world, whatever the lints say of it.
fn walked(loaded: &Loaded) -> Vec<&'static str> {
    let world = loaded.world.as_ref().expect("such a world can be made");
    let mut what: Vec<_> = walk(world).findings.into_iter().map(|finding| finding.what).collect();
    what.sort_unstable();
    what.dedup();
    what
}

const GOES_ROUND: &str = "a caller who presses nothing goes round for ever";
const UNCHOSEN: &str = "the call is ended without the caller's choice";

#[test]
fn the_small_line_is_right_before_it_is_broken() {
    let small = small(&[]);
    // The walk is part of it.
    assert_eq!(errors(&small), Vec::<&str>::new());
}

#[test]
fn transfers_that_lead_to_each_other_are_found() {
    let of_two = [
        ("then: main_menu, failed: numbers }", "then: main_menu, failed: person }"),
        ("failed: numbers, any_key_stays", "failed: listener, any_key_stays"),
    ];
    for edits in [&of_two[..], &[("then: main_menu, failed: numbers }", "then: main_menu, failed: listener }")]] {
        let broken = small(edits);
        assert_eq!(errors(&broken).first(), Some(&"rings-for-ever"), "{edits:?}");
        assert!(walked(&broken).contains(&GOES_ROUND), "{edits:?}: {:?}", walked(&broken));
    }
}

#[test]
fn ways_that_end_a_call_unchosen_are_found() {
    for edit in [
        ("scripts: [about/who], then: main_menu", "scripts: [about/who], then: goodbye"),
        ("silence: { after: 4, go: listener }", "silence: { after: 4, go: goodbye }"),
        ("line: sos_amitie, then: main_menu, failed: numbers }", "line: sos_amitie, then: goodbye, failed: numbers }"),
        ("then: main_menu, failed: numbers }", "then: main_menu, failed: goodbye }"),
        ("then: main_menu } }\nlanguages", "then: goodbye } }\nlanguages"),
        ("scripts: [numbers/list], then: main_menu", "scripts: [numbers/list], then: gentle_end"),
    ] {
        let broken = small(&[edit]);
        assert!(errors(&broken).contains(&"ends-the-call"), "{edit:?}: {:?}", errors(&broken));
        assert!(walked(&broken).contains(&UNCHOSEN), "{edit:?}: {:?}", walked(&broken));
    }
}

#[test]
fn silence_that_goes_round_from_menu_to_menu_is_found_by_the_walk() {
    let broken = small(&[
        ("go: goodbye }\nhelp", "go: goodbye }\n    silence: { after: 6, go: help_menu }\nhelp"),
        ("go: numbers } } } }", "go: numbers } }, silence: { after: 6, go: main_menu } } }"),
    ]);
    // No lint looks for this: it is the walk that says so, among the other findings.
    let found = check(&broken, TODAY);
    assert!(found.iter().any(|found| found.code == "walk" && found.message.contains(GOES_ROUND)), "{found:?}");
}

#[test]
fn a_key_that_means_the_same_everywhere_is_no_choice() {
    for key in ["9", "0", "7", "8"] {
        let taken = small(&[("3: { say: transfer/key-end", &format!("{key}: {{ say: transfer/key-end"))]);
        assert!(errors(&taken).contains(&"universal-key"), "{key}: {:?}", errors(&taken));
    }
}

#[test]
fn urgent_help_that_leads_elsewhere_is_no_world() {
    for edit in
        [("urgent_help: urgent_help", "urgent_help: goodbye"), ("urgent_help: urgent_help", "urgent_help: listener")]
    {
        let broken = small(&[edit]);
        assert!(errors(&broken).contains(&"role"), "{edit:?}: {:?}", errors(&broken));
        assert!(broken.world.is_none());
    }
}

#[test]
fn words_that_lead_round_in_a_circle_make_no_world() {
    let broken = small(&[("scripts: [numbers/list], then: main_menu", "scripts: [numbers/list], then: numbers")]);
    assert!(broken.world.is_none());
    assert!(errors(&broken).contains(&"circle"), "{:?}", errors(&broken));
}
