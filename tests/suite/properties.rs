//! Whatever happens in a call, in whatever order: it never panics, never falls silent, never ends unchosen, and urgent
//! help is one key away. Every answer is one that a provider performs.

use std::sync::LazyLock;

use allo_cmp::{
    call::{
        Abilities, Age, AtHand, CallKey, CallState, Department, DialOutcome, Event, Finess, Key, Keys, Lang, MAX_BACK,
        MAX_HEARD, MAX_TOKEN, NodeId, Origin, Outcome, Pace, PartId, Passed, Phase, PostalCode, SoFar, Spot, Step,
        TokenKind, Transfer,
    },
    engine::{self, Loaded, Now, Settings, Standing, World},
};
use proptest::{collection::vec, option, prelude::*, test_runner::RngSeed};

use crate::{
    chains::chained,
    fuzz::entries::call::{Act, Call, TOKENS},
    line::loaded,
};

/// People and lines that are called one after the other, some of them closed at times.
static WORLD: LazyLock<World> = LazyLock::new(|| {
    loaded(&chained("by_day, team, turns, all, many, with_key, in_english, sos_amitie")).world.unwrap()
});

/// The same with another chain, and a small line in one language.
static OTHER: LazyLock<World> = LazyLock::new(|| loaded(&chained("with_key, sos_amitie")).world.unwrap());
static THIRD: LazyLock<World> = LazyLock::new(|| {
    let (flows, scripts) = crate::line::small(&[], &[]);
    Loaded::new(&flows, &scripts, &Settings::default()).world.unwrap()
});

fn key() -> impl Strategy<Value = Key> {
    prop::sample::select(Key::ALL.to_vec())
}

fn lang() -> impl Strategy<Value = Lang> {
    prop::sample::select(vec![Lang::FR, Lang::EN, "prs".parse().unwrap()])
}

fn outcome() -> impl Strategy<Value = Outcome> {
    prop_oneof![any::<u16>().prop_map(Outcome::Partly), prop::sample::select(Outcome::ALL.to_vec())]
}

fn transfer() -> impl Strategy<Value = Event> {
    let known = || option::of(any::<bool>());
    (prop::sample::select(DialOutcome::ALL.to_vec()), option::of(any::<u32>()), known(), known()).prop_map(
        |(outcome, talked, accepted, bridged)| {
            Event::TransferEnded(Transfer { talked, accepted, bridged, ..Transfer::of(outcome) })
        },
    )
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        8 => key().prop_map(|key| Event::Keys(key.into())),
        1 => "[0-9*#A-D]{0,40}".prop_map(|text| Event::Keys(Keys::parse(&text))),
        4 => Just(Event::Silence),
        2 => transfer(),
        1 => outcome().prop_map(Event::Done),
        1 => Just(Event::Started),
    ]
}

/// What happens in a call, in order: now and then the caller is silent for long, as a telephone left open is.
fn acts() -> impl Strategy<Value = Vec<Act>> {
    let quiet = (1_usize..16).prop_map(|times| vec![Act::Nothing; times]);
    let some = prop_oneof![20 => act().prop_map(|act| vec![act]), 1 => quiet];
    vec(some, 1..50).prop_map(|acts| acts.concat())
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        12 => event().prop_map(Act::Event),
        6 => Just(Act::Nothing),
        1 => (option::of(lang()), event()).prop_map(|(lang, event)| Act::Lost(lang, event)),
        1 => prop_oneof![0_u32..5, 5_u32..90, Just(u32::MAX)].prop_map(Act::Minutes),
    ]
}

fn any_state() -> impl Strategy<Value = CallState> {
    let node = any::<u64>().prop_map(NodeId);
    let phase = prop::sample::select(vec![
        Phase::Place,
        Phase::Reserving,
        Phase::LastHope,
        Phase::Ringing,
        Phase::Ending,
        Phase::Between(Passed::Busy),
        Phase::Between(Passed::Wished),
        Phase::WaitChoice,
        Phase::DidYouTalk,
        Phase::DidYouTalkAgain,
        Phase::BeforeCentre,
    ]);
    let numbers = (any::<u32>(), any::<u16>(), any::<[u8; 3]>(), any::<u32>(), any::<[u16; 2]>());
    let flags = any::<[bool; 5]>();
    let spot = || (any::<u64>(), any::<u32>()).prop_map(|(node, part)| Spot { node: NodeId(node), part: PartId(part) });
    let nodes = (spot(), vec(spot(), 0..=MAX_BACK), vec(any::<u64>().prop_map(NodeId), 0..=MAX_HEARD));
    (node, phase, option::of(lang()), numbers, flags, nodes).prop_map(|(node, phase, lang, numbers, flags, nodes)| {
        let (started, turn, [failures, repeats, attempt], keymap, [grace, chain_seconds]) = numbers;
        let [pressed, answered, ladder_answered, by_ladder, slow] = flags;
        let pace = if slow { Pace::Slow } else { Pace::Normal };
        let (Spot { node: awaits, part }, back, heard) = nodes;
        let department = Department::parse("974").unwrap();
        let origin = pressed.then_some(Origin { code: PostalCode::parse("97400"), department });
        CallState {
            origin,
            centre: answered.then_some(AtHand { centre: Finess::from_packed(keymap), age: Age::Teen }),
            started,
            turn,
            lang,
            node,
            part,
            awaits,
            phase,
            // A chain has a few attempts: most of these are none of it.
            attempt: attempt % 12,
            chain_seconds: chain_seconds % 200,
            so_far: if answered { SoFar::Busy } else { SoFar::Mixed },
            pace,
            repeats,
            failures,
            pressed,
            answered,
            ladder_answered,
            by_ladder,
            back,
            heard,
            keymap,
            grace,
            first: None,
        }
    })
}

/// A state that points into the shipped flows, whatever else stands in it.
fn known_state() -> impl Strategy<Value = CallState> {
    let mut nodes: Vec<NodeId> = WORLD.nodes().map(|node| node.id).collect();
    nodes.sort_unstable();
    let node = prop::sample::select(nodes.clone());
    (any_state(), node, vec(prop::sample::select(nodes), 0..=MAX_BACK), any::<bool>()).prop_map(
        |(state, node, back, true_keys)| {
            let keymap = WORLD.node(node).filter(|_| true_keys).map_or(state.keymap, |node| node.keymap);
            let back = back.into_iter().map(|node| Spot { node, part: state.part }).collect();
            CallState { node, awaits: node, back, keymap, ..state }
        },
    )
}

/// The same cases at each run, so that a failure is a change of ours. `PROPTEST_CASES=100000` tries that many others.
fn config(cases: u32) -> ProptestConfig {
    let asked = ProptestConfig::default();
    // No file is written beside the sources: a failure prints its shortest sequence, which then becomes a test.
    let asked = ProptestConfig { failure_persistence: None, ..asked };
    if asked.cases == UNASKED { ProptestConfig { cases, rng_seed: RngSeed::Fixed(18), ..asked } } else { asked }
}

/// More than the longest document in silence, the ladder and what follows.
const MOST_ANSWERS: u32 = 250;

/// How many cases there are when nobody asks for a number.
const UNASKED: u32 = 256;

proptest! {
    #![proptest_config(config(192))]

    #[test]
    fn no_sequence_of_events_leaves_a_caller_stuck(
        began in any::<u32>(),
        acts in acts(),
        outcomes in vec(outcome(), 0..6),
    ) {
        let now = Now { directory: Standing::Ready, ..Now::at(began) };
        let mut call = Call::begins(&WORLD, None, now, outcomes);
        acts.iter().all(|act| call.act(act));
    }

    #[test]
    fn no_reload_leaves_a_caller_stuck(
        began in any::<u32>(),
        acts in acts(),
        reloads in vec(0_usize..4, 50),
        outcomes in vec(outcome(), 0..6),
        can in any::<[bool; 2]>(),
    ) {
        let [short_numbers, star] = can;
        let now = Now { directory: Standing::Ready, can: Abilities { short_numbers, star }, ..Now::at(began) };
        let mut call = Call::begins(&WORLD, None, now, outcomes);
        for (act, reload) in acts.iter().zip(reloads.into_iter().cycle()) {
            call.world = match reload {
                0 => &OTHER,
                1 => &THIRD,
                _ => &WORLD,
            };
            if !call.act(act) {
                break;
            }
        }
    }

    #[test]
    fn no_state_and_event_leave_a_caller_stuck(
        state in known_state(),
        acts in vec(act(), 1..4),
        outcomes in vec(outcome(), 0..3),
        minutes in 0_u32..100,
    ) {
        let now = Now { directory: Standing::Ready, ..Now::at(state.started.saturating_add(minutes)) };
        let mut call = Call { world: &WORLD, state, now, outcomes };
        acts.iter().all(|act| call.act(act));
    }
}

proptest! {
    #![proptest_config(config(24))]

    /// However the call went before, and whoever answers or not: a telephone left open is not on the line for ever.
    #[test]
    fn silence_ends_every_call(
        began in any::<u32>(),
        acts in acts(),
        ends in vec(transfer(), 1..6),
        outcomes in vec(outcome(), 0..6),
    ) {
        let now = Now { directory: Standing::Ready, ..Now::at(began) };
        let mut call = Call::begins(&WORLD, None, now, outcomes);
        let mut goes_on = acts.iter().all(|act| call.act(act));
        let mut ends = ends.into_iter().cycle();
        let mut answers = 0;
        while goes_on {
            let act = if call.state.phase == Phase::Ringing { Act::Event(ends.next().unwrap()) } else { Act::Nothing };
            goes_on = call.act(&act);
            answers += 1;
            prop_assert!(answers < MOST_ANSWERS, "{answers} answers, and still at {:?}", call.state);
        }
    }
}

proptest! {
    #![proptest_config(config(512))]

    #[test]
    fn a_state_comes_back_from_its_token(state in any_state()) {
        let call = CallKey::of(Some("CA1"));
        let token = TOKENS.seal("signalwire", TokenKind::Call, &call, &state).unwrap();
        prop_assert!(token.len() <= MAX_TOKEN);
        prop_assert_eq!(TOKENS.open("signalwire", TokenKind::Call, &call, &token), Ok(state));
    }

    #[test]
    fn junk_is_no_token(junk in ".{0,600}") {
        prop_assert!(TOKENS.open("twilio", TokenKind::Call, &CallKey::of(None), &junk).is_err());
    }

    #[test]
    fn the_end_of_a_call_is_answered_with_nothing(state in any_state()) {
        let step = engine::step(&WORLD, state, &Event::Ended, &Now::at(0));
        let said = match step {
            Step::Answer { verbs, .. } => verbs,
            Step::Do { .. } => panic!("something is to be done for a call that is over"),
        };
        prop_assert_eq!(said, vec![]);
    }
}
