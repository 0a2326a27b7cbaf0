//! `numbers.yaml`: what differs for those who call one of several numbers (A8). Real webhooks, real signatures.

use allo_cmp::{
    check::{check, walk},
    engine::{Loaded, Settings},
    files::Files,
    phone::{Call, Dialling, HttpTransport},
};

use crate::line::{
    CALLER, Line, OURS, PUBLIC, Setup, TODAY, attribute, document, flows, next_url, play, said, sid, small, transport,
    webhook, write_line,
};

const ENGLISH: &str = "+33199000001";
const TALK: &str = "+33199000002";
const BOTH: &str = "+33199000003";

const NUMBERS: &str = r#"
"+33199000001": { lang: en, caller_id: "+33199000009" }
"+33199000002": { first: talk_menu }
"+33199000003": { lang: fr, first: talk_menu }
"#;

/// The shipped flows, with this file among them.
pub(crate) fn with(name: &str, text: &str) -> Files {
    let shipped = flows(&[]);
    let files = shipped.files.iter().map(|file| (file.name.as_str(), file.source.text.as_str()));
    Files::from_texts(files.chain([(name, text)]))
}

async fn line() -> Line {
    Line::start(Setup { flows: with("numbers.yaml", NUMBERS), ..Setup::default() }).await
}

/// Caller number `n` of `number`, who has pressed `keys`.
async fn calls(line: &Line, n: usize, number: &str, keys: &str) -> Call<HttpTransport> {
    let mut dialling = Dialling::new(CALLER, number, format!("{PUBLIC}/twilio/voice"));
    dialling.call_sid = sid(n);
    let mut call = Call::new(transport(line.address), dialling);
    call.start().await.unwrap();
    play(&mut call, keys).await;
    call
}

async fn words(line: &Line, n: usize, number: &str, keys: &str) -> String {
    said(calls(line, n, number, keys).await.last_document().unwrap())
}

#[tokio::test]
async fn a_number_with_a_language_skips_the_languages_and_not_the_emergency_words() {
    let line = line().await;
    let heard = words(&line, 1, ENGLISH, "").await;
    let order = ["fr: Bonjour", "fr: Urgence", "en: Emergency? Call", "en: Welcome. We do not record", "en: Main menu"];
    let places: Vec<_> =
        order.iter().map(|words| heard.find(words).unwrap_or_else(|| panic!("{words}: {heard}"))).collect();
    assert!(places.is_sorted(), "{heard}");
    assert!(!heard.contains("Français") && !heard.contains("Menu principal"), "{heard}");
}

#[tokio::test]
async fn the_keys_that_mean_the_same_everywhere_work_from_its_first_words_on() {
    let line = line().await;
    for (n, key, begins) in [
        (1, "9", "en: A life in danger?"),
        (2, "0", "en: Help"),
        (3, "8", "fr: Français"),
        (4, "#", "en: You are at the main menu"),
    ] {
        let heard = words(&line, n, ENGLISH, key).await;
        assert!(heard.starts_with(begins), "{key}: {heard}");
        assert!(!heard.contains("We do not record"), "the notice comes once a call: {heard}");
    }
    // Key 8 leads to the other languages, and back.
    let heard = words(&line, 5, ENGLISH, "81").await;
    assert!(heard.contains("fr: Menu principal") && !heard.contains("Urgence"), "{heard}");
}

#[tokio::test]
async fn a_first_node_comes_behind_the_notice_in_place_of_the_main_menu() {
    let line = line().await;
    let asked = words(&line, 1, TALK, "").await;
    assert!(asked.contains("fr: Français") && !asked.contains("Danger immédiat"), "{asked}");
    for (n, number, keys) in [(2, TALK, "1"), (3, BOTH, ""), (4, TALK, "*1"), (5, TALK, "9#1"), (6, TALK, "_1")] {
        let heard = words(&line, n, number, keys).await;
        let (notice, first) = (heard.find("fr: Bienvenue"), heard.find("fr: Danger immédiat"));
        assert!(notice.is_some() && notice < first, "{number} {keys}: {heard}");
        assert!(!heard.contains("Menu principal"), "{number} {keys}: {heard}");
    }
    // There, keys are those of that place.
    let heard = words(&line, 7, BOTH, "1").await;
    assert!(heard.contains("SOS Amitié"), "{heard}");
    let heard = words(&line, 8, BOTH, "*").await;
    assert!(heard.contains("Danger immédiat") && !heard.contains("Bienvenue"), "{heard}");
    for (n, keys) in [(9, "0"), (10, "#")] {
        assert!(words(&line, n, BOTH, keys).await.contains("1."), "{keys}");
        assert!(!words(&line, n, BOTH, keys).await.contains("Danger immédiat"), "{keys} leads to the main menu");
    }
}

#[tokio::test]
async fn key_0_at_the_arrival_is_the_main_menu_whatever_number_was_called() {
    let line = line().await;
    let heard = words(&line, 1, TALK, "0").await;
    assert!(heard.contains("fr: Menu principal") && !heard.contains("Danger immédiat"), "{heard}");
}

#[tokio::test]
async fn a_number_that_is_not_named_is_answered_as_ever() {
    let line = line().await;
    let shipped = Line::shipped().await;
    for keys in ["", "1", "2", "19"] {
        assert_eq!(words(&line, 1, OURS, keys).await, words(&shipped, 1, OURS, keys).await, "{keys}");
    }
}

#[tokio::test]
async fn each_number_shows_its_own_to_the_lines_that_are_dialled() {
    let set = "+33199005678";
    let setup = Setup { flows: with("numbers.yaml", NUMBERS), caller_id: set.parse().ok(), ..Setup::default() };
    let line = Line::start(setup).await;
    for (n, number, keys, shown) in [(1, ENGLISH, "91", "+33199000009"), (2, TALK, "191", set), (3, OURS, "191", set)] {
        let announced = calls(&line, n, number, keys).await.last_document().unwrap().to_owned();
        let url = format!("{}&e=silence", next_url(&announced));
        let answer = crate::line::send(line.address, &webhook(n, &url, &[("To", number)])).await;
        assert_eq!(attribute(&document(&answer), "Dial", "callerId").as_deref(), Some(shown), "{number}");
    }
}

#[test]
fn the_line_with_several_numbers_is_walked_and_judged_like_any_other() {
    let (flows, scripts) = small(&[], &[("flows/numbers.yaml", r#""+33199000001": { lang: fr, first: urgent_menu }"#)]);
    let world = Loaded::new(&flows, &scripts, &Settings::default()).world.unwrap();
    let (flows, scripts) = small(&[], &[]);
    let without = Loaded::new(&flows, &scripts, &Settings::default()).world.unwrap();
    let (with, without) = (walk(&world), walk(&without));
    assert_eq!(with.findings, []);
    assert!(with.states > without.states, "its arrival was not walked");
}

#[test]
fn the_shipped_line_with_numbers_has_no_findings_but_its_own() {
    let judged = |flows: &Files| {
        let loaded = Loaded::new(flows, &Files::embedded_scripts(), &Settings::default());
        check(&loaded, TODAY).iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(judged(&with("numbers.yaml", NUMBERS)), judged(&flows(&[])));
}

#[test]
fn a_simulated_call_to_a_number_is_answered_for_that_number() {
    let folder = tempfile::tempdir().unwrap();
    write_line(folder.path(), &with("numbers.yaml", NUMBERS), &Files::embedded_scripts());
    let call = |to: &[&str]| {
        let mut program = crate::program::command(folder.path());
        program.args(["call", "--hang-up", "--flows", "flows", "--scripts", "scripts"]).args(to);
        String::from_utf8(program.output().unwrap().stdout).unwrap()
    };
    assert!(call(&["--to", ENGLISH]).contains("Main menu"));
    assert!(!call(&[]).contains("Main menu"));
    // Written as one dials it, it would be a number that nobody has set anything for.
    let mut program = crate::program::command(folder.path());
    let refused = program.args(["call", "--to", "01 99 00 00 01"]).output().unwrap();
    assert!(!refused.status.success());
    assert!(String::from_utf8(refused.stderr).unwrap().contains("write + and the country code"));
}
