//! The exhaustive walk: nothing is found in the shipped flows, and what is broken on purpose is.

use std::time::Instant;

use allo_cmp::{
    check::{check, walk},
    diagnostic::Severity,
    engine::{Loaded, Settings},
};

use crate::line::{SHIPPED, TODAY};

#[test]
fn every_state_of_the_shipped_flows_is_walked_and_nothing_is_found() {
    let began = Instant::now();
    let walk = walk(SHIPPED.world.as_ref().unwrap());
    println!("{} states, {} steps, {:?}", walk.states, walk.steps, began.elapsed());
    assert_eq!(walk.findings, []);
    // As a floor: less than this means that the walk no longer comes to all places.
    assert!(walk.states > 1_000 && walk.steps > 10 * walk.states, "{walk:?}");
}

fn errors(loaded: &Loaded) -> Vec<&'static str> {
    let found = check(loaded, TODAY);
    found.iter().filter(|found| found.severity == Severity::Error).map(|found| found.code).collect()
}

/// The small line with some of its words exchanged.
fn small(edits: &[(&str, &str)]) -> Loaded {
    let (flows, scripts) = crate::line::small(edits, &[]);
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
