//! `notices.yaml`: what is announced for a time (A4). Real webhooks, real signatures, a clock that is given.

use allo_cmp::{check::walk, engine::Loaded, engine::Settings, files::Files, lines::moment};

use crate::{
    called_numbers::with,
    line::{Line, Setup, flows, play, said, small},
};

const NOTICES: &str = r#"
strike:
  at: greeting
  from: 2026-12-24T18:00
  until: 2026-12-26T08:00
  say: { fr: "Le 25 décembre, l'équipe fait grève.", en: "On 25 December, the team is on strike." }
busy:
  at: sos_amitie
  until: 2026-12-26T08:00
  say: { fr: "Beaucoup de gens appellent ce soir.", en: "Many people call tonight." }
victims_move:
  at: victims
  until: 2026-12-26T08:00
  say: { fr: "Cette ligne déménage.", en: "This line is moving." }
"#;

const STRIKE: &str = "fr: Le 25 décembre, l'équipe fait grève.";
const BUSY: &str = "fr: Beaucoup de gens appellent ce soir.";

async fn line(flows: Files, at: &str) -> Line {
    let line = Line::start(Setup { flows, ..Setup::default() }).await;
    line.clock.set(moment::seconds(at).unwrap());
    line
}

async fn words(line: &Line, n: usize, keys: &str) -> String {
    said(line.after(n, keys).await.last_document().unwrap())
}

#[tokio::test]
async fn a_notice_of_the_greeting_comes_behind_the_notice_of_the_line_once_a_call() {
    let line = line(with("notices.yaml", NOTICES), "2026-12-25T10:00").await;
    let arrival = words(&line, 1, "").await;
    assert!(!arrival.contains("grève"), "never before the emergency words: {arrival}");
    for (n, keys) in [(2, "1"), (3, "0"), (4, "9#1")] {
        let heard = words(&line, n, keys).await;
        let order = ["fr: Bienvenue", STRIKE, "fr: Menu principal"].map(|words| heard.find(words));
        assert!(order.iter().all(Option::is_some) && order.is_sorted(), "{keys}: {heard}");
    }
    assert!(words(&line, 5, "2").await.contains("en: On 25 December, the team is on strike."));
    for (n, keys) in [(6, "1*"), (7, "1_"), (8, "10"), (9, "181"), (10, "9"), (11, "19#")] {
        let heard = words(&line, n, keys).await;
        assert!(!heard.contains("grève"), "{keys}: {heard}");
    }
}

#[tokio::test]
async fn a_notice_is_said_from_its_first_minute_to_its_last() {
    let line = line(with("notices.yaml", NOTICES), "2026-12-24T17:59").await;
    for (n, at, is_said) in [
        (1, "2026-12-24T17:59", false),
        (2, "2026-12-24T18:00", true),
        (3, "2026-12-26T07:59", true),
        (4, "2026-12-26T08:00", false),
    ] {
        line.clock.set(moment::seconds(at).unwrap());
        assert_eq!(words(&line, n, "1").await.contains(STRIKE), is_said, "{at}");
    }
}

#[tokio::test]
async fn it_is_said_before_the_node_where_a_number_leads() {
    let numbers = "\"+33199001234\": { lang: fr, first: talk_menu }\n";
    let both = with("notices.yaml", NOTICES);
    let files = both.files.iter().map(|file| (file.name.as_str(), file.source.text.as_str()));
    let line = line(Files::from_texts(files.chain([("numbers.yaml", numbers)])), "2026-12-25T10:00").await;
    let heard = words(&line, 1, "").await;
    let order = ["fr: Urgence", "en: Emergency", "fr: Bienvenue", STRIKE, "fr: Danger immédiat"];
    let order = order.map(|words| heard.find(words));
    assert!(order.iter().all(Option::is_some) && order.is_sorted(), "{heard}");
}

#[tokio::test]
async fn a_notice_of_a_line_comes_before_its_announcement() {
    let line = line(with("notices.yaml", NOTICES), "2026-12-25T10:00").await;
    let heard = words(&line, 1, "191").await;
    assert!(heard.starts_with(BUSY) && heard.contains("Nous appelons SOS Amitié"), "{heard}");
    // A caller who is silent at the arrival hears it in both languages, as the announcement itself.
    let heard = words(&line, 2, "___").await;
    assert!(heard.contains(BUSY) && heard.contains("en: Many people call tonight."), "{heard}");
    line.clock.set(moment::seconds("2026-12-26T08:00").unwrap());
    assert!(!words(&line, 3, "191").await.contains(BUSY));
}

#[tokio::test]
async fn a_notice_of_a_line_is_said_where_the_line_is_closed() {
    let line = line(with("notices.yaml", NOTICES), "2026-12-25T23:00").await;
    let heard = words(&line, 1, "1").await;
    assert!(heard.contains("Menu principal"), "{heard}");
    // To talk to someone, violence, victims.
    let mut call = line.caller(2);
    call.start().await.unwrap();
    play(&mut call, "1 4 2 3").await;
    let heard = said(call.last_document().unwrap());
    let (notice, closed) = (heard.find("Cette ligne déménage"), heard.find("fermé"));
    assert!(notice.is_some() && notice < closed, "{heard}");
}

#[tokio::test]
async fn a_notice_of_the_next_line_comes_before_it_is_tried() {
    let edits = [
        ("chains.yaml", "try: [victims]", "try: [sos_amitie, victims]"),
        ("chains.yaml", "try: [fil_sante_jeunes]", "try: [sos_amitie, fil_sante_jeunes]"),
    ];
    let edited = flows(&edits);
    let files = edited.files.iter().map(|file| (file.name.as_str(), file.source.text.as_str()));
    let line = line(Files::from_texts(files.chain([("notices.yaml", NOTICES)])), "2026-12-25T10:00").await;
    let heard = words(&line, 1, "1 4 2 3 _ b").await;
    let order = ["occupée", "Cette ligne déménage", "autre ligne"].map(|words| heard.find(words));
    assert!(order.iter().all(Option::is_some) && order.is_sorted(), "{heard}");
}

#[test]
fn notices_change_no_way() {
    let notices = "a: { at: greeting, until: 2099-01-01T00:00, say: { fr: Bonjour à vous. } }\n";
    let walked = |more: &[(&str, &str)]| {
        let (flows, scripts) = small(&[], more);
        let walk = walk(&Loaded::new(&flows, &scripts, &Settings::default()).world.unwrap());
        assert_eq!(walk.findings, []);
        (walk.states, walk.steps)
    };
    assert_eq!(walked(&[("flows/notices.yaml", notices)]), walked(&[]));
}
