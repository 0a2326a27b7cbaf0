//! The shipped line, called: whatever happens, in whatever order. And digits where they are asked for, typed in every way.

use std::sync::LazyLock;

use allo_cmp::{
    call::{CallState, DialOutcome, E164, Entry, Event, Key, Keys, Lang, Outcome, PartId, Transfer, Typed},
    directory::{Directory, PostalCodes},
    engine::{Kind, Loaded, Now, Settings, Standing, World},
};

use super::{
    bytes::Bytes,
    call::{Act, Call},
};

/// The middle of November 2026.
const MINUTE: u32 = 29_911_000;
/// More would only make an input slow.
const MOST_ACTS: usize = 60;

static WORLD: LazyLock<World> = LazyLock::new(|| {
    let directory = Some(Directory::example().clone());
    Loaded::shipped(&Settings { directory, minute: MINUTE, ..Settings::default() }).world.unwrap()
});

/// The first bytes are the call's circumstances; then each byte is an act, with those that it needs behind it.
pub(super) fn events(data: &[u8]) {
    let mut bytes = Bytes::of(data);
    let how = bytes.byte();
    let minute = if how & 1 == 0 { MINUTE + u32::from(bytes.byte()) * 97 } else { bytes.number() };
    let directory = Standing::ALL[usize::from(how >> 1) % 3];
    let now = Now { directory, turn_of: u32::from(how), ..Now::at(minute) };
    let outcomes = (0..how >> 5).map(|_| outcome(&mut bytes)).collect();
    let numbers: Vec<&E164> = WORLD.called_numbers().collect();
    let called = numbers.get(usize::from(how >> 3 & 3)).copied();
    let mut call = Call::begins(&WORLD, called, now, outcomes);
    for _ in 0..MOST_ACTS {
        if bytes.is_empty() || !call.act(&act(&mut bytes)) {
            break;
        }
    }
}

fn act(bytes: &mut Bytes<'_>) -> Act {
    let kind = bytes.byte();
    match kind {
        0..=127 => Act::Event(Event::Keys(Key::ALL[usize::from(kind) % 12].into())),
        128..=175 => Act::Nothing,
        176..=191 => Act::Event(Event::Silence),
        192..=207 => Act::Event(transfer(bytes)),
        208..=223 => Act::Minutes(match kind % 4 {
            0 => bytes.number(),
            _ => u32::from(bytes.byte()),
        }),
        224..=235 => Act::Event(keys(bytes)),
        236..=243 => Act::Event(Event::Done(outcome(bytes))),
        244..=249 => {
            let lang = [None, Some(Lang::FR), Some(Lang::EN), "prs".parse().ok()][usize::from(kind) % 4];
            Act::Lost(lang, if kind.is_multiple_of(2) { Event::Silence } else { keys(bytes) })
        }
        _ => Act::Event(Event::Started),
    }
}

fn keys(bytes: &mut Bytes<'_>) -> Event {
    let count = usize::from(bytes.byte() % 40);
    Event::Keys(Keys::parse(&bytes.text(count)))
}

fn outcome(bytes: &mut Bytes<'_>) -> Outcome {
    match bytes.byte() {
        kind if kind & 0x80 == 0 => Outcome::ALL[usize::from(kind) % Outcome::ALL.len()],
        kind => Outcome::Partly(u16::from(kind & 0x7f) << 8 | u16::from(bytes.byte())),
    }
}

fn transfer(bytes: &mut Bytes<'_>) -> Event {
    let outcome = *bytes.one(&DialOutcome::ALL);
    let told = |byte: u8, at: u8| [None, Some(false), Some(true), Some(true)][usize::from(byte >> at & 3)];
    let known = bytes.byte();
    let talked = (known & 1 == 1).then(|| u32::from(bytes.byte()) * 30);
    Event::TransferEnded(Transfer { outcome, talked, accepted: told(known, 1), bridged: told(known, 3) })
}

/// Text as a caller types it where digits are asked for: a line is one wait, an empty one is silence.
pub(super) fn digits(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let typed = Typed::of(&text);
    assert!(typed.digits().len() <= Typed::MOST);
    let bits = data.iter().take(4).fold(0, |bits, byte| bits << 8 | u32::from(*byte));
    let entry = Entry::of(PartId(bits));
    assert_eq!(Entry::of(entry.part()), entry);
    assert_eq!(Entry::of(Entry { typed, ..entry }.part()).typed, typed);

    let questions: Vec<_> =
        WORLD.nodes().filter(|node| matches!(node.kind, Kind::Ask(_))).map(|node| node.id).collect();
    let first = questions.iter().min().expect("the line asks for a place");
    let now = Now { directory: Standing::Ready, ..Now::at(MINUTE) };
    let state = CallState { lang: Some(Lang::FR), awaits: *first, ..CallState::new(MINUTE, *first) };
    let mut call = Call { world: &WORLD, state, now, outcomes: Vec::new() };
    for line in text.split('\n').take(MOST_ACTS) {
        let _ = PostalCodes::shipped().get(line);
        let event = if line.is_empty() { Event::Silence } else { Event::Keys(Keys::parse(line)) };
        if !call.act(&Act::Event(event)) {
            break;
        }
        assert!(!questions.contains(&call.state.node) || Entry::of(call.state.part).part() == call.state.part);
    }
}
