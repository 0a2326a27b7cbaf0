//! What each goal costs a caller of the shipped line, and the aims that it keeps.

use std::collections::BTreeMap;

use allo_cmp::{
    call::PartId,
    check::{Cost, Way, check, goals},
    engine::{Kind, Loaded, Settings},
    files::Files,
};

use crate::line::{SHIPPED, SHIPPED_GOALS, TODAY, small, write_line};

/// Urgent help, from the answer of the call.
const URGENT_KEYS: usize = 1;
const URGENT_SECONDS: f32 = 12.0;
/// Any goal, from the language; `goals.yaml` asks for fewer where it can.
const GOAL_KEYS: usize = 5;

fn from_language(way: &Way) -> &Cost {
    way.from_language.as_ref().unwrap_or_else(|| panic!("no way to {} in {}", way.goal, way.lang))
}

#[test]
fn urgent_help_is_one_key_away_and_soon() {
    let goals = &*SHIPPED_GOALS;
    let urgent: Vec<&Way> = goals.ways.iter().filter(|way| way.goal == "urgent_help").collect();
    assert_eq!(urgent.len(), 2);
    for way in urgent {
        let cost = way.from_answer.as_ref().unwrap();
        assert!(cost.keys <= URGENT_KEYS && cost.seconds <= URGENT_SECONDS, "{way:?}");
        assert!(from_language(way).keys <= URGENT_KEYS && from_language(way).seconds < 1.0, "{way:?}");
    }
}

/// Where the goals of the shipped `goals.yaml` are: nodes, and scripts of parts.
fn aimed_at() -> BTreeMap<String, String> {
    #[derive(serde::Deserialize)]
    struct Aims {
        goals: BTreeMap<String, Aim>,
    }
    #[derive(serde::Deserialize)]
    struct Aim {
        at: String,
    }
    let files = Files::embedded_flows().files;
    let text = &files.iter().find(|file| file.name == "goals.yaml").unwrap().source.text;
    let aims: Aims = serde_saphyr::from_str(text).unwrap();
    aims.goals.into_iter().map(|(name, aim)| (name, aim.at)).collect()
}

#[test]
fn every_goal_is_a_few_keys_away() {
    let world = SHIPPED.world.as_ref().unwrap();
    let aims = aimed_at();
    for lang in &world.langs {
        let of_lang = || SHIPPED_GOALS.ways.iter().filter(|way| way.lang == *lang);
        for goal in aims.keys() {
            assert!(of_lang().any(|way| way.goal == *goal), "{goal} in {lang}");
        }
        for way in of_lang() {
            assert!(from_language(way).keys <= GOAL_KEYS, "{way:?}");
            assert!(way.from_answer.as_ref().unwrap().keys <= GOAL_KEYS + 1, "{way:?}");
        }
    }
    // What callers need most, and every document, or one of its parts, is a goal.
    for needed in ["urgent_help", "listener", "numbers", "documents/no-card", "documents/no-papers", "privacy"] {
        assert!(aims.values().any(|at| at == needed), "{needed}");
    }
    for node in world.nodes() {
        let Kind::Read(document) = &node.kind else { continue };
        let of_part = |at: &str| document.parts.iter().any(|(part, _)| *part == PartId::of(at));
        assert!(aims.values().any(|at| **at == *node.name || of_part(at)), "{} is no goal", node.name);
    }
}

#[test]
fn every_goal_is_reached_from_every_other() {
    let goals = &*SHIPPED_GOALS;
    assert_eq!(goals.apart, [""; 0]);
}

#[test]
fn a_part_that_comes_by_itself_costs_no_key() {
    let goals = &*SHIPPED_GOALS;
    let cost = |goal: &str| from_language(goals.ways.iter().find(|way| way.goal == goal).unwrap()).clone();
    let (document, part) = (cost("documents"), cost("no_card"));
    assert_eq!(document.pressed, part.pressed);
    assert!(part.seconds > document.seconds + 20.0);
}

/// A small line with this `goals.yaml`: its numbers are 0 then 1, and it says so.
fn with_goals(text: &str) -> (Files, Files) {
    small(&[("go: goodbye }\nhelp", "go: goodbye }\n    once: main/help-key\nhelp")], &[("flows/goals.yaml", text)])
}

fn loaded((flows, scripts): (Files, Files)) -> Loaded {
    Loaded::new(&flows, &scripts, &Settings::default())
}

#[test]
fn the_program_prints_them() {
    let folder = tempfile::tempdir().unwrap();
    let line = with_goals("goals:\n  urgent: { at: urgent_help, from: answer }\n  numbers: { at: numbers }\n");
    write_line(folder.path(), &line.0, &line.1);
    let run = |args: &[&str]| {
        let args = ["check", "--flows", "flows", "--scripts", "scripts", "--reach"].iter().chain(args);
        let output = crate::program::command(folder.path()).args(args).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let table = run(&[]);
    assert!(table.lines().any(|line| line.starts_with("numbers ") && line.contains(" 0 1 : ")), "{table}");
    assert_eq!(table.lines().count(), goals(&loaded(line)).unwrap().ways.len() + 1);
    let lines = run(&["--json"]);
    let first: serde_json::Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    assert_eq!((first["goal"].as_str(), first["lang"].as_str()), (Some("urgent"), Some("fr")));
    assert_eq!(first["from_answer"]["keys"], 1);
}

#[test]
fn the_key_of_a_question_that_everyone_must_answer_is_not_counted() {
    let line = loaded(with_goals("uncounted: [help_menu]\ngoals: { numbers: { at: numbers, keys: 1 } }\n"));
    let goals = goals(&line).unwrap();
    let numbers: Vec<&Way> = goals.ways.iter().filter(|way| way.goal == "numbers").collect();
    assert_eq!(numbers.len(), 1);
    for way in numbers {
        assert_eq!((from_language(way).keys, from_language(way).pressed.as_str()), (1, "0 (1)"));
    }
    assert!(goals.missed.is_empty(), "{:?}", goals.missed);
}

#[test]
fn an_aim_that_is_missed_is_an_error_at_its_goal() {
    let text = "goals:\n  numbers: { at: numbers, keys: 1 }\n  urgent: { at: urgent_help, seconds: 1, from: answer }\n";
    let found = check(&loaded(with_goals(text)), TODAY);
    let shown: Vec<(&str, usize)> =
        found.iter().map(|found| (found.code, found.place.as_ref().unwrap().line_column().0)).collect();
    assert_eq!(shown, [("goal-missed", 3), ("goal-missed", 2)], "{found:?}");
    assert!(found[1].message.contains("`numbers` in `fr` is 2 keys from the key of the language: 0 1"), "{found:?}");
}

#[test]
fn the_shipped_line_keeps_its_aims() {
    let goals = &*SHIPPED_GOALS;
    assert!(goals.missed.is_empty(), "{:?}", goals.missed);
}
