//! The stock file of establishments (etalab-cs1100507), read line by line in one pass.
//!
//! A first line with the day; then `structureet` lines, one an establishment; then `geolocalisation` lines, where each is.
//! Only the lines of centres are kept in memory, as bytes: which letters the file is written in is known at its end.

mod fields;
mod lines;
mod projection;

use std::{
    borrow::Cow,
    collections::HashMap,
    io::{self, BufRead},
};

use self::{
    fields::{Fields, Parter},
    lines::{Line, Lines},
};
use super::{
    Damage, Finess, Point,
    import::{Import, InList, Row, hospital_rank, kind_of},
    spell::Street,
    summary::{Fault, Lack},
};

pub(super) use projection::{Maps, NoPoint};

/// How many lines are read between two words of progress.
const PROGRESS: u64 = 4096;

/// Fields of a line of `structureet`: 31 in the description, 32 in the files of today.
const STRUCTURE_FIELDS: std::ops::RangeInclusive<usize> = 31..=33;
/// Fields of a line of `geolocalisation`; with fewer, its end is missing.
const PLACE_FIELDS: std::ops::RangeInclusive<usize> = 6..=7;

/// A line that is kept until the letters are known.
struct Kept {
    number: u64,
    line: Box<[u8]>,
    point: Result<Point, Lack>,
}

/// What was counted on the way.
#[derive(Default)]
struct Seen {
    structures: u64,
    places: u64,
    /// Lines with letters that are right as UTF-8, and such as are not.
    utf_8: u64,
    not_utf_8: u64,
    /// The line of the last fault.
    last_fault: u64,
}

/// Reads one file into `import`.
pub(super) fn read(import: &mut Import<'_>, list: impl BufRead, progress: &mut dyn FnMut(u64)) -> io::Result<()> {
    let maps = Maps::new().map_err(io::Error::other)?;
    let mut lines = Lines::new(list);
    let mut parter = Parter::new();
    let mut seen = Seen::default();
    let mut order: Vec<Kept> = Vec::new();
    let mut at: HashMap<Finess, usize> = HashMap::new();
    let mut is_list = false;
    let (mut number, mut bytes) = (0, 0);
    while let Some(line) = lines.next()? {
        number += 1;
        let line = match line {
            Line::Whole(line) => line,
            Line::TooLong => {
                seen.fault(import, Fault::TooLong, number);
                continue;
            }
        };
        if number == 1 {
            let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
            is_list = line.starts_with(b"finess;etalab");
            if is_list {
                import.dated(&String::from_utf8_lossy(line.split(|byte| *byte == b';').nth(3).unwrap_or_default()));
                continue;
            }
        }
        if line.is_empty() {
            continue;
        }
        if let Err(fault) = seen.line(import, &mut parter, &maps, line, number, &mut order, &mut at) {
            seen.fault(import, fault, number);
        }
        if number % PROGRESS == 0 {
            progress(lines.bytes);
        }
        bytes = lines.bytes;
    }
    bytes = bytes.max(lines.bytes);
    import.summary.lines += number;
    import.summary.bytes += bytes;
    progress(bytes);
    // A last line without an end may be whole; with a fault in it, it is cut short.
    seen.judge(import, is_list, (!lines.ended && seen.last_fault == number).then_some(number));
    let is_utf_8 = seen.utf_8 >= seen.not_utf_8;
    if seen.utf_8 + seen.not_utf_8 > 0 {
        import.summary.written_in = Some(if is_utf_8 { "UTF-8" } else { "Windows-1252" });
    }
    for kept in order {
        let fields = parter.part(&kept.line);
        if let Ok(fields) = fields {
            row(import, &fields, &kept, is_utf_8);
        }
    }
    Ok(())
}

impl Seen {
    fn fault(&mut self, import: &mut Import<'_>, fault: Fault, line: u64) {
        self.last_fault = line;
        import.summary.fault(fault, line);
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one loop")]
    fn line(
        &mut self,
        import: &mut Import<'_>,
        parter: &mut Parter,
        maps: &Maps,
        line: &[u8],
        number: u64,
        order: &mut Vec<Kept>,
        at: &mut HashMap<Finess, usize>,
    ) -> Result<(), Fault> {
        if !line.is_ascii() {
            match std::str::from_utf8(line) {
                Ok(_) => self.utf_8 += 1,
                Err(_) => self.not_utf_8 += 1,
            }
        }
        let fields = parter.part(line)?;
        match fields.get(1) {
            b"structureet" if STRUCTURE_FIELDS.contains(&fields.count()) => {
                self.structures += 1;
                self.structure(import, &fields, line, number, order, at)
            }
            b"geolocalisation" if PLACE_FIELDS.contains(&fields.count()) => {
                self.places += 1;
                let finess = finess(fields.get(2))?;
                if let Some(kept) = at.get(&finess).and_then(|at| order.get_mut(*at)) {
                    kept.point = point(maps, &fields);
                }
                Ok(())
            }
            b"structureet" | b"geolocalisation" => Err(Fault::Fields),
            _ => Err(Fault::UnknownSection),
        }
    }

    fn structure(
        &mut self,
        import: &mut Import<'_>,
        fields: &Fields<'_>,
        line: &[u8],
        number: u64,
        order: &mut Vec<Kept>,
        at: &mut HashMap<Finess, usize>,
    ) -> Result<(), Fault> {
        let finess = finess(fields.get(2))?;
        let category = fields.get(19);
        if kind_of(category, fields.get(20)).is_some() {
            at.insert(finess, order.len());
            order.push(Kept { number, line: line.into(), point: Err(Lack::Place) });
            return Ok(());
        }
        import.summary.others += 1;
        if hospital_rank(category).is_some() {
            let text = |place| String::from_utf8_lossy(fields.get(place));
            import.hospital(&text(3), finess, &text(19), &text(17));
        }
        Ok(())
    }

    fn judge(&self, import: &mut Import<'_>, is_list: bool, cut: Option<u64>) {
        if !is_list {
            import.summary.damaged(Damage::NotAList);
        }
        if let Some(line) = cut {
            import.summary.damaged(Damage::CutShort { line });
        }
        if self.structures > 0 && self.places == 0 {
            import.summary.damaged(Damage::NoPlaces);
        } else if self.places * 10 < self.structures * 9 {
            import.summary.damaged(Damage::FewPlaces { structures: self.structures, places: self.places });
        }
    }
}

fn finess(field: &[u8]) -> Result<Finess, Fault> {
    std::str::from_utf8(field).ok().and_then(|text| text.parse().ok()).ok_or(Fault::NotFiness)
}

fn point(maps: &Maps, fields: &Fields<'_>) -> Result<Point, Lack> {
    let text = |place| String::from_utf8_lossy(fields.get(place));
    if text(3).trim().is_empty() && text(4).trim().is_empty() {
        return Err(Lack::Place);
    }
    maps.point(&text(3), &text(4), &text(5)).map_err(lack)
}

pub(super) fn lack(why: NoPoint) -> Lack {
    match why {
        NoPoint::NoMap => Lack::Map,
        NoPoint::UnknownMap => Lack::UnknownMap,
        NoPoint::Outside => Lack::Outside,
    }
}

fn row(import: &mut Import<'_>, fields: &Fields<'_>, kept: &Kept, is_utf_8: bool) {
    let text = |place| decoded(fields.get(place), is_utf_8);
    let (Ok(finess), Some(kind)) = (finess(fields.get(2)), kind_of(fields.get(19), fields.get(20))) else { return };
    let row = Row {
        finess,
        owner: &text(3),
        kind,
        names: [&text(4), &text(5), &text(6)],
        street: Street { number: &text(8), kind: &text(9), name: &text(10), suffix: &text(11), place: &text(12) },
        place: InList::Parted(&text(14), &text(13)),
        delivery: &text(16),
        telephone: &text(17),
        updated: &text(31),
        point: kept.point,
    };
    import.row(&row, kept.number);
}

/// The letters of a field. In a file of UTF-8, a line that is none is taken as what files were before.
fn decoded(field: &[u8], is_utf_8: bool) -> Cow<'_, str> {
    match std::str::from_utf8(field) {
        Ok(text) if is_utf_8 || field.is_ascii() => Cow::Borrowed(text),
        _ => encoding_rs::WINDOWS_1252.decode_without_bom_handling(field).0,
    }
}
