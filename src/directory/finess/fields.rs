//! The fields of one line: parted by semicolons, in quotation marks where they hold some.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder, Terminator};

use super::super::summary::Fault;

/// More fields than any line has.
const MOST_FIELDS: usize = 64;

/// Parts lines into fields; keeps its memory from one line to the next.
pub(super) struct Parter {
    reader: Reader,
    text: Vec<u8>,
    ends: [usize; MOST_FIELDS],
}

/// The fields of the last line that was parted.
#[derive(Clone, Copy)]
pub(super) struct Fields<'p> {
    text: &'p [u8],
    ends: &'p [usize],
}

impl Parter {
    pub(super) fn new() -> Parter {
        let reader = ReaderBuilder::new().delimiter(b';').terminator(Terminator::Any(b'\n')).build();
        Parter { reader, text: Vec::new(), ends: [0; MOST_FIELDS] }
    }

    /// Parts one line, given without its end.
    pub(super) fn part(&mut self, line: &[u8]) -> Result<Fields<'_>, Fault> {
        self.reader.reset();
        if self.text.len() < line.len() + 1 {
            self.text.resize(line.len() + 1, 0);
        }
        let (result, read, written, ended) = self.reader.read_record(line, &mut self.text, &mut self.ends);
        if result != ReadRecordResult::InputEmpty || read != line.len() {
            return Err(Fault::Fields);
        }
        // The end of the line ends the record, unless a quotation mark is still open.
        let (result, _, more, more_ended) =
            self.reader.read_record(b"\n", &mut self.text[written..], &mut self.ends[ended..]);
        match result {
            ReadRecordResult::Record => {
                Ok(Fields { text: &self.text[..written + more], ends: &self.ends[..ended + more_ended] })
            }
            ReadRecordResult::InputEmpty => Err(Fault::OpenQuote),
            _ => Err(Fault::Fields),
        }
    }
}

impl<'p> Fields<'p> {
    pub(super) fn count(&self) -> usize {
        self.ends.len()
    }

    /// The field at a place counted from 1, as the description of the list counts; empty where there is none.
    pub(super) fn get(&self, place: usize) -> &'p [u8] {
        let at = place.wrapping_sub(1);
        let Some(end) = self.ends.get(at) else { return &[] };
        let begin = at.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.text.get(begin..*end).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(line: &str) -> Result<Vec<String>, Fault> {
        let mut parter = Parter::new();
        let fields = parter.part(line.as_bytes())?;
        Ok((1..=fields.count()).map(|at| String::from_utf8_lossy(fields.get(at)).into_owned()).collect())
    }

    #[test]
    fn quotation_marks_belong_to_the_line() {
        assert_eq!(fields("a;;c").unwrap(), ["a", "", "c"]);
        assert_eq!(fields(r#"a;"LIEU DE VIE ""X""; ICI";c"#).unwrap(), ["a", "LIEU DE VIE \"X\"; ICI", "c"]);
        assert_eq!(fields("").unwrap_or_default(), [] as [&str; 0]);
        assert_eq!(fields("a;").unwrap(), ["a", ""]);
        assert_eq!(fields(r#"a;"b;c"#), Err(Fault::OpenQuote));
        assert_eq!(fields(&";".repeat(100)), Err(Fault::Fields));
        assert_eq!(fields("a\rb").unwrap(), ["a\rb"]);
    }

    #[test]
    fn a_line_that_is_wrong_spoils_none_behind_it() {
        let mut parter = Parter::new();
        assert!(parter.part(b"a;\"b").is_err());
        assert!(parter.part(";".repeat(100).as_bytes()).is_err());
        let fields = parter.part(b"x;yz").unwrap();
        assert_eq!((fields.count(), fields.get(1), fields.get(2), fields.get(3)), (2, &b"x"[..], &b"yz"[..], &b""[..]));
    }
}
