//! What each goal costs a caller of the shipped line, and the aims that it keeps.

use allo_cmp::{
    check::{Cost, Goals, Way, check, goals},
    engine::{Kind, Loaded, Settings},
    files::Files,
};

/// Urgent help, from the answer of the call.
const URGENT_KEYS: usize = 1;
const URGENT_SECONDS: f32 = 12.0;
/// From the language.
const DOCUMENT_KEYS: usize = 2;
const GOAL_KEYS: usize = 5;

fn shipped() -> (Loaded, Goals) {
    let loaded = Loaded::shipped(&Settings::default());
    let goals = goals(&loaded).unwrap();
    (loaded, goals)
}

fn from_language(way: &Way) -> &Cost {
    way.from_language.as_ref().unwrap_or_else(|| panic!("no way to {} in {}", way.goal, way.lang))
}

#[test]
fn urgent_help_is_one_key_away_and_soon() {
    let (_, goals) = shipped();
    let urgent: Vec<&Way> = goals.ways.iter().filter(|way| way.goal == "urgent_help").collect();
    assert_eq!(urgent.len(), 2);
    for way in urgent {
        let cost = way.from_answer.as_ref().unwrap();
        assert!(cost.keys <= URGENT_KEYS && cost.seconds <= URGENT_SECONDS, "{way:?}");
        assert!(from_language(way).keys <= URGENT_KEYS && from_language(way).seconds < 1.0, "{way:?}");
    }
}

#[test]
fn every_goal_is_a_few_keys_away() {
    let (loaded, goals) = shipped();
    let world = loaded.world.unwrap();
    let documents = world.nodes().filter(|node| matches!(node.kind, Kind::Read(_))).map(|node| node.name.as_str());
    // A goal has the name that goals.yaml gives it.
    let documents: Vec<&str> = documents.map(|name| if name == "booking_steps" { "booking" } else { name }).collect();
    for lang in &world.langs {
        let of_lang = || goals.ways.iter().filter(|way| way.lang == *lang);
        for goal in documents.iter().copied().chain([
            "urgent_help",
            "listener",
            "numbers",
            "no_card",
            "no_papers",
            "privacy",
            "about_line",
            "keys",
        ]) {
            assert_eq!(of_lang().filter(|way| way.goal == goal).count(), 1, "{goal} in {lang}");
        }
        for way in of_lang() {
            let most = if documents.contains(&way.goal.as_str()) { DOCUMENT_KEYS } else { GOAL_KEYS };
            assert!(from_language(way).keys <= most, "{way:?}");
            assert!(way.from_answer.as_ref().unwrap().keys <= most + 1, "{way:?}");
        }
    }
}

#[test]
fn every_goal_is_reached_from_every_other() {
    let (_, goals) = shipped();
    assert_eq!(goals.apart, [""; 0]);
}

#[test]
fn a_part_that_comes_by_itself_costs_no_key() {
    let (_, goals) = shipped();
    let cost = |goal: &str| from_language(goals.ways.iter().find(|way| way.goal == goal).unwrap()).clone();
    let (document, part) = (cost("documents"), cost("no_card"));
    assert_eq!(document.pressed, part.pressed);
    assert!(part.seconds > document.seconds + 20.0);
}

#[test]
fn the_program_prints_them() {
    let run = |args: &[&str]| {
        let mut program = assert_cmd::Command::cargo_bin("allo-cmp").unwrap();
        let out = program.current_dir(std::env::temp_dir()).args(["check", "--reach"]).args(args).assert().success();
        String::from_utf8(out.get_output().stdout.clone()).unwrap()
    };
    let table = run(&[]);
    assert!(table.lines().any(|line| line.starts_with("documents ") && line.contains(" 2 1 : ")), "{table}");
    let (_, goals) = shipped();
    assert_eq!(table.lines().count(), goals.ways.len() + 1);
    let lines = run(&["--json"]);
    let first: serde_json::Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    assert_eq!((first["goal"].as_str(), first["lang"].as_str()), (Some("urgent_help"), Some("fr")));
    assert_eq!(first["from_answer"]["keys"], 1);
}

/// The shipped flows with another `goals.yaml`.
fn with_goals(text: &str) -> Loaded {
    let shipped = Files::embedded_flows();
    let texts = shipped.files.iter().map(|file| (file.name.as_str(), file.source.text.as_str()));
    let texts = texts.map(|(name, shipped)| (name, if name == "goals.yaml" { text } else { shipped }));
    Loaded::new(&Files::from_texts(texts), &Files::embedded_scripts(), &Settings::default())
}

#[test]
fn the_key_of_a_question_that_everyone_must_answer_is_not_counted() {
    let goals =
        goals(&with_goals("uncounted: [access_menu]\ngoals: { papers: { at: documents, keys: 1 } }\n")).unwrap();
    let papers: Vec<&Way> = goals.ways.iter().filter(|way| way.goal == "papers").collect();
    assert_eq!(papers.len(), 2);
    for way in papers {
        assert_eq!((from_language(way).keys, from_language(way).pressed.as_str()), (1, "2 (1)"));
    }
    assert!(goals.missed.is_empty(), "{:?}", goals.missed);
}

#[test]
fn an_aim_that_is_missed_is_an_error_at_its_goal() {
    let text =
        "goals:\n  papers: { at: documents, keys: 1 }\n  urgent: { at: urgent_help, seconds: 3, from: answer }\n";
    let loaded = with_goals(text);
    let found = check(&loaded, crate::line::TODAY);
    let shown: Vec<(&str, usize)> =
        found.iter().map(|found| (found.code, found.place.as_ref().unwrap().line_column().0)).collect();
    let missed = "goal-missed";
    assert_eq!(shown, [(missed, 3), (missed, 3), (missed, 2), (missed, 2)], "{found:?}");
    assert!(found[2].message.contains("`papers` in `fr` is 2 keys from the key of the language: 2 1"), "{found:?}");
}

#[test]
fn the_shipped_line_keeps_its_aims() {
    let (_, goals) = shipped();
    assert!(goals.missed.is_empty(), "{:?}", goals.missed);
}
