//! Looks for what must stand nowhere: callers' numbers in any spelling, and what callers typed.

use std::{borrow::Cow, collections::HashSet};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

/// What a number can't do without, however it is written: its last nine digits.
const TAIL: usize = 9;

/// What is looked for.
pub(crate) struct Traces {
    tails: HashSet<Vec<u8>>,
    /// Entries that are long enough to be no accident anywhere.
    long: Vec<String>,
    /// Entries of five digits, alone or said digit by digit.
    short: HashSet<Vec<u8>>,
}

impl Traces {
    /// Looks for these numbers and these entries of five digits or more.
    pub(crate) fn of<'t>(numbers: impl Iterator<Item = &'t str>, entries: &[&str]) -> Traces {
        let tail = |number: &str| {
            let digits: Vec<u8> = number.bytes().filter(u8::is_ascii_digit).collect();
            digits[digits.len() - TAIL..].to_vec()
        };
        let (short, long): (Vec<&str>, Vec<&str>) = entries.iter().partition(|entry| entry.len() == 5);
        Traces {
            tails: numbers.map(tail).collect(),
            long: long.into_iter().map(str::to_owned).collect(),
            short: short.into_iter().map(|entry| entry.as_bytes().to_vec()).collect(),
        }
    }

    /// What of it stands in these bytes, as written or behind the escapes of a URL.
    pub(crate) fn found(&self, bytes: &[u8]) -> Vec<String> {
        let mut found = self.in_plain(bytes);
        if let Cow::Owned(plain) = Cow::from(percent_encoding::percent_decode(bytes)) {
            found.extend(self.in_plain(&plain));
        }
        found
    }

    /// The same in what a URL of ours carries sealed or coded.
    pub(crate) fn found_coded(&self, url: &str) -> Vec<String> {
        let words = url.split(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_'));
        let coded = words.filter_map(|word| URL_SAFE_NO_PAD.decode(word).ok());
        self.found(url.as_bytes()).into_iter().chain(coded.flat_map(|bytes| self.found(&bytes))).collect()
    }

    fn in_plain(&self, bytes: &[u8]) -> Vec<String> {
        let mut found = Vec::new();
        // Digits with what people write between them, and digits without.
        let (mut number, mut run): (Vec<u8>, Vec<u8>) = Default::default();
        // What stands before the run, how far it is behind the last one, and whether all of the number stand apart.
        let (mut at_run, mut gap, mut apart, mut before) = (b' ', 0, true, b' ');
        for &byte in bytes.iter().chain(b"\0") {
            if byte.is_ascii_digit() {
                if run.is_empty() {
                    at_run = before;
                }
                number.push(byte);
                run.push(byte);
                gap = 0;
            } else if !number.is_empty() {
                if !run.is_empty() {
                    let alone = !at_run.is_ascii_alphanumeric() && !byte.is_ascii_alphanumeric();
                    if run.len() == 5 && alone && self.short.contains(&run) {
                        found.push(String::from_utf8_lossy(&run).into_owned());
                    }
                    apart &= run.len() == 1;
                    run.clear();
                }
                gap += 1;
                if gap > 2 || !matches!(byte, b' ' | b'.' | b',' | b'-' | b'(' | b')' | b'/' | 0xc2 | 0xa0) {
                    self.look(&number, apart, &mut found);
                    number.clear();
                    apart = true;
                }
            }
            before = byte;
        }
        found
    }

    /// Looks through one row of digits; `apart`: said digit by digit.
    fn look(&self, number: &[u8], apart: bool, found: &mut Vec<String>) {
        let spelled = apart && number.windows(5).any(|digits| self.short.contains(digits));
        let tail = number.windows(TAIL).any(|tail| self.tails.contains(tail));
        let is_in = |entry: &String| number.windows(entry.len()).any(|digits| digits == entry.as_bytes());
        if spelled || tail || self.long.iter().any(is_in) {
            found.push(String::from_utf8_lossy(number).into_owned());
        }
    }
}

#[test]
fn each_spelling_is_found_wherever_it_stands() {
    let traces = Traces::of(["+33639981234", "+447700900123"].into_iter(), &["75011", "8675309"]);
    for planted in [
        "+33639981234",
        "0639981234",
        "06 39 98 12 34",
        "06.39.98.12.34",
        "33 6 39 98 12 34",
        "(0)6-39-98-12-34",
        "06\u{a0}39\u{a0}98\u{a0}12\u{a0}34",
        "%2B33639981234",
        "sip:+33639981234@example.org",
        "07700 900123",
        "639981234",
        "75011",
        "Digits=75011",
        "7 5 0 1 1",
        "7, 5, 0, 1, 1",
        "%3D75011%26",
        "x8675309",
        "867 53 09",
        "1128675309241753",
    ] {
        for around in
            [format!("2026-11-22T09:04:04.123456Z INFO call from={planted} listen=1.2.3.4:80"), planted.to_owned()]
        {
            assert!(!traces.found(around.as_bytes()).is_empty(), "{around}");
        }
        let token = URL_SAFE_NO_PAD.encode(format!("\u{1}{planted}\u{2}"));
        let url = format!("https://line.example.org/twilio/voice?l=fr&s={token}");
        assert!(!traces.found_coded(&url).is_empty(), "{planted} in {url}");
        let binary = [&[0, 159, 146, 150][..], planted.as_bytes(), &[0xff, 0]].concat();
        assert!(!traces.found(&binary).is_empty(), "{planted} among bytes");
    }
    for innocent in ["2026-11-22T09:04:04.750111Z", "127.0.0.1:57501", "a75011f", "3114", "639 981", "1795338244"] {
        assert_eq!(traces.found(innocent.as_bytes()), Vec::<String>::new(), "{innocent}");
    }
}
