//! Chains, turn by turn: who is called, what is said between two lines, when it is over (T1 to T9).

use allo_cmp::{
    call::{
        Address, CallState, Dial, DialOutcome, Effect, Event, Key, Lang, Listen, NodeId, Outcome, PartId, Phase, Spot,
        Step, Transfer, Verb,
    },
    check::walk,
    engine::{self, Loaded, MAX_MINUTES, Now, Settings, World},
    files::Files,
};

/// Wednesday 15 July 2026, 12:30 in Paris: the day before was a public holiday.
const NOON: u32 = 29_735_190;
const HOUR: u32 = 60;
const DAY: u32 = 24 * HOUR;

const LINES: &str = r#"
by_day: { name: { fr: Ligne du jour, en: Day line }, announce: "01 99 00 00 11", dial: "+33199000011", speaks: [fr], hours: "Mo-Fr 09:30-18:00; PH off" }
in_english: { name: { fr: La ligne anglaise, en: The English line }, announce: "01 99 00 00 12", dial: "+33199000012", speaks: [en] }
with_key: { name: { fr: Avec touche, en: With key }, announce: "01 99 00 00 13", dial: "+33199000013", speaks: [fr], accept: true }
third: { name: { fr: La troisième, en: The third }, announce: "01 99 00 00 14", dial: "+33199000014", speaks: [fr] }
fourth: { name: { fr: La quatrième, en: The fourth }, announce: "01 99 00 00 15", dial: "+33199000015", speaks: [fr], star_leaves: true }
short: { name: { fr: le 3919, en: "3919" }, announce: "3919", dial_short: "3919", speaks: [fr], hours: "Mo-Fr 09:00-18:00" }
"#;

const RESPONDERS: &str = r#"
team:
  name: { fr: notre équipe, en: our team }
  people:
    zoe: { dial: "+33199000021", speaks: [fr], hours: "Mo-Fr 12:00-13:00" }
    anne: { dial: "+33199000022", speaks: [fr] }
    basil: { dial: "+33199000023", speaks: [en, fr] }
turns:
  name: { fr: notre équipe, en: our team }
  ring: in_turn
  people:
    one: { dial: "+33199000031", speaks: [fr] }
    two: { dial: "+33199000032", speaks: [fr] }
    three: { dial: "+33199000033", speaks: [fr] }
mixed:
  name: { fr: nos deux langues, en: our two languages }
  people:
    one: { dial: "+33199000061", speaks: [fr] }
    two: { dial: "+33199000062", speaks: [en] }
all:
  name: { fr: toute l'équipe, en: the whole team }
  ring: together
  people:
    one: { dial: "+33199000041", speaks: [fr] }
    two: { dial: "+33199000042", speaks: [en] }
    at_night: { dial: "+33199000043", speaks: [fr], hours: "00:00-06:00" }
many:
  name: { fr: nos bénévoles, en: our volunteers }
  people:
    p1: { dial: "+33199000051", speaks: [fr] }
    p2: { dial: "+33199000052", speaks: [fr] }
    p3: { dial: "+33199000053", speaks: [fr] }
    p4: { dial: "+33199000054", speaks: [fr] }
    p5: { dial: "+33199000055", speaks: [fr] }
    p6: { dial: "+33199000056", speaks: [fr] }
    p7: { dial: "+33199000057", speaks: [fr] }
    p8: { dial: "+33199000058", speaks: [fr] }
    p9: { dial: "+33199000059", speaks: [fr] }
"#;

/// The shipped flows, in which listeners and the ladder's person are called by a chain of these.
pub(crate) fn chained(attempts: &str) -> Files {
    let shipped = Files::embedded_flows();
    let mut texts: Vec<(String, String)> =
        shipped.files.iter().map(|file| (file.name.clone(), file.source.text.clone())).collect();
    for (name, text) in &mut texts {
        match name.as_str() {
            "urgent.yaml" => {
                *text = text.replace("chain: listener", "chain: tried").replace("chain: person", "chain: tried");
            }
            // The chains of the shipped line are not what is tried here.
            "talk.yaml" => {
                for chain in ["victims", "youth", "addiction"] {
                    *text = text.replace(&format!("chain: {chain}"), "line: sos_amitie");
                }
            }
            "lines.yaml" => text.push_str(LINES),
            _ => {}
        }
    }
    texts.retain(|(name, _)| name != "chains.yaml" && name != "responders.yaml");
    texts.push(("chains.yaml".into(), format!("tried: {{ try: [{attempts}] }}\n")));
    texts.push(("responders.yaml".into(), RESPONDERS.into()));
    Files::from_texts(texts.iter().map(|(name, text)| (name.as_str(), text.as_str())))
}

fn world(attempts: &str) -> World {
    let settings = Settings { minute: NOON - HOUR, ..Settings::default() };
    let loaded = Loaded::new(&chained(attempts), &Files::embedded_scripts(), &settings);
    let found: Vec<String> = loaded.diagnostics.iter().map(|found| found.render(false)).collect();
    loaded.world.unwrap_or_else(|| panic!("{found:#?}"))
}

/// The small line, in which everybody is called by a chain of these.
fn small(attempts: &str) -> World {
    let chain = ("line: sos_amitie", "chain: tried");
    let chains = format!("tried: {{ try: [{attempts}] }}\n");
    let lines = Files::embedded_flows();
    let lines = &lines.files.iter().find(|file| file.name == "lines.yaml").unwrap().source.text;
    let last = lines.lines().last().unwrap();
    let more = format!("{last}{LINES}");
    let (flows, scripts) = crate::line::small(&[(last, &more), chain, chain], &[("flows/chains.yaml", &chains)]);
    let loaded = Loaded::new(&flows, &scripts, &Settings { minute: NOON - HOUR, ..Settings::default() });
    loaded.world.unwrap_or_else(|| panic!("{:?}", loaded.diagnostics))
}

struct Caller<'w> {
    world: &'w World,
    state: CallState,
    now: Now,
}

impl<'w> Caller<'w> {
    /// At the choices of the main menu, in French.
    fn new(world: &'w World, minute: u32) -> Caller<'w> {
        let id = world.roles.main_menu;
        let keymap = world.node(id).unwrap().keymap;
        let state = CallState { lang: Some(Lang::FR), pressed: true, keymap, ..CallState::new(minute, id) };
        Caller { world, state, now: Now::at(minute) }
    }

    /// After the announcement of a listener, and what was said.
    fn listener(world: &'w World, minute: u32) -> (Caller<'w>, String) {
        let mut caller = Caller::new(world, minute);
        caller.press('4');
        let said = caller.press('1');
        (caller, said)
    }

    fn step(&mut self, event: &Event) -> Step {
        let step = engine::step(self.world, self.state.clone(), event, &self.now);
        match &step {
            Step::Answer { state, .. } | Step::Do { state, .. } => self.state = state.clone(),
        }
        step
    }

    fn listen(&mut self, event: &Event) -> Listen {
        match self.step(event) {
            Step::Answer { verbs, .. } => match <[Verb; 1]>::try_from(verbs) {
                Ok([Verb::Listen(listen)]) => listen,
                other => panic!("{event:?}: {other:?}"),
            },
            Step::Do { effect, .. } => panic!("{event:?}: {effect:?}"),
        }
    }

    fn hear(&mut self, event: &Event) -> String {
        let listen = self.listen(event);
        let said: Vec<String> = listen.prompts.iter().map(|prompt| prompt.speech.written()).collect();
        said.join(" ")
    }

    fn press(&mut self, key: char) -> String {
        self.hear(&Event::Keys(Key::from_char(key).unwrap().into()))
    }

    fn silence(&mut self) -> String {
        self.hear(&Event::Silence)
    }

    /// Silence that asks for a place.
    fn asks(&mut self) -> Effect {
        match self.step(&Event::Silence) {
            Step::Do { effect, .. } => effect,
            Step::Answer { verbs, .. } => panic!("{verbs:?}"),
        }
    }

    fn dialled(&mut self, outcome: Outcome) -> Dial {
        match self.step(&Event::Done(outcome)) {
            Step::Answer { verbs, .. } => match <[Verb; 1]>::try_from(verbs) {
                Ok([Verb::Dial(dial)]) => dial,
                other => panic!("{other:?}"),
            },
            Step::Do { effect, .. } => panic!("{effect:?}"),
        }
    }

    /// Silence that dials.
    fn dial(&mut self) -> Dial {
        self.asks();
        self.dialled(Outcome::Reserved)
    }

    /// The last digits of the only number that is dialled in silence.
    fn rings(&mut self) -> String {
        number(&self.dial(), 0)
    }

    fn ended(&mut self, outcome: DialOutcome) -> String {
        self.hear(&Event::TransferEnded(Transfer::of(outcome)))
    }
}

fn number(dial: &Dial, at: usize) -> String {
    match &dial.targets[at].to {
        Address::Number(number) => {
            let number = number.as_str();
            number[number.len() - 2..].to_owned()
        }
        other => panic!("{other:?}"),
    }
}

const NEXT: &str = "Nous essayons une autre ligne.";
const BUSY: &str = "La ligne est occupée.";
const NO_ANSWER: &str = "Personne n'a pu répondre.";
const STILL: &str = "Personne n'a encore répondu.";
const NOT_YET: &str = "Personne ne répond encore.";
const NUMBERS: &str = "Voici les numéros, deux fois.";
const TALKED: &str = "L'échange est fini.";
const ASKED: &str = "Avez-vous parlé à quelqu'un ?";

#[test]
fn t3_between_two_lines_one_sentence_is_said_and_keys_work() {
    let world = world("sos_amitie, third");
    let (mut caller, said) = Caller::listener(&world, NOON);
    assert!(said.starts_with("Nous appelons SOS Amitié."), "{said}");
    assert_eq!(caller.rings(), "50");
    let listen = caller.listen(&Event::TransferEnded(Transfer::of(DialOutcome::Busy)));
    assert_eq!(listen.wait, 2);
    let before = caller.state.clone();
    let said = caller.press('*');
    assert!(said.contains(BUSY) && said.ends_with(NEXT), "{said}");
    assert_eq!(caller.state.phase, before.phase);
    for (key, node) in [('9', world.roles.urgent_help), ('0', world.roles.main_menu), ('#', NodeId::of("talk_menu"))] {
        caller.state = before.clone();
        caller.press(key);
        assert_eq!((caller.state.node, caller.state.attempt), (node, 0), "{key}");
    }
    caller.state = before.clone();
    let wrong = caller.press('5');
    assert!(wrong.contains("touche") && wrong.ends_with(NEXT), "{wrong}");
    caller.state = before;
    assert_eq!(caller.rings(), "14");
    let said = caller.ended(DialOutcome::NoAnswer);
    assert!(said.starts_with(NO_ANSWER) && said.contains(NUMBERS), "{said}");
}

#[test]
fn t4_after_long_ringing_the_caller_chooses_and_silence_waits() {
    let world = world("sos_amitie, third, fourth");
    let (mut caller, _) = Caller::listener(&world, NOON);
    caller.rings();
    caller.ended(DialOutcome::NoAnswer);
    caller.rings();
    let said = caller.ended(DialOutcome::NoAnswer);
    assert!(said.starts_with(STILL) && said.contains("appuyez sur la touche 2"), "{said}");
    let asked = caller.state.clone();
    assert_eq!(caller.silence(), NEXT);
    assert_eq!(caller.rings(), "15");
    caller.state = asked.clone();
    assert_eq!(caller.press('1'), NEXT);
    assert_eq!(caller.rings(), "15");
    caller.state = asked.clone();
    caller.press('2');
    assert_eq!((caller.state.node, caller.state.failures), (world.roles.numbers, 0));
    caller.state = asked;
    assert!(caller.press('5').contains(STILL));
    assert_eq!(caller.state.failures, 1);
}

#[test]
fn t5_a_chain_rings_ninety_seconds_and_no_longer() {
    let world = world("sos_amitie, third, fourth, by_day, in_english");
    let (mut caller, _) = Caller::listener(&world, NOON);
    let mut rung = Vec::new();
    loop {
        let dial = caller.dial();
        rung.push(dial.ring);
        let mut said = caller.ended(DialOutcome::NoAnswer);
        if said.starts_with(STILL) {
            said = caller.silence();
        }
        if said.contains(NUMBERS) {
            break;
        }
    }
    assert_eq!(rung, [25, 25, 25, 15]);
    assert_eq!((caller.state.attempt, caller.state.chain_seconds), (0, 0));
}

#[test]
fn t5_only_where_all_were_busy_is_it_said_of_all() {
    let world = world("sos_amitie, third");
    for (first, second, words) in [
        (DialOutcome::Busy, DialOutcome::Busy, "Toutes les lignes sont occupées."),
        (DialOutcome::NoAnswer, DialOutcome::Busy, NO_ANSWER),
        (DialOutcome::Failed, DialOutcome::Failed, NO_ANSWER),
    ] {
        let (mut caller, _) = Caller::listener(&world, NOON);
        caller.rings();
        caller.ended(first);
        caller.rings();
        let said = caller.ended(second);
        assert!(said.starts_with(words) && said.contains(NUMBERS), "{first:?} {second:?}: {said}");
    }
}

#[test]
fn p25_a_first_line_that_is_closed_says_when_it_opens_and_the_next_one_is_called() {
    let world = world("by_day, sos_amitie");
    for (minute, words) in [
        (NOON, "Nous appelons Ligne du jour."),
        (
            NOON - 5 * HOUR,
            "Pour Ligne du jour, la ligne est fermée. Elle ouvre aujourd'hui à 9 h 30. Nous appelons SOS Amitié.",
        ),
        (
            NOON + 12 * HOUR,
            "Pour Ligne du jour, la ligne est fermée. Elle ouvre aujourd'hui à 9 h 30. Nous appelons SOS Amitié.",
        ),
        (
            NOON + 8 * HOUR,
            "Pour Ligne du jour, la ligne est fermée. Elle ouvre demain à 9 h 30. Nous appelons SOS Amitié.",
        ),
        (
            NOON + 3 * DAY,
            "Pour Ligne du jour, la ligne est fermée. Elle ouvre lundi à 9 h 30. Nous appelons SOS Amitié.",
        ),
        (
            NOON - DAY,
            "Pour Ligne du jour, la ligne est fermée aujourd'hui, jour férié. Elle ouvre demain à 9 h 30. Nous appelons SOS Amitié.",
        ),
    ] {
        let (mut caller, said) = Caller::listener(&world, minute);
        assert!(said.starts_with(words), "{minute}: {said}");
        assert_eq!(caller.rings(), if minute == NOON { "11" } else { "50" });
    }
}

#[test]
fn p25_where_everyone_is_closed_nothing_rings_and_the_numbers_follow() {
    let world = world("by_day");
    let (mut caller, said) = Caller::listener(&world, NOON + 8 * HOUR);
    let words = "Pour Ligne du jour, la ligne est fermée. Elle ouvre demain à 9 h 30. Voici les numéros, deux fois.";
    assert!(said.starts_with(words), "{said}");
    assert_eq!(caller.state.node, world.roles.numbers);
    assert!(caller.press('#').starts_with("Retour."));
}

#[test]
fn people_who_are_not_on_duty_are_passed_over_without_a_word() {
    let world = world("team, sos_amitie");
    let (mut caller, said) = Caller::listener(&world, NOON);
    assert!(said.starts_with("Nous appelons notre équipe."), "{said}");
    let dial = caller.dial();
    assert_eq!((number(&dial, 0), dial.accept), ("21".into(), true));
    let (mut caller, said) = Caller::listener(&world, NOON + 2 * HOUR);
    assert!(said.starts_with("Nous appelons notre équipe."), "{said}");
    assert_eq!(caller.rings(), "22");
    // Whoever answers is spoken to in a language of theirs.
    caller.ended(DialOutcome::Busy);
    let dial = caller.dial();
    assert_eq!((number(&dial, 0), dial.targets[0].lang), ("23".into(), Lang::EN));
}

#[test]
fn what_can_not_be_reserved_is_passed_over_with_one_sentence() {
    let world = world("sos_amitie, third");
    for (outcome, words) in [
        (Outcome::Full, "Ce n'est pas libre en ce moment."),
        (Outcome::Paused, "Nous ne pouvons pas les joindre en ce moment."),
        (Outcome::Unhealthy, "Nous ne pouvons pas les joindre en ce moment."),
    ] {
        let (mut caller, _) = Caller::listener(&world, NOON);
        caller.asks();
        assert_eq!(caller.hear(&Event::Done(outcome)), format!("{words} {NEXT}"), "{outcome:?}");
        assert_eq!((caller.rings().as_str(), caller.state.chain_seconds), ("14", 0));
    }
    // Without a number of ours, nobody can be called at all.
    let (mut caller, _) = Caller::listener(&world, NOON);
    caller.asks();
    let said = caller.hear(&Event::Done(Outcome::Unreachable));
    assert!(said.starts_with("Nous n'arrivons pas à joindre") && said.contains(NUMBERS), "{said}");
}

#[test]
fn of_a_group_that_is_taken_nothing_is_said_until_somebody_is_free() {
    let world = world("many, third");
    let (mut caller, _) = Caller::listener(&world, NOON);
    let mut step = caller.step(&Event::Silence);
    let (mut places, mut in_a_row, mut most) = (0, 0, 0);
    for _ in 0..40 {
        step = match step {
            Step::Do { .. } => {
                in_a_row += 1;
                most = most.max(in_a_row);
                caller.step(&Event::Done(Outcome::Full))
            }
            Step::Answer { .. } if caller.state.node == world.roles.numbers => break,
            Step::Answer { verbs, .. } => {
                assert!(matches!(&verbs[..], [Verb::Listen(listen)] if !listen.prompts.is_empty()), "{verbs:?}");
                (places, in_a_row) = (places + 1, 0);
                caller.step(&Event::Silence)
            }
        };
    }
    assert_eq!(caller.state.node, world.roles.numbers);
    // A webhook has eight effects at most.
    assert!(most <= 7 && places == 2, "{most} in a row, {places} places");
}

#[test]
fn t7_only_a_conversation_leads_to_what_follows_one() {
    let completed = Transfer::of(DialOutcome::Completed);
    let cases = [
        ("sos_amitie, third", completed, TALKED),
        ("sos_amitie, third", Transfer { bridged: Some(true), ..completed }, TALKED),
        ("with_key, third", completed, ASKED),
        ("with_key, third", Transfer { accepted: Some(true), ..completed }, TALKED),
        ("with_key, third", Transfer { bridged: Some(true), ..completed }, TALKED),
        ("with_key, third", Transfer { accepted: Some(false), ..completed }, NOT_YET),
        ("with_key, third", Transfer { accepted: Some(false), bridged: Some(true), ..completed }, NOT_YET),
        ("with_key, third", Transfer { bridged: Some(false), ..completed }, NOT_YET),
        ("with_key, third", Transfer::of(DialOutcome::Busy), BUSY),
    ];
    for (attempts, transfer, words) in cases {
        let world = world(attempts);
        let (mut caller, _) = Caller::listener(&world, NOON);
        caller.dial();
        let said = caller.hear(&Event::TransferEnded(transfer));
        assert!(said.starts_with(words), "{attempts} {transfer:?}: {said}");
        assert_eq!(caller.state.answered, words == TALKED);
    }
}

#[test]
fn t7_where_it_is_not_known_the_caller_is_asked() {
    let world = world("with_key, third");
    let (mut caller, _) = Caller::listener(&world, NOON);
    caller.dial();
    let said = caller.ended(DialOutcome::Completed);
    assert!(said.contains("Pour dire oui, appuyez sur la touche 1."), "{said}");
    let asked = caller.state.clone();
    assert!(caller.press('1').starts_with(TALKED));
    caller.state = asked.clone();
    assert_eq!(caller.press('2'), NEXT);
    assert_eq!(caller.rings(), "14");
    // Silence: once again, then as yes.
    caller.state = asked;
    assert!(caller.silence().starts_with(ASKED));
    assert!(caller.silence().starts_with(TALKED));
    assert_eq!(caller.state.failures, 0);
}

#[test]
fn t7_where_no_word_of_the_end_comes_nobody_else_is_called() {
    let world = world("sos_amitie, third");
    let (mut caller, _) = Caller::listener(&world, NOON);
    caller.dial();
    assert!(caller.silence().contains(NUMBERS));
}

#[test]
fn t9_a_line_in_another_language_is_called_only_after_the_word() {
    let world = world("sos_amitie, in_english");
    let (mut caller, said) = Caller::listener(&world, NOON);
    assert!(!said.contains("On y parle"), "{said}");
    caller.dial();
    let said = caller.ended(DialOutcome::Busy);
    assert!(
        said.ends_with(&format!("{NEXT} On y parle anglais. Pour rester ici, appuyez sur la touche dièse.")),
        "{said}"
    );
    caller.press('#');
    assert_eq!(caller.state.node, NodeId::of("talk_menu"));
}

#[test]
fn t9_who_speaks_another_language_than_a_taken_one_of_the_same_group_is_announced() {
    let world = world("mixed");
    let (mut caller, said) = Caller::listener(&world, NOON);
    assert!(!said.contains("On y parle"), "{said}");
    caller.asks();
    let said = caller.hear(&Event::Done(Outcome::Full));
    assert!(said.contains("On y parle anglais. Pour rester ici, appuyez sur la touche dièse."), "{said}");
    assert_eq!(caller.rings(), "62");
}

#[test]
fn who_leaves_a_chain_between_two_lines_comes_back_to_the_line_at_hand() {
    let world = world("sos_amitie, third");
    for (keys, words) in [("82", "We are trying another line."), ("9#", NEXT), ("0#", NEXT)] {
        let (mut caller, _) = Caller::listener(&world, NOON);
        caller.rings();
        caller.ended(DialOutcome::NoAnswer);
        let said = keys.chars().map(|key| caller.press(key)).last().unwrap();
        assert!(said.contains(words), "{keys}: {said}");
        assert_eq!((caller.state.attempt, caller.state.chain_seconds), (1, 25), "{keys}");
        assert_eq!(caller.rings(), "14", "{keys}");
    }
    // So does the question whether they have talked.
    let world = self::world("with_key, third");
    let (mut caller, _) = Caller::listener(&world, NOON);
    caller.rings();
    caller.ended(DialOutcome::Completed);
    caller.press('9');
    assert!(caller.press('#').contains(ASKED));
}

#[test]
fn people_take_turns_and_each_call_keeps_its_order() {
    let world = world("turns");
    for (turn_of, order) in [(0, ["31", "32", "33"]), (1, ["32", "33", "31"]), (u32::MAX, ["31", "32", "33"])] {
        let mut caller = Caller::new(&world, NOON);
        caller.now.turn_of = turn_of;
        caller.press('4');
        caller.press('1');
        for number in order {
            assert_eq!(caller.rings(), number, "{turn_of}");
            caller.ended(DialOutcome::Busy);
        }
    }
}

#[test]
fn a_group_rings_together_without_those_who_are_taken_or_not_on_duty() {
    let world = world("all");
    let (mut caller, _) = Caller::listener(&world, NOON);
    let Effect::Reserve { seats, ring, .. } = caller.asks();
    assert_eq!((seats.len(), seats[0].capacity, ring), (2, Some(1), 25));
    let asked = caller.state.clone();
    let dial = caller.dialled(Outcome::Reserved);
    assert_eq!((dial.targets.len(), number(&dial, 0), number(&dial, 1)), (2, "41".into(), "42".into()));
    caller.state = asked.clone();
    let dial = caller.dialled(Outcome::Partly(0b10));
    assert_eq!((dial.targets.len(), number(&dial, 0)), (1, "42".into()));
    caller.state = asked;
    let said = caller.hear(&Event::Done(Outcome::Partly(0)));
    assert!(said.starts_with(BUSY), "{said}");
}

/// The announcement of the ladder's call, and the caller: the help menu is behind.
fn called_by_the_ladder(world: &World) -> Caller<'_> {
    let help = Spot { node: world.roles.help, part: PartId::BEGINNING };
    let mut caller = Caller::new(world, NOON);
    let person = world.roles.person;
    let keymap = world.node(person).unwrap().keymap;
    caller.state = CallState { by_ladder: true, failures: 3, back: vec![help], keymap, ..caller.state };
    caller.state.node = person;
    caller.state.awaits = person;
    // The hour is over: the bound of the call waits.
    caller.now.minute += MAX_MINUTES;
    caller
}

#[test]
fn l4_the_ladders_person_is_a_chain_and_the_bound_waits_for_its_end() {
    let world = world("sos_amitie, third, fourth");
    let mut caller = called_by_the_ladder(&world);
    assert_eq!(caller.rings(), "50");
    assert!(caller.ended(DialOutcome::NoAnswer).ends_with(NEXT));
    let between = caller.state.clone();
    // Any key stays, and only gives the place back.
    caller.press('5');
    assert_eq!((caller.state.node, caller.state.failures), (world.roles.help, 0));
    caller.state = between;
    assert_eq!(caller.rings(), "14");
    assert!(caller.ended(DialOutcome::NoAnswer).starts_with(STILL));
    let asked = caller.state.clone();
    caller.press('2');
    assert_eq!(caller.state.node, world.roles.numbers);
    assert_eq!(caller.state.back.last().map(|spot| spot.node), Some(world.roles.help));
    caller.state = asked;
    assert_eq!(caller.silence(), NEXT);
    assert_eq!(caller.rings(), "15");
    let said = caller.ended(DialOutcome::Completed);
    assert!(said.starts_with(TALKED), "{said}");
    assert!(caller.state.ladder_answered);
}

#[test]
fn l5_where_everyone_is_closed_the_ladder_gives_the_numbers_and_the_place() {
    let world = world("by_day");
    let mut caller = called_by_the_ladder(&world);
    caller.now.minute = NOON + 8 * HOUR;
    caller.state.started = caller.now.minute;
    caller.state = CallState { failures: 2, ..Caller::new(&world, caller.now.minute).state };
    let said = caller.silence();
    assert!(said.contains("Elle ouvre demain") && said.contains(NUMBERS), "{said}");
    assert_eq!((caller.state.node, caller.state.by_ladder), (world.roles.main_menu, false));
}

#[test]
fn t6_the_star_key_is_promised_where_the_line_and_the_provider_let_it_leave() {
    let world = world("third, fourth");
    for star in [false, true] {
        let mut caller = Caller::new(&world, NOON);
        caller.now.can.star = star;
        caller.press('4');
        assert!(!caller.press('1').contains("étoile"));
        assert!(!caller.dial().star_leaves);
        let said = caller.ended(DialOutcome::Busy);
        assert_eq!(said.ends_with("Pendant l'appel, la touche étoile vous ramène ici."), star, "{said}");
        assert_eq!(caller.dial().star_leaves, star);
    }
}

#[test]
fn a_short_number_is_called_where_the_provider_can_and_said_where_it_can_not() {
    const BY_YOURSELF: &str =
        "Nous ne pouvons pas appeler le 3919 pour vous. Appelez ce numéro vous-même : 3919. 3919.";
    let world = world("short, third");
    let mut caller = Caller::new(&world, NOON);
    caller.now.can.short_numbers = true;
    caller.press('4');
    let said = caller.press('1');
    assert!(said.contains("Nous appelons le 3919."), "{said}");
    assert_eq!(caller.dial().targets[0].to, Address::Short("3919".into()), "no country code is put before it");

    let (mut caller, said) = Caller::listener(&world, NOON);
    let (number, next) = (said.find(BY_YOURSELF), said.find("Nous appelons La troisième."));
    assert!(number.is_some() && number < next, "{said}");
    assert_eq!(caller.rings(), "14");

    let (_, said) = Caller::listener(&world, NOON + 8 * HOUR);
    assert!(
        said.contains("Elle ouvre demain") && !said.contains(BY_YOURSELF),
        "closed is closed for everybody: {said}"
    );

    let alone = self::world("by_day, short");
    let (_, said) = Caller::listener(&alone, NOON - 3 * HOUR - 15);
    assert!(said.contains(BY_YOURSELF) && said.contains("Elle ouvre aujourd'hui") && said.contains(NUMBERS), "{said}");
}

#[test]
fn a_line_with_a_short_number_is_walked_through_every_kind_of_provider() {
    let world = small("short");
    let walk = walk(&world);
    assert_eq!(walk.findings, []);
    let able = world.moments().iter().filter(|now| now.can.short_numbers).count();
    assert!(able > 0 && able < world.moments().len());
}

#[test]
fn where_every_line_is_full_by_our_count_alone_one_is_tried_all_the_same_and_once() {
    let world = world("third, team, fourth");
    let (mut caller, _) = Caller::listener(&world, NOON);
    let mut asked = 0;
    let seats = loop {
        caller.asks();
        let mut step = caller.step(&Event::Done(Outcome::Full));
        while let Step::Do { effect: Effect::Reserve { force: false, .. }, .. } = &step {
            step = caller.step(&Event::Done(Outcome::Full));
        }
        asked += 1;
        match step {
            Step::Do { effect: Effect::Reserve { seats, force: true, .. }, .. } => break seats,
            Step::Answer { .. } => assert!(asked < 5),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(seats.len(), 2, "lines only: people may be talking");
    assert_eq!(number(&caller.dialled(Outcome::Partly(0b10)), 0), "15");
    let said = caller.ended(DialOutcome::Busy);
    assert!(said.contains("Toutes les lignes sont occupées.") && said.contains(NUMBERS), "{said}");
}

#[test]
fn the_last_hope_that_is_none_ends_in_honest_words() {
    for (attempts, outcomes, words) in [
        ("third", vec![Outcome::Full], "La ligne est occupée."),
        ("third", vec![Outcome::Paused], "La ligne est occupée."),
        ("team", vec![], "Toutes les lignes sont occupées."),
    ] {
        let world = world(attempts);
        let (mut caller, _) = Caller::listener(&world, NOON);
        caller.asks();
        let mut step = caller.step(&Event::Done(Outcome::Full));
        let mut outcomes = outcomes.into_iter();
        while let Step::Do { effect: Effect::Reserve { force, .. }, .. } = step {
            let outcome = if force { outcomes.next().unwrap() } else { Outcome::Full };
            step = caller.step(&Event::Done(outcome));
        }
        let Step::Answer { verbs, .. } = step else { panic!() };
        let [Verb::Listen(listen)] = &verbs[..] else { panic!("{verbs:?}") };
        assert_eq!(listen.prompts[0].speech.written().split(" Ce n").next(), Some(words), "{attempts}");
    }
}

#[test]
fn after_one_real_ring_no_full_line_is_forced() {
    let world = world("third, fourth");
    let (mut caller, _) = Caller::listener(&world, NOON);
    caller.dial();
    caller.ended(DialOutcome::Busy);
    caller.asks();
    let said = caller.hear(&Event::Done(Outcome::Full));
    assert!(said.contains("Toutes les lignes sont occupées."), "{said}");
}

#[test]
fn a_chain_that_a_reload_has_changed_is_announced_again() {
    let world = world("sos_amitie, third");
    let other = self::world("third, sos_amitie");
    let (mut caller, _) = Caller::listener(&world, NOON);
    caller.dial();
    caller.ended(DialOutcome::Busy);
    let mut reloaded = Caller { world: &other, state: caller.state, now: caller.now };
    let said = reloaded.silence();
    assert!(said.contains("Nous appelons La troisième."), "{said}");
    assert_eq!(reloaded.state.phase, Phase::Place);
}

#[test]
fn every_state_of_chains_is_walked_and_nothing_is_found() {
    let world = small("by_day, with_key, in_english");
    let walk = walk(&world);
    println!("{} states, {} steps", walk.states, walk.steps);
    assert_eq!(walk.findings, []);
    // As a floor: less than this means that the walk no longer comes between all lines.
    assert!(walk.states > 1_000, "{}", walk.states);
    assert!(world.moments().len() == 2, "the day line has hours");
}
