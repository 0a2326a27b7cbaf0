//! One entry as a line of the spool: blanks between its fields, the subject last, a checksum first.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use super::{
    CallMark, Entry, EntryId, Kind,
    entry::{outcome_number, outcome_numbered},
};
use crate::call::{from_hexadecimal, hexadecimal};

/// What a line begins with: another way of writing needs another one.
const VERSION: &str = "1";

/// Adds the line of `entry`, with its end.
pub(super) fn write(entry: &Entry, text: &mut String) {
    let outcome = entry.outcome.map(outcome_number);
    let talked = entry.talked.map_or_else(nothing, |talked| talked.to_string());
    let fields = format!(
        "{} {} {} {} {} {} {} {talked} {}",
        hexadecimal(&entry.id.0),
        hexadecimal(&entry.call.0),
        entry.turn,
        entry.second,
        entry.lang.map_or_else(nothing, |lang| lang.to_string()),
        entry.kind.number(),
        outcome.map_or_else(nothing, |outcome| outcome.to_string()),
        entry.subject.replace('\\', "\\\\").replace('\n', "\\n"),
    );
    // Writing into a string can't fail.
    let _ = writeln!(text, "{VERSION} {} {fields}", checksum(&fields));
}

/// The entry of a line without its end; `None` where the line is torn, damaged, or of another version.
pub(super) fn read(line: &[u8]) -> Option<Entry> {
    let line = std::str::from_utf8(line).ok()?;
    let (sum, fields) = line.strip_prefix(VERSION)?.strip_prefix(' ')?.split_once(' ')?;
    if sum != checksum(fields) {
        return None;
    }
    let mut parts = fields.splitn(9, ' ');
    let mut next = || parts.next();
    Some(Entry {
        id: EntryId(bytes(next()?)?),
        call: CallMark(bytes(next()?)?),
        turn: next()?.parse().ok()?,
        second: next()?.parse().ok()?,
        lang: optional(next()?, |text| text.parse().ok())?,
        kind: Kind::numbered(next()?.parse().ok()?)?,
        outcome: optional(next()?, |text| outcome_numbered(text.parse().ok()?))?,
        talked: optional(next()?, |text| text.parse().ok())?,
        subject: plain(next()?).into(),
    })
}

fn nothing() -> String {
    "-".to_owned()
}

/// `None` where there is something that can't be read.
fn optional<T>(text: &str, read: impl Fn(&str) -> Option<T>) -> Option<Option<T>> {
    if text == "-" { Some(None) } else { read(text).map(Some) }
}

fn plain(subject: &str) -> String {
    let mut plain = String::with_capacity(subject.len());
    let mut letters = subject.chars();
    while let Some(letter) = letters.next() {
        plain.push(match letter {
            '\\' if letters.next() == Some('n') => '\n',
            letter => letter,
        });
    }
    plain
}

fn checksum(fields: &str) -> String {
    hexadecimal(&Sha256::digest(fields.as_bytes())[..4])
}

fn bytes<const N: usize>(text: &str) -> Option<[u8; N]> {
    from_hexadecimal(text)?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::{DialOutcome, Lang};

    fn entry() -> Entry {
        Entry {
            id: EntryId(std::array::from_fn(|at| u8::try_from(at).unwrap())),
            call: CallMark([0xfe; 8]),
            turn: 7,
            second: 1_764_633_600,
            lang: Some(Lang::FR),
            kind: Kind::Transferred,
            subject: "sos amitié \\n\n\\".into(),
            outcome: Some(DialOutcome::Canceled),
            talked: Some(61),
        }
    }

    fn line(entry: &Entry) -> String {
        let mut text = String::new();
        write(entry, &mut text);
        assert_eq!(text.pop(), Some('\n'));
        assert!(!text.contains('\n'), "{text}");
        text
    }

    #[test]
    fn every_entry_comes_back_as_it_was() {
        assert_eq!(read(line(&entry()).as_bytes()), Some(entry()));
        for kind in Kind::ALL {
            let bare = Entry { kind, lang: None, subject: "".into(), outcome: None, talked: None, ..entry() };
            assert_eq!(read(line(&bare).as_bytes()), Some(bare));
        }
    }

    #[test]
    fn what_is_torn_or_changed_is_no_entry() {
        let line = line(&entry());
        for end in 0..line.len() {
            assert_eq!(read(&line.as_bytes()[..end]), None, "torn after {end}");
        }
        for at in 0..line.len() {
            let mut changed = line.clone().into_bytes();
            changed[at] ^= 1;
            assert_eq!(read(&changed), None, "changed at {at}");
        }
        assert_eq!(read(b"1 00000000 x"), None);
    }
}
