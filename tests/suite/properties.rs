//! Whatever happens in a call, in whatever order: it never panics, never falls silent, never ends unchosen, and urgent
//! help is one key away. Every answer is one that a provider performs.

use std::sync::LazyLock;

use allo_cmp::{
    call::{
        Age, AtHand, CallKey, CallState, Department, DialOutcome, Digits, E164, Effect, Event, Finess, Key, Keys, Lang,
        MAX_BACK, MAX_HEARD, MAX_TOKEN, NodeId, Origin, Outcome, Pace, PartId, Passed, Phase, PostalCode, SoFar, Spot,
        Step, TokenKind, Tokens, Transfer, Verb,
    },
    engine::{self, Kind, Now, Standing, World},
    phone::{check_document, parse},
    provider::{Dialect, Envelope, twilio::Twilio},
};
use proptest::{collection::vec, option, prelude::*, test_runner::RngSeed};

use crate::{
    chains::chained,
    line::{SECRET, each, loaded},
};

/// As long as a public URL will be.
const PUBLIC: &str = "https://allo-cmp.a-rather-long-name-of-an-association.example.org/behind/a/proxy";

/// People and lines that are called one after the other, some of them closed at times.
static WORLD: LazyLock<World> = LazyLock::new(|| {
    loaded(&chained("by_day, team, turns, all, many, with_key, in_english, sos_amitie")).world.unwrap()
});
static TOKENS: LazyLock<Tokens> = LazyLock::new(|| Tokens::new(SECRET, &[]));

/// What happens next.
#[derive(Clone, Debug)]
enum Act {
    /// An event, awaited or not.
    Event(Event),
    /// What the call waits for, in its simplest form: nobody presses, nobody answers.
    Nothing,
    /// The token is lost on the way.
    Lost(Option<Lang>, Event),
    /// Minutes pass.
    Minutes(u32),
}

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
    (prop::sample::select(DialOutcome::ALL.to_vec()), option::of(any::<u32>()))
        .prop_map(|(outcome, talked)| Event::TransferEnded(Transfer { talked, ..Transfer::of(outcome) }))
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

/// A call as the server carries it: the state goes through its token between two events.
struct Call {
    state: CallState,
    now: Now,
    /// What becomes of reservations, one after the other.
    outcomes: Vec<Outcome>,
}

impl Call {
    /// Performs effects until there is an answer.
    fn answered(&mut self, mut step: Step) -> (CallState, Vec<Verb>) {
        for _ in 0..8 {
            match step {
                Step::Answer { state, verbs, .. } => return (state, verbs),
                Step::Do { state, effect: Effect::Reserve { ring, .. } } => {
                    assert!((5..=25).contains(&ring), "it rings {ring} s");
                    let outcome = self.outcomes.pop().unwrap_or(Outcome::Reserved);
                    step = engine::step(&WORLD, through_token(&state), &Event::Done(outcome), &self.now);
                }
            }
        }
        panic!("more than 8 effects in a row");
    }

    /// One act; whether the call goes on.
    fn act(&mut self, act: &Act) -> bool {
        let (event, step) = match act {
            Act::Minutes(minutes) => {
                self.now.minute = self.now.minute.saturating_add(*minutes);
                return true;
            }
            Act::Lost(lang, event) => (event.clone(), engine::recover(&WORLD, *lang, event, &self.now)),
            Act::Event(event) => (event.clone(), self.step(event)),
            Act::Nothing => {
                let event = match self.state.phase {
                    Phase::Ringing => Event::TransferEnded(Transfer::of(DialOutcome::NoAnswer)),
                    _ => Event::Silence,
                };
                (event.clone(), self.step(&event))
            }
        };
        let (state, verbs) = self.answered(step);
        let lost = matches!(act, Act::Lost(..));
        performed(&state, &verbs);
        if verbs.last() == Some(&Verb::Hangup) {
            // K1: a goodbye listens, too. Only silence after it ends the call.
            let heard = is_end(self.state.node) && self.state.phase == Phase::Place;
            assert!(!lost && heard && event == Event::Silence, "hung up at {:?} on {event:?}", self.state);
            return false;
        }
        if is_end(state.node) && (lost || state.node != self.state.node) {
            assert!(!lost && chose_the_end(&self.state, &event), "a goodbye at {:?} on {event:?}", self.state);
        }
        self.state = through_token(&state);
        urgent_help(&self.state, &verbs, &self.now);
        true
    }

    fn step(&self, event: &Event) -> Step {
        engine::step(&WORLD, self.state.clone(), event, &self.now)
    }
}

fn through_token(state: &CallState) -> CallState {
    let call = CallKey::of(Some("CA1"));
    let token = TOKENS.seal("twilio", TokenKind::Call, &call, state).unwrap();
    let back = TOKENS.open("twilio", TokenKind::Call, &call, &token).unwrap();
    assert_eq!(&back, state);
    back
}

/// Whether the last words are said there.
fn is_end(node: NodeId) -> bool {
    WORLD.node(node).is_some_and(|node| matches!(node.kind, Kind::End { .. }))
}

/// A goodbye that was chosen, or the last wait, in which no key was pressed.
fn chose_the_end(before: &CallState, event: &Event) -> bool {
    if before.phase == Phase::Ending {
        return !matches!(event, Event::Keys(_));
    }
    let Event::Keys(keys) = event else { return false };
    let Some(Kind::Menu { choices, .. }) = WORLD.node(before.awaits).map(|node| &node.kind) else { return false };
    before.phase == Phase::Place && choices.iter().any(|choice| Some(choice.key) == keys.first() && is_end(choice.go))
}

/// The answer, as a provider gets it: it says or does something, and it is one that is performed.
fn performed(state: &CallState, verbs: &[Verb]) {
    let words = |prompts: &[allo_cmp::call::Prompt]| prompts.iter().any(|prompt| !prompt.speech.written().is_empty());
    match verbs {
        [Verb::Listen(listen)] => assert!(words(&listen.prompts) && listen.wait > 0, "{verbs:?}"),
        // After a goodbye, as `act` makes sure of.
        [Verb::Hangup] => {}
        [Verb::Dial(dial)] => assert!(dial.ring <= 25, "{verbs:?}"),
        _ => panic!("an answer that leads nowhere: {verbs:?}"),
    }
    let token = TOKENS.seal("twilio", TokenKind::Call, &CallKey::of(Some("CA1")), state).unwrap();
    assert!(token.len() <= MAX_TOKEN, "{}", token.len());
    let lang = state.lang.as_ref().map_or("mul", Lang::as_str);
    let next = format!("{PUBLIC}/twilio/voice?l={lang}&s={token}&f=3");
    assert!(next.len() + "&e=silence".len() <= 1024, "{}", next.len());
    let ours: E164 = "+33199001234".parse().unwrap();
    // Those who must accept are asked at a URL of their own.
    let leg = format!("{PUBLIC}/twilio/leg?s={token}");
    let envelope = Envelope { next: &next, leg: Some(&leg), caller_id: Some(&ours), public_url: PUBLIC };
    let document = Twilio::new("1234").render(verbs, &envelope).unwrap();
    assert!(document.len() < 64_000, "{}", document.len());
    assert_eq!(check_document(document.as_bytes()), Ok(()), "{document}");
    each(&parse(document.as_bytes()).unwrap(), &mut |element| {
        if element.name == "Say" {
            assert!(element.text().chars().count() <= 450, "{}", element.text());
        }
    });
}

/// 9, from here, leads to urgent help, and its first words come first.
///
/// Where digits are typed, 9 is one of them: whoever has typed some erases them first (E2, E4).
fn urgent_help(state: &CallState, verbs: &[Verb], now: &Now) {
    let types = verbs.iter().any(|verb| matches!(verb, Verb::Listen(listen) if listen.digits != Digits::One));
    let nine = Event::Keys(Keys::parse(if types { "*9" } else { "9" }));
    let Step::Answer { state: after, verbs, .. } = engine::step(&WORLD, state.clone(), &nine, now) else {
        panic!("9 waits for something at {state:?}");
    };
    assert_eq!(after.node, WORLD.roles.urgent_help, "from {state:?}");
    let Some(Kind::Say { scripts, .. }) = WORLD.node(after.node).map(|node| &node.kind) else {
        panic!("urgent help no longer begins with words");
    };
    let Some(Verb::Listen(listen)) = verbs.first() else { panic!("9 gives {verbs:?}") };
    assert!(scripts[0].all().any(|speech| *speech == listen.prompts[0].speech), "from {state:?}: {verbs:?}");
}

fn any_state() -> impl Strategy<Value = CallState> {
    let node = any::<u64>().prop_map(NodeId);
    let phase = prop::sample::select(vec![
        Phase::Place,
        Phase::Reserving,
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
        let mut call = Call { state: CallState::new(began, WORLD.roles.start), now, outcomes };
        let (state, verbs) = call.answered(engine::begin(&WORLD, None, &now));
        performed(&state, &verbs);
        call.state = state;
        acts.iter().all(|act| call.act(act));
    }

    #[test]
    fn no_state_and_event_leave_a_caller_stuck(
        state in known_state(),
        acts in vec(act(), 1..4),
        outcomes in vec(outcome(), 0..3),
        minutes in 0_u32..100,
    ) {
        let now = Now { directory: Standing::Ready, ..Now::at(state.started.saturating_add(minutes)) };
        let mut call = Call { state, now, outcomes };
        acts.iter().all(|act| call.act(act));
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
