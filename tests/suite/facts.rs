//! What the engine tells of a call: each kind of fact, from what a caller does.

use std::{collections::BTreeSet, sync::LazyLock};

use allo_cmp::{
    call::{CallState, DialOutcome, Event, Fact, Keys, Lang, Outcome, Step, Transfer},
    engine::{self, Kind, Now, Standing, World, answers_lost},
};

use crate::{
    line::SHIPPED_GOALS,
    overlay::{Overlaid, centres},
};

/// Tuesday 24 November 2026, noon in Paris.
const NOW: Now = Now { directory: Standing::Ready, ..Now::at(29_925_300) };

static LINE: LazyLock<Overlaid> = LazyLock::new(|| Overlaid::read(Some("association"), centres("ready")));
static SHIPPED: LazyLock<Overlaid> = LazyLock::new(|| Overlaid::read(None, centres("ready")));

fn written(world: &World, fact: &Fact) -> String {
    let node = |id| world.node(id).unwrap().name.to_string();
    let line = |id| world.line_name(id).unwrap().to_string();
    match fact {
        Fact::Began => "began".to_owned(),
        Fact::LanguageChosen(lang) => format!("language {}", lang.as_str()),
        Fact::Reached(id) => format!("reached {}", node(*id)),
        Fact::Heard(script) => format!("heard {script}"),
        Fact::Goal(goal) => format!("goal {goal}"),
        Fact::UrgentHelp => "urgent".to_owned(),
        Fact::Failure => "failure".to_owned(),
        Fact::TransferTried(id) => format!("tried {}", line(*id)),
        Fact::TransferEnded { line: id, outcome, talked } => {
            let talked = talked.map(|seconds| format!(" {seconds}")).unwrap_or_default();
            format!("transferred {} {outcome:?}{talked}", line(*id))
        }
        Fact::LookedUp(department) => format!("looked_up {}", department.number()),
        Fact::NumberReported(finess) => format!("reported {finess}"),
        Fact::Lost => "lost".to_owned(),
        Fact::Limited { by_caller } => format!("limited {}", if *by_caller { "caller" } else { "all" }),
        Fact::SaidGoodbye(id) => format!("goodbye {}", node(*id)),
    }
}

/// What an act stands for: keys, `_` for silence, or how a transfer ends.
fn event(act: &str) -> Event {
    let ended = |transfer| Event::TransferEnded(transfer);
    match act {
        "_" => Event::Silence,
        "busy" => ended(Transfer::of(DialOutcome::Busy)),
        "no-answer" => ended(Transfer::of(DialOutcome::NoAnswer)),
        "talked" => ended(Transfer { talked: Some(60), ..Transfer::of(DialOutcome::Completed) }),
        "accepted" => {
            let talked = Some(60);
            ended(Transfer { accepted: Some(true), talked, ..Transfer::of(DialOutcome::Completed) })
        }
        "voicemail" => {
            let talked = Some(9);
            ended(Transfer { accepted: Some(false), talked, ..Transfer::of(DialOutcome::Completed) })
        }
        "ended" => Event::Ended,
        keys => Event::Keys(Keys::parse(keys)),
    }
}

/// The facts of the answer to each act; the first ones are those of the beginning.
fn facts(world: &World, acts: &str) -> Vec<String> {
    let mut all = Vec::new();
    let mut state: Option<CallState> = None;
    for act in std::iter::once("").chain(acts.split_whitespace()) {
        let mut step = match state.take() {
            None => engine::begin(world, None, &NOW),
            Some(state) => engine::step(world, state, &event(act), &NOW),
        };
        loop {
            step = match step {
                Step::Do { state, .. } => engine::step(world, state, &Event::Done(Outcome::Reserved), &NOW),
                Step::Answer { state: after, facts, .. } => {
                    all.push(facts.iter().map(|fact| written(world, fact)).collect::<Vec<_>>().join(", "));
                    state = Some(after);
                    break;
                }
            };
        }
    }
    all
}

/// What callers do, and the facts of the last answer. On the line of an association, where that is said, where two people of
/// one group are asked to accept before a line is called.
const CASES: [(&str, &str); 47] = [
    ("", "began, reached welcome"),
    ("1", "language fr, reached notice"),
    ("2", "language en, reached notice"),
    ("9", "urgent, reached urgent_help, goal urgent_help"),
    ("0", "reached notice"),
    ("ended", ""),
    // A part is heard where silence leads on behind it; the last one is the document.
    ("1 2 1", "reached documents"),
    ("1 2 1 _", "heard documents/overview"),
    ("1 2 1 1", ""),
    ("1 2 1 _ 1", ""),
    ("1 2 1 *", ""),
    ("1 2 1 * _", "heard documents/overview"),
    ("1 2 1 7 _", "heard documents/overview"),
    ("1 2 1 5", "failure"),
    ("1 2 1 1 _", "heard documents/carte-vitale"),
    ("1 2 1 1 1 _", "heard documents/no-card, goal no_card"),
    ("1 2 1 _ _ _ _ _ _ _", "heard documents/interpreter-and-company, goal interpreter, goal documents"),
    ("1 2 1 1 1 1 1 1 1 _", "heard documents/interpreter-and-company, goal interpreter, goal documents"),
    ("1 2 1 1 1 1 1 1 1 1", ""),
    ("1 2 1 _ _ _ _ _ _ _ _", ""),
    ("1 2 1 _ _ _ _ _ _ _ _ _", "reached access_menu"),
    // A place is a goal where it is said on arrival: not again, and not when it is come back to.
    ("1 9", "urgent, reached urgent_help, goal urgent_help"),
    ("1 9 *", ""),
    ("1 9 2", "reached numbers, goal numbers"),
    ("1 9 2 #", "reached urgent_help"),
    ("1 2 1 9 #", "reached documents"),
    // A transfer is one where the two have talked; the numbers that follow in vain were not called for.
    ("1 9 _", "reached listener"),
    ("1 9 1 _", "tried sos_amitie"),
    ("1 9 1 _ busy", "transferred sos_amitie Busy"),
    ("1 9 1 _ talked", "transferred sos_amitie Completed 60, goal listener, reached after_transfer"),
    ("1 9 1 _ busy _ no-answer", "transferred suicide_ecoute NoAnswer, reached numbers"),
    // Our own people stand under the name of their group, and a voicemail is no answer.
    ("association: 1 9 1 _", "tried our_team"),
    ("association: 1 9 1 _ voicemail", "transferred our_team NoAnswer"),
    ("association: 1 9 1 _ accepted", "transferred our_team Completed 60, goal listener, reached after_transfer"),
    // Centres are looked up once an arrival.
    ("1 1 75011 1 1", "reached find_adults, looked_up 75, goal find_centre"),
    ("1 1 75# 1 1", "reached find_adults, looked_up 75, goal find_centre"),
    ("1 1 75011 1 1 *", ""),
    ("1 1 75011 1 1 2", ""),
    ("1 1 75011 1 1 3", "reported 750000901"),
    ("1 1 75011 1 1 1 _ busy", "transferred finess/750000901 Busy, reached cmp_after"),
    ("1 1 75011 1 1 1 _ busy 1", "reached find_next"),
    ("1 1 75011 1 1 9 #", "reached find_adults"),
    ("_", "failure"),
    ("_ _ _", "failure, reached person"),
    ("1 8 2", "language en, reached main_menu"),
    ("1 5", "failure"),
    ("_ _ _ _ no-answer _ no-answer _ _ _ _ no-answer _ no-answer _", "goodbye gentle_end"),
];

#[test]
fn each_act_has_its_facts() {
    let mut wrong = Vec::new();
    for (acts, expected) in CASES {
        let (world, acts) = match acts.strip_prefix("association: ") {
            Some(acts) => (&LINE.world, acts),
            None => (&SHIPPED.world, acts),
        };
        let found = facts(world, acts).pop().unwrap();
        if found != expected {
            wrong.push(format!("(\"{acts}\", \"{found}\"),"));
        }
    }
    assert!(wrong.is_empty(), "found instead:\n{}", wrong.join("\n"));
}

#[test]
fn dictated_words_are_heard_once_with_their_last_repeat() {
    let world = &SHIPPED.world;
    let dictating = world.nodes().find_map(|node| match &node.kind {
        Kind::Read(document) if document.dictation => Some((node, document)),
        _ => None,
    });
    let (node, document) = dictating.unwrap();
    let mut state = CallState { lang: Some(Lang::FR), keymap: node.keymap, ..CallState::new(NOW.minute, node.id) };
    state.part = document.parts[0].0;
    let mut heard = Vec::new();
    while document.parts.iter().any(|(part, _)| *part == state.part) {
        let Step::Answer { state: after, facts, .. } = engine::step(world, state, &Event::Silence, &NOW) else {
            panic!("a document asks for nothing")
        };
        heard.extend(facts.iter().map(|fact| written(world, fact)).filter(|fact| fact.starts_with("heard ")));
        state = after;
    }
    let expected: Vec<String> = document.names.iter().map(|part| format!("heard {}", part.script)).collect();
    assert_eq!(heard, expected);
}

#[test]
fn every_goal_that_is_judged_can_be_told() {
    let judged: BTreeSet<&str> = SHIPPED_GOALS.ways.iter().map(|way| way.goal.as_str()).collect();
    let world = &SHIPPED.world;
    let of_nodes = world.nodes().flat_map(|node| &node.goals);
    let of_parts = world.nodes().flat_map(|node| match &node.kind {
        Kind::Read(document) => document.names.as_slice(),
        _ => &[],
    });
    let told: BTreeSet<&str> = of_nodes.chain(of_parts.flat_map(|part| &part.goals)).map(|goal| &**goal).collect();
    assert_eq!(told, judged);
}

#[test]
fn a_call_that_lost_its_place_counts_on_where_it_never_was() {
    let world = &SHIPPED.world;
    let mut known: BTreeSet<u16> = (0..=300).collect();
    for minute in 0..62 {
        let now = Now { minute: NOW.minute + minute, ..NOW };
        let Step::Answer { state, facts, .. } = engine::recover(world, Some(Lang::FR), &Event::Silence, &now) else {
            panic!("an apology asks for nothing")
        };
        assert_eq!(facts.iter().map(|fact| written(world, fact)).collect::<Vec<_>>(), ["lost", "reached main_menu"]);
        assert_eq!(state.turn, answers_lost(&now) + 1);
        for turn in 0..=300 {
            assert!(known.insert(answers_lost(&now) + turn), "{minute} {turn}");
        }
    }
    assert!(!known.contains(&u16::MAX), "that is the end of every call");
}
