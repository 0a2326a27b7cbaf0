//! The lines of a file, one at a time, however long they are: memory is bounded.

use std::io::{self, BufRead, Read};

/// No line of the list is this long.
const MOST_BYTES: u64 = 16 * 1024;

/// One line.
#[derive(PartialEq, Eq, Debug)]
pub(super) enum Line<'l> {
    /// Without its end.
    Whole(&'l [u8]),
    /// Passed over.
    TooLong,
}

/// Reads lines and counts them.
pub(super) struct Lines<R> {
    reader: R,
    line: Vec<u8>,
    /// How many were read.
    pub(super) number: u64,
    /// How many bytes they had.
    pub(super) bytes: u64,
    /// The last one had an end.
    pub(super) ended: bool,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(reader: R) -> Lines<R> {
        Lines { reader, line: Vec::new(), number: 0, bytes: 0, ended: true }
    }

    pub(super) fn next(&mut self) -> io::Result<Option<Line<'_>>> {
        self.line.clear();
        let read = self.reader.by_ref().take(MOST_BYTES).read_until(b'\n', &mut self.line)?;
        if read == 0 {
            return Ok(None);
        }
        self.number += 1;
        self.bytes += read as u64;
        self.ended = self.line.last() == Some(&b'\n');
        if !self.ended && read as u64 == MOST_BYTES {
            self.bytes += self.reader.skip_until(b'\n')? as u64;
            self.line.clear();
            // Whether that one ended does not matter: it counts as a fault anyhow.
            self.ended = true;
            return Ok(Some(Line::TooLong));
        }
        let line = self.line.strip_suffix(b"\n").unwrap_or(&self.line);
        Ok(Some(Line::Whole(line.strip_suffix(b"\r").unwrap_or(line))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_in_every_way_and_a_long_one_is_passed_over() {
        let long = "x".repeat(100_000);
        let text = format!("a\r\nb\n\n{long}\nc");
        let mut lines = Lines::new(text.as_bytes());
        let expected: [(&[u8], bool); 3] = [(b"a", true), (b"b", true), (b"", true)];
        for (line, ended) in expected {
            assert_eq!(lines.next().unwrap(), Some(Line::Whole(line)));
            assert_eq!(lines.ended, ended);
        }
        assert_eq!(lines.next().unwrap(), Some(Line::TooLong));
        assert_eq!(lines.next().unwrap(), Some(Line::Whole(b"c")));
        assert!(!lines.ended);
        assert_eq!(lines.next().unwrap(), None);
        assert_eq!((lines.number, lines.bytes), (5, text.len() as u64));
    }
}
