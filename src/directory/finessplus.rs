//! FINESS+, the JSON that is to follow the stock file: the flow "structures", read owner by owner.
//!
//! Only one owner with its establishments is in memory at once. What the schema leaves open is read with tolerance: how the
//! number and the name of an establishment are called (any field that begins so), and what stands for "closed".

use std::{
    cell::Cell,
    fmt,
    io::{self, BufRead, BufReader, Read},
};

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::{
    Damage, Finess, Point,
    finess::{Maps, lack},
    import::{Import, InList, Row, kind_of},
    spell::Street,
    summary::{Fault, Lack},
};

/// Reads one file into `import`. Entries are counted in the place of lines.
pub(super) fn read(import: &mut Import<'_>, list: impl BufRead, progress: &mut dyn FnMut(u64)) -> io::Result<()> {
    let maps = Maps::new().map_err(io::Error::other)?;
    let bytes = Cell::new(0);
    let failed = Cell::new(None);
    let counted =
        BufReader::with_capacity(64 * 1024, Counted { list: without_mark(list)?, bytes: &bytes, failed: &failed });
    let mut state = State { import, maps: &maps, bytes: &bytes, progress, entry: 0, newest: None };
    let mut json = serde_json::Deserializer::from_reader(counted);
    let result = Whole(&mut state).deserialize(&mut json).and_then(|()| json.end());
    let (entry, newest) = (state.entry, state.newest);
    if let Some(error) = failed.take() {
        return Err(error);
    }
    import.summary.lines += entry;
    import.summary.bytes += bytes.get();
    import.summary.written_in = Some("UTF-8");
    if let Some(newest) = newest {
        import.dated(&newest);
    }
    progress(bytes.get());
    if let Err(error) = result {
        let line = u64::try_from(error.line()).unwrap_or_default();
        import.summary.damaged(if entry == 0 { Damage::NotAList } else { Damage::CutShort { line } });
    }
    Ok(())
}

/// Without the mark that some editors write before UTF-8.
fn without_mark(mut list: impl BufRead) -> io::Result<impl BufRead> {
    if list.fill_buf()?.starts_with(b"\xef\xbb\xbf") {
        list.consume(3);
    }
    Ok(list)
}

/// Counts what is read, and keeps the error of a disk apart from those of the text.
struct Counted<'s, R> {
    list: R,
    bytes: &'s Cell<u64>,
    failed: &'s Cell<Option<io::Error>>,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.list.read(buffer) {
            Ok(read) => {
                self.bytes.set(self.bytes.get() + read as u64);
                Ok(read)
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Err(error),
            Err(error) => {
                let kind = error.kind();
                self.failed.set(Some(error));
                Err(kind.into())
            }
        }
    }
}

struct State<'s, 'c> {
    import: &'s mut Import<'c>,
    maps: &'s Maps,
    bytes: &'s Cell<u64>,
    progress: &'s mut dyn FnMut(u64),
    /// Owners read.
    entry: u64,
    /// The last day on which anything changed: the list names none of its own.
    newest: Option<String>,
}

/// The whole text: an object with `pmej`, or a list of owners.
struct Whole<'a, 's, 'c>(&'a mut State<'s, 'c>);

impl<'de> DeserializeSeed<'de> for Whole<'_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Whole<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the structures of FINESS+")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            if key == "pmej" {
                map.next_value_seed(Whole(&mut *self.0))?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut owners: A) -> Result<(), A::Error> {
        while let Some(owner) = owners.next_element::<Value>()? {
            self.0.owner(&owner);
        }
        Ok(())
    }
}

impl State<'_, '_> {
    fn owner(&mut self, owner: &Value) {
        self.entry += 1;
        if self.entry.is_multiple_of(256) {
            (self.progress)(self.bytes.get());
        }
        // A list may also be parted into several wholes.
        if let Some(owners) = owner.get("pmej").and_then(Value::as_array) {
            return owners.iter().for_each(|owner| self.establishments(owner));
        }
        self.establishments(owner);
    }

    fn establishments(&mut self, owner: &Value) {
        let number = text(owner, &["informationsGeneralesPmej", "numFinessPm"]);
        let Some(all) = owner.get("ege").and_then(Value::as_array) else {
            return self.import.summary.fault(Fault::Fields, self.entry);
        };
        for one in all {
            if let Err(fault) = self.establishment(one, number) {
                self.import.summary.fault(fault, self.entry);
            }
        }
    }

    fn establishment(&mut self, one: &Value, owner: &str) -> Result<(), Fault> {
        let general = one.get("informationsGeneralesEGE").unwrap_or(&Value::Null);
        let changed = text(one, &["dateDerniereMaj", "dateEvenement"]).get(..10).unwrap_or_default();
        if changed.parse::<jiff::civil::Date>().is_ok() && self.newest.as_deref().is_none_or(|newest| newest < changed)
        {
            self.newest = Some(changed.to_owned());
        }
        let finess: Finess =
            beginning(general, "numFiness").next().and_then(|text| text.parse().ok()).ok_or(Fault::NotFiness)?;
        let category = |field| text(one, &["categorieEntiteGeographiqueExercice", field]);
        let telephone = telephone(one);
        let Some(kind) = kind_of(category("code").as_bytes(), category("display").as_bytes()) else {
            self.import.summary.others += 1;
            self.import.hospital(owner, finess, category("code"), telephone);
            return Ok(());
        };
        if is_closed(one, general) {
            self.import.summary.closed += 1;
            return Ok(());
        }
        let names: Vec<&str> = beginning(general, "denomination").collect();
        let name = |at: usize| names.get(at).copied().unwrap_or_default();
        let address = one.get("adresse").and_then(|all| all.get(0)).unwrap_or(&Value::Null);
        let of_address = |field| text(address, &[field]);
        let line = of_address("ligneAcheminement").trim();
        // The line of delivery with its code, or without.
        let has_code = line.starts_with(|c: char| c.is_ascii_digit());
        let delivery = if has_code { line.to_owned() } else { format!("{} {line}", of_address("codePostal")) };
        let row = Row {
            finess,
            owner,
            kind,
            names: [name(0), name(1), name(2)],
            street: Street {
                number: of_address("numeroVoie"),
                suffix: of_address("complementVoie"),
                kind: of_address("typeVoie"),
                name: of_address("libelleVoie"),
                place: of_address("lieuDit"),
            },
            place: InList::Insee(of_address("cogCommune")),
            delivery: &delivery,
            telephone,
            updated: changed,
            point: self.point(address),
        };
        self.import.row(&row, self.entry);
        Ok(())
    }

    /// Degrees, or metres of Lambert 93 where the numbers are too large for degrees.
    fn point(&self, address: &Value) -> Result<Point, Lack> {
        let of = |field| text(address, &["coordonneesGeographique", field]).trim();
        let (x, y) = (of("coordonneeX"), of("coordonneeY"));
        if x.is_empty() || y.is_empty() {
            return Err(Lack::Place);
        }
        let number = |text: &str| text.replace(',', ".").parse::<f64>().ok().filter(|number| number.is_finite());
        let (x, y) = number(x).zip(number(y)).ok_or(Lack::Outside)?;
        if x.abs() > 180.0 || y.abs() > 90.0 {
            return self.maps.on("LAMBERT_93", x, y).map_err(lack);
        }
        let sign = |direction: &str, negative: [char; 2]| if direction.starts_with(negative) { -1.0 } else { 1.0 };
        let west = sign(of("directionLongitude"), ['W', 'O']);
        let south = sign(of("directionLatitude"), ['S', 's']);
        let turned = |value: f64, sign: f64| if value < 0.0 { value } else { value * sign };
        Ok(Point { latitude: turned(y, south), longitude: turned(x, west) })
    }
}

/// The text at a path, or nothing.
fn text<'v>(value: &'v Value, path: &[&str]) -> &'v str {
    path.iter().try_fold(value, |value, field| value.get(field)).and_then(Value::as_str).unwrap_or_default()
}

/// The texts of all fields that begin so.
fn beginning<'v>(value: &'v Value, begin: &'static str) -> impl Iterator<Item = &'v str> {
    let fields = value.as_object().into_iter().flatten();
    fields.filter(move |(name, _)| name.starts_with(begin)).filter_map(|(_, value)| value.as_str())
}

/// The first telephone that is written.
fn telephone(one: &Value) -> &str {
    let contacts = one.get("contact").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let numbers = contacts.iter().map(|contact| text(contact, &["telecom", "telephone"]).trim());
    numbers.into_iter().find(|number| !number.is_empty()).unwrap_or_default()
}

/// By its state, or by a day on which it closed.
fn is_closed(one: &Value, general: &Value) -> bool {
    let state = text(one, &["etatObjet", "code"]).to_lowercase();
    let closed = ["ferme", "fermé", "clos", "inacti", "supprim"].iter().any(|begin| state.starts_with(begin));
    closed || beginning(general, "dateFermeture").any(|day| !day.trim().is_empty())
}
