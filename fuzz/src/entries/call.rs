//! A call as the server carries it, and what must be true of it whatever happens: it never panics, never falls silent, never
//! ends unchosen, and urgent help is one key away. Every answer is one that a provider performs.

use std::sync::LazyLock;

use allo_cmp::{
    call::{
        CallKey, CallState, DialOutcome, Digits, E164, Effect, Event, Keys, Lang, MAX_TOKEN, NodeId, Outcome, Phase,
        Step, TokenKind, Tokens, Transfer, Verb,
    },
    engine::{self, Kind, Now, World},
    phone::{Element, check_document, parse},
    provider::{Dialect, Envelope, twilio::Twilio},
};

/// As long as a public URL will be.
const PUBLIC: &str = "https://allo-cmp.a-rather-long-name-of-an-association.example.org/behind/a/proxy";

pub(crate) static TOKENS: LazyLock<Tokens> =
    LazyLock::new(|| Tokens::new("a secret of at least thirty-two characters", &[]));

/// What happens next.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    /// An event, awaited or not.
    Event(Event),
    /// What the call waits for, in its simplest form: nobody presses, nobody answers.
    Nothing,
    /// The token is lost on the way.
    Lost(Option<Lang>, Event),
    /// Minutes pass.
    Minutes(u32),
}

/// A call as the server carries it: the state goes through its token between two events.
pub(crate) struct Call<'w> {
    pub(crate) world: &'w World,
    pub(crate) state: CallState,
    pub(crate) now: Now,
    /// What becomes of reservations, one after the other.
    pub(crate) outcomes: Vec<Outcome>,
}

impl<'w> Call<'w> {
    /// A call that has heard its first words.
    pub(crate) fn begins(world: &'w World, called: Option<&E164>, now: Now, outcomes: Vec<Outcome>) -> Call<'w> {
        let mut call = Call { world, state: CallState::new(now.minute, world.roles.start), now, outcomes };
        let (state, verbs) = call.answered(engine::begin(world, called, &now));
        performed(&state, &verbs);
        call.state = state;
        call
    }

    /// Performs effects until there is an answer.
    fn answered(&mut self, mut step: Step) -> (CallState, Vec<Verb>) {
        for _ in 0..8 {
            match step {
                Step::Answer { state, verbs, .. } => return (state, verbs),
                Step::Do { state, effect: Effect::Reserve { ring, .. } } => {
                    assert!((5..=25).contains(&ring), "it rings {ring} s");
                    let outcome = self.outcomes.pop().unwrap_or(Outcome::Reserved);
                    step = engine::step(self.world, through_token(&state), &Event::Done(outcome), &self.now);
                }
            }
        }
        panic!("more than 8 effects in a row");
    }

    /// One act; whether the call goes on.
    pub(crate) fn act(&mut self, act: &Act) -> bool {
        let (event, step) = match act {
            Act::Minutes(minutes) => {
                self.now.minute = self.now.minute.saturating_add(*minutes);
                return true;
            }
            Act::Lost(lang, event) => (event.clone(), engine::recover(self.world, *lang, event, &self.now)),
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
            let heard = is_end(self.world, self.state.node) && self.state.phase == Phase::Place;
            assert!(!lost && heard && event == Event::Silence, "hung up at {:?} on {event:?}", self.state);
            return false;
        }
        if is_end(self.world, state.node) && (lost || state.node != self.state.node) {
            assert!(
                !lost && chose_the_end(self.world, &self.state, &event),
                "a goodbye at {:?} on {event:?}",
                self.state
            );
        }
        self.state = through_token(&state);
        urgent_help(self.world, &self.state, &verbs, &self.now);
        true
    }

    fn step(&self, event: &Event) -> Step {
        engine::step(self.world, self.state.clone(), event, &self.now)
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
fn is_end(world: &World, node: NodeId) -> bool {
    world.node(node).is_some_and(|node| matches!(node.kind, Kind::End { .. }))
}

/// A goodbye that was chosen, or the last wait, in which no key was pressed.
fn chose_the_end(world: &World, before: &CallState, event: &Event) -> bool {
    if before.phase == Phase::Ending {
        return !matches!(event, Event::Keys(_));
    }
    let Event::Keys(keys) = event else { return false };
    let Some(Kind::Menu { choices, .. }) = world.node(before.awaits).map(|node| &node.kind) else { return false };
    before.phase == Phase::Place
        && choices.iter().any(|choice| Some(choice.key) == keys.first() && is_end(world, choice.go))
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
fn urgent_help(world: &World, state: &CallState, verbs: &[Verb], now: &Now) {
    let types = verbs.iter().any(|verb| matches!(verb, Verb::Listen(listen) if listen.digits != Digits::One));
    let nine = Event::Keys(Keys::parse(if types { "*9" } else { "9" }));
    let Step::Answer { state: after, verbs, .. } = engine::step(world, state.clone(), &nine, now) else {
        panic!("9 waits for something at {state:?}");
    };
    assert_eq!(after.node, world.roles.urgent_help, "from {state:?}");
    let Some(Kind::Say { scripts, .. }) = world.node(after.node).map(|node| &node.kind) else {
        panic!("urgent help no longer begins with words");
    };
    let Some(Verb::Listen(listen)) = verbs.first() else { panic!("9 gives {verbs:?}") };
    assert!(scripts[0].all().any(|speech| *speech == listen.prompts[0].speech), "from {state:?}: {verbs:?}");
}

/// Calls `see` with each element of a document, outer ones first.
fn each(element: &Element, see: &mut impl FnMut(&Element)) {
    see(element);
    element.elements().for_each(|inner| each(inner, see));
}
