//! Digits on the phone: the rules E1 to E9 and L9 of the call tree, entry by entry; and over HTTP what only a provider that
//! tells less than others does.

use std::sync::LazyLock;

use allo_cmp::{
    call::{Asking, CallState, Digits, Entry, Event, Keys, Lang, NodeId, Origin, PartId, Spot, Step, Verb},
    directory::Directory,
    engine::{self, Now, Standing, World},
};

use crate::line::{Line, SHIPPED, Setup, attribute, next_url, said};

static WORLD: LazyLock<&World> = LazyLock::new(|| SHIPPED.world.as_ref().unwrap());
const NOW: Now = Now { directory: Standing::Ready, ..Now::at(0) };

/// The rule, what is typed (a wait each; `_` is silence, `#` and `*` are keys), and where the caller is then. Waits that
/// hold less than is asked for end in silence.
const POSTAL_CODE: [(&str, &str, &str); 46] = [
    ("E1", "75011", "read 75011"),
    ("E1", "75011#", "read 75011"),
    ("E1", "750112", "read 75011"),
    ("E2", "75*20000", "read 20000"),
    ("E2", "1*2*75011", "read 75011"),
    ("E2", "*", "ask"),
    ("E2", "75*", "ask"),
    ("E2", "750 *", "ask"),
    ("E2", "750 *75011", "read 75011"),
    ("E3", "#", "back"),
    ("E3", "75*#", "back"),
    ("E3", "750 *#", "back"),
    ("E4", "9", "urgent"),
    ("E4", "9#", "urgent"),
    ("E4", "99", "urgent"),
    ("E4", "99123", "urgent"),
    ("E4", "75*9", "urgent"),
    ("E4", "15", "urgent"),
    ("E4", "15#", "urgent"),
    ("E4", "17#", "urgent"),
    ("E4", "18", "urgent"),
    ("E4", "112", "urgent"),
    ("E4", "114#", "urgent"),
    ("E4", "3114", "urgent"),
    ("E4", "9 # 3100", "read 93100"),
    ("E4", "15 # 000", "read 15000"),
    ("E4", "3114 # 0", "read 31140"),
    ("E4", "1 5 # 000", "read 15000"),
    ("E4", "15 # #", "back"),
    ("E5", "0#", "main_menu"),
    ("E5", "8#", "languages"),
    ("E5", "7#", "ask"),
    ("E5", "0 1000", "read 01000"),
    ("E6", "750", "missing 750 2"),
    ("E6", "75", "missing 75 3"),
    ("E6", "750 11", "read 75011"),
    ("E6", "7 5 0 1 1", "read 75011"),
    ("E6", "75#", "read 75"),
    ("E6", "20#", "which 20"),
    ("E6", "97#", "missing 97 1"),
    ("E6", "97# 4", "read 974"),
    ("E6", "974#", "read 974"),
    ("E8", "75011 # 1", "find_age"),
    ("E8", "75011 # #", "ask"),
    ("E7", "75011 2", "ask"),
    ("L9", "00000 00#", "find_department"),
];

const READ_BACK: [(&str, &str, &str); 7] = [
    ("E7", "75011 1", "find_age"),
    ("L8", "75011 _", "read 75011"),
    ("L8", "75011 _ _", "find_age"),
    ("E7", "01410", "which 01410"),
    ("E7", "01410 2", "find_age"),
    ("E7", "01410 3", "ask"),
    ("L9", "00000", "ask"),
];

const DEPARTMENT: [(&str, &str, &str); 12] = [
    ("E1", "75", "read 75"),
    ("E4", "15", "read 15"),
    ("E4", "15#", "read 15"),
    ("E4", "17", "read 17"),
    ("E4", "18", "read 18"),
    ("E4", "9", "urgent"),
    ("E4", "99", "urgent"),
    ("E4", "112", "urgent"),
    ("E6", "97", "missing 97 1"),
    ("E6", "97 4", "read 974"),
    ("E6", "20", "which 20"),
    ("L9", "00 00", "person"),
];

/// A caller who came to `node` from the first appointment, and has failed once.
fn asked(node: &str) -> CallState {
    let here = Spot { node: NodeId::of("access_menu"), part: PartId::BEGINNING };
    let state =
        CallState { lang: Some(Lang::FR), failures: 1, back: vec![here], ..CallState::new(0, NodeId::of(node)) };
    CallState { keymap: WORLD.node(state.node).unwrap().keymap, ..state }
}

fn step(state: CallState, event: &Event) -> (CallState, Digits, String) {
    match engine::step(&WORLD, state, event, &NOW) {
        Step::Answer { state, verbs, .. } => match &verbs[..] {
            [Verb::Listen(listen)] => {
                let words = listen.prompts.iter().map(|prompt| prompt.speech.written()).collect::<Vec<_>>();
                (state, listen.digits, words.join(" | "))
            }
            other => panic!("{event:?}: {other:?}"),
        },
        Step::Do { effect, .. } => panic!("{event:?}: {effect:?}"),
    }
}

fn typed(node: &str, entries: &str) -> (CallState, Digits, String) {
    let mut now = (asked(node), Digits::One, String::new());
    for entry in entries.split(' ') {
        let event = if entry == "_" { Event::Silence } else { Event::Keys(Keys::parse(entry)) };
        now = step(now.0, &event);
    }
    now
}

/// Where a caller is, in the words of the tables.
fn place(node: &str, (state, digits, _): &(CallState, Digits, String)) -> String {
    let entry = Entry::of(state.part);
    let typed = entry.typed.digits();
    match (entry.asking, digits) {
        _ if state.node == WORLD.roles.urgent_help => "urgent".to_owned(),
        _ if state.node == NodeId::of("access_menu") => "back".to_owned(),
        _ if state.node != NodeId::of(node) => WORLD.node(state.node).unwrap().name.to_string(),
        (Asking::Digits, Digits::UpTo(_)) if typed.is_empty() => "ask".to_owned(),
        (Asking::Digits, Digits::UpTo(missing)) => format!("missing {typed} {missing}"),
        (Asking::ReadBack, Digits::One) => format!("read {typed}"),
        (Asking::Which, Digits::One) => format!("which {typed}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_entry_means_what_the_rules_say() {
    let mut wrong = Vec::new();
    let tables = [("find_code", &POSTAL_CODE[..]), ("find_code", &READ_BACK[..]), ("find_department", &DEPARTMENT[..])];
    for (node, table) in tables {
        for (rule, entries, expected) in table {
            let after = typed(node, entries);
            let found = place(node, &after);
            if found != *expected {
                wrong.push(format!("{rule}: `{entries}` in {node}: {found}, not {expected}"));
            }
            // Silence is the only failure here; whoever types has none.
            if !entries.contains('_') && after.0.failures != 0 {
                wrong.push(format!("{rule}: `{entries}` in {node}: {} failures", after.0.failures));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_wait_in_which_nothing_new_is_typed_is_a_failure_and_keeps_the_digits() {
    let after = typed("find_code", "750 _");
    assert_eq!((place("find_code", &after).as_str(), after.0.failures), ("missing 750 2", 1));
    let after = step(after.0, &Event::Keys(Keys::parse("#")));
    assert_eq!((place("find_code", &after).as_str(), after.0.failures), ("missing 750 2", 2));
    let after = step(after.0, &Event::Keys(Keys::parse("11")));
    assert_eq!((place("find_code", &after).as_str(), after.0.failures), ("read 75011", 0));
}

#[test]
fn whoever_says_yes_is_known_by_code_and_department_and_hash_leads_back_to_the_read_back() {
    let (state, ..) = typed("find_code", "01410 2");
    let Some(Origin { code: Some(code), department }) = state.origin else { panic!("{:?}", state.origin) };
    assert_eq!((code.digits().as_str(), department.number()), ("01410", "39"));
    let after = step(state, &Event::Keys(Keys::parse("#")));
    assert_eq!(place("find_code", &after), "which 01410");
    let (state, ..) = typed("find_code", "75# 1");
    assert_eq!(
        state.origin.map(|origin| (origin.code, origin.department.number().to_owned())),
        Some((None, "75".into()))
    );
}

/// L9: the person is called once; then there are the numbers.
#[test]
fn whoever_has_talked_to_somebody_hears_the_numbers_after_unknown_departments() {
    let state = CallState { answered: true, ..asked("find_department") };
    let (state, ..) = step(state, &Event::Keys(Keys::parse("00")));
    let (state, ..) = step(state, &Event::Keys(Keys::parse("00")));
    assert_eq!(state.node, WORLD.roles.numbers);
}

/// Names of places are French: no other voice says them, and nothing that was typed is printed.
#[test]
fn places_are_said_by_the_french_voice_and_digits_are_not_printed() {
    let state = CallState { lang: Some(Lang::EN), ..asked("find_code") };
    let Step::Answer { state, verbs, .. } = engine::step(&WORLD, state, &Event::Keys(Keys::parse("75011")), &NOW)
    else {
        panic!("nothing is reserved")
    };
    let [Verb::Listen(listen)] = &verbs[..] else { panic!("{verbs:?}") };
    let voices: Vec<_> = listen.prompts.iter().map(|prompt| prompt.speech.lang.as_str()).collect();
    assert_eq!(voices, ["en", "fr", "en", "en"]);
    assert_eq!(listen.prompts[0].speech.written(), "Your code: 7 5 0 1 1.");
    assert!(!format!("{state:?}").contains("75011"));
}

/// E9: `#` that a provider doesn't tell is silence: urgent help is found, the rest is kept.
#[tokio::test]
async fn a_hash_that_the_provider_does_not_tell_is_silence() {
    let line = Line::start(Setup { directory: Some(Directory::example().clone()), ..Setup::default() }).await;
    for (n, digits, heard) in
        [(1, "75", "Il manque 3 chiffres."), (2, "15", "Une vie en danger ?"), (3, "9", "Une vie en danger ?")]
    {
        let call = line.after(n, "11").await;
        let document = call.last_document().unwrap().to_owned();
        assert_eq!(attribute(&document, "Gather", "numDigits").as_deref(), Some("5"));
        assert_eq!(attribute(&document, "Gather", "finishOnKey").as_deref(), Some("#"));
        assert_eq!(attribute(&document, "Gather", "timeout").as_deref(), Some("6"));
        let answer = line.ask(n, &format!("{}&e=silence", next_url(&document)), &[("Digits", digits)]).await;
        assert!(said(&answer).contains(heard), "{digits}: {}", said(&answer));
    }
}
