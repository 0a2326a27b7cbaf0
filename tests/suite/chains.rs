//! Chains, turn by turn: who is called, what is said between two lines, when it is over (T1 to T9).

mod abilities;
mod between_lines;
mod closed;
mod ladder;
mod last_hope;
mod people;
mod talked;

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
fn every_state_of_chains_is_walked_and_nothing_is_found() {
    let world = small("by_day, with_key, in_english");
    let walk = walk(&world);
    println!("{} states, {} steps", walk.states, walk.steps);
    assert_eq!(walk.findings, []);
    // As a floor: less than this means that the walk no longer comes between all lines.
    assert!(walk.states > 1_000, "{}", walk.states);
    assert!(world.moments().len() == 2, "the day line has hours");
}
