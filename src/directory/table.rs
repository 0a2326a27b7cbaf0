//! The table: one centre a line, parted by tabs, sorted, so that a person can read it and compare two of them.
//!
//! It is read strictly: a line that is not as it should be refuses the whole. Written beside, read back, and then put in
//! its place in one step: whoever reads sees the old table or the new one.

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    fs::File,
    io::{self, Read as _, Write as _},
    path::Path,
    sync::Arc,
};

use jiff::civil::Date;

use super::{Audience, Centre, CentreKind, Finess, More, Point, import::sort};
use crate::{
    call::E164,
    diagnostic::{Diagnostic, Place, SourceFile},
};

/// What the first line of a table says.
pub const FORMAT: &str = "# allo-cmp directory 1";

const SOURCE: &str = "# source: FINESS, the national list of health and social establishments (data.gouv.fr)";
const LICENCE: &str = "# licence: Licence Ouverte 2.0; names and streets spelt out, places in degrees by allo-cmp";
const COLUMNS: [&str; 14] = [
    "department",
    "commune",
    "finess",
    "kind",
    "audience",
    "name",
    "street",
    "insee",
    "postal_code",
    "latitude",
    "longitude",
    "telephone",
    "switchboard",
    "updated",
];

/// The centres of a list, with its day.
#[derive(Clone, PartialEq, Debug)]
pub struct Table {
    /// The day of the list.
    pub state: Date,
    /// Sorted by département, commune and number.
    pub centres: Vec<Centre>,
}

impl Table {
    /// A table of these centres, in its order.
    pub fn new(state: Date, mut centres: Vec<Centre>) -> Table {
        sort(&mut centres);
        Table { state, centres }
    }

    /// The file.
    pub fn to_text(&self) -> String {
        let mut text = String::with_capacity(200 * self.centres.len() + 1000);
        let (state, count) = (self.state, self.centres.len());
        // Writing into a text can't fail.
        let _ = writeln!(text, "{FORMAT}\n# state: {state}\n{SOURCE}\n{LICENCE}\n# centres: {count}");
        let _ = writeln!(text, "# {}", COLUMNS.join("\t"));
        for centre in &self.centres {
            let degrees = |value: Option<f64>| value.map_or_else(String::new, |value| format!("{value:.6}"));
            let number = |number: &Option<E164>| number.as_ref().map_or("", E164::as_str).to_owned();
            let cedex = if centre.more.cedex { " CEDEX" } else { "" };
            let fields = [
                clean(&centre.department),
                clean(&centre.commune),
                centre.finess.to_string(),
                centre.kind.word().to_owned(),
                centre.audience.word().to_owned(),
                clean(&centre.name),
                clean(centre.street.as_deref().unwrap_or_default()),
                clean(&centre.insee),
                format!("{}{cedex}", clean(&centre.postal_code)),
                degrees(centre.point.map(|point| point.latitude)),
                degrees(centre.point.map(|point| point.longitude)),
                number(&centre.telephone),
                number(&centre.switchboard),
                centre.more.updated.map_or_else(String::new, |day| day.to_string()),
            ];
            text.push_str(&fields.join("\t"));
            text.push('\n');
        }
        text
    }

    /// Reads a table that was read from a file.
    pub fn parse(file: &Arc<SourceFile>) -> Result<Table, Box<Diagnostic>> {
        let mut head = Head::default();
        let mut centres: Vec<Centre> = Vec::new();
        let mut known: BTreeSet<Finess> = BTreeSet::new();
        let mut at = 0;
        for line in file.text.split_inclusive('\n') {
            let begin = at;
            at += line.len();
            let whole = line.strip_suffix('\n');
            let body = whole.unwrap_or(line);
            let wrong = |message: String| broken(file, begin..begin + body.len().max(1), message);
            if begin == 0 {
                if body != FORMAT {
                    return Err(wrong(format!("this is no table of centres: its first line must be `{FORMAT}`")));
                }
            } else if let Some(said) = body.strip_prefix("# ") {
                head.read(said).map_err(wrong)?;
            } else {
                let centre = centre(body).map_err(&wrong)?;
                if whole.is_none() {
                    return Err(wrong("this line has no end: the table is cut short".to_owned()));
                }
                if !known.insert(centre.finess) {
                    return Err(wrong(format!("{} stands twice in the table", centre.finess)));
                }
                centres.push(centre);
            }
        }
        let all = |message: String| broken(file, Place::top(file).span, message);
        let state =
            head.state.ok_or_else(|| all("the table has no line `# state:` with the day of the list".to_owned()))?;
        let count =
            head.centres.ok_or_else(|| all("the table has no line `# centres:` with their number".to_owned()))?;
        if count != centres.len() {
            return Err(all(format!("the table says that it has {count} centres, and it has {}", centres.len())));
        }
        Ok(Table { state, centres })
    }

    /// Reads the table at `path`.
    pub fn read(path: &Path) -> Result<(Table, Arc<SourceFile>), Box<Diagnostic>> {
        let shown = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|error| {
            let found = Diagnostic::error("directory-table", format!("{shown} can't be read: {error}"));
            Box::new(found.help("make it with `allo-cmp directory import`, or mend the setting directory.path"))
        })?;
        let file = Arc::new(SourceFile { path: shown, text });
        Table::parse(&file).map(|table| (table, file))
    }

    /// Whether a table may be put at `path`: there is nothing, an empty file, or a table, be it of another version or damaged.
    pub fn may_stand_at(path: &Path) -> io::Result<bool> {
        let any_version = FORMAT.trim_end_matches(|c: char| c.is_ascii_digit()).as_bytes();
        let mut begin = Vec::new();
        match File::open(path) {
            Ok(file) => file.take(any_version.len() as u64).read_to_end(&mut begin)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => 0,
            Err(error) => return Err(error),
        };
        Ok(begin.is_empty() || begin == any_version)
    }

    /// Puts the table at `path`, in one step, once it has been read back.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        let text = self.to_text();
        let name = path.file_name().ok_or_else(|| io::Error::other("it is no file"))?.to_string_lossy().into_owned();
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let beside = folder.join(format!(".{name}.{}.new", std::process::id()));
        let written = self.write_and_check(&beside, &text).and_then(|()| std::fs::rename(&beside, path));
        if written.is_err() {
            // Nothing more can be done about what may be left.
            let _ = std::fs::remove_file(&beside);
        }
        written?;
        // The new name outlives a loss of power, too, where the system can promise that.
        if let Ok(folder) = File::open(folder) {
            let _ = folder.sync_all();
        }
        Ok(())
    }

    fn write_and_check(&self, path: &Path, text: &str) -> io::Result<()> {
        let mut file = File::create(path)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        drop(file);
        let (table, _) = Table::read(path).map_err(|wrong| io::Error::other(wrong.message))?;
        // Degrees have six figures in the file, so that it is what is written that is compared.
        if table.to_text() == text { Ok(()) } else { Err(io::Error::other("it reads otherwise than it was written")) }
    }
}

fn broken(file: &Arc<SourceFile>, span: std::ops::Range<usize>, message: String) -> Box<Diagnostic> {
    let span = span.start..span.end.min(file.text.len()).max(span.start);
    let found = Diagnostic::error("directory-table", message).at(Place { file: file.clone(), span });
    Box::new(
        found.help(
            "make the table again with `allo-cmp directory import`; what you know better goes into corrections.yaml",
        ),
    )
}

/// No tab and no end of a line may stand in a field.
fn clean(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>().trim().to_owned()
}

#[derive(Default)]
struct Head {
    state: Option<Date>,
    centres: Option<usize>,
}

impl Head {
    fn read(&mut self, said: &str) -> Result<(), String> {
        match said.split_once(": ") {
            Some(("state", day)) => {
                let day = day.parse().map_err(|_| format!("`{day}` is no day: write it as in 2026-11-02"))?;
                self.state = Some(day);
            }
            Some(("centres", count)) => {
                let count = count.parse().map_err(|_| format!("`{count}` is no number of centres"))?;
                self.centres = Some(count);
            }
            _ => {}
        }
        Ok(())
    }
}

fn centre(line: &str) -> Result<Centre, String> {
    let fields: Vec<&str> = line.split('\t').collect();
    let [
        department,
        commune,
        finess,
        kind,
        audience,
        name,
        street,
        insee,
        postal_code,
        latitude,
        longitude,
        telephone,
        switchboard,
        updated,
    ] = fields[..]
    else {
        return Err(format!("this line has {} fields, and {} are needed", fields.len(), COLUMNS.len()));
    };
    let wrong = |what: &str, text: &str| format!("`{text}` is no {what}");
    let finess: Finess = finess.parse().map_err(|_| wrong("FINESS number", finess))?;
    let kind = CentreKind::ALL.into_iter().find(|known| known.word() == kind).ok_or_else(|| wrong("kind", kind))?;
    let audience =
        Audience::ALL.into_iter().find(|known| known.word() == audience).ok_or_else(|| wrong("audience", audience))?;
    let (postal_code, cedex) =
        postal_code.strip_suffix(" CEDEX").map_or((postal_code, false), |postal_code| (postal_code, true));
    let is_code = postal_code.len() == 5 && postal_code.bytes().all(|c| c.is_ascii_digit());
    if !is_code {
        return Err(wrong("postal code", postal_code));
    }
    for (what, text) in [("département", department), ("commune", commune), ("name", name), ("INSEE code", insee)] {
        if text.is_empty() {
            return Err(format!("the {what} is missing"));
        }
    }
    let number = |text: &str| match text {
        "" => Ok(None),
        text => text.parse::<E164>().map(Some).map_err(|_| wrong("telephone number, as in +33199000001", text)),
    };
    Ok(Centre {
        finess,
        kind,
        audience,
        name: name.to_owned(),
        street: (!street.is_empty()).then(|| street.to_owned()),
        commune: commune.to_owned(),
        insee: insee.to_owned(),
        postal_code: postal_code.to_owned(),
        department: department.to_owned(),
        point: point(latitude, longitude)?,
        telephone: number(telephone)?,
        switchboard: number(switchboard)?,
        more: More {
            cedex,
            updated: match updated {
                "" => None,
                day => Some(day.parse().map_err(|_| wrong("day, as in 2026-11-02", day))?),
            },
            ..More::default()
        },
    })
}

fn point(latitude: &str, longitude: &str) -> Result<Option<Point>, String> {
    if latitude.is_empty() && longitude.is_empty() {
        return Ok(None);
    }
    let degrees = |text: &str, most: f64| {
        let value = text.parse::<f64>().ok().filter(|value| value.is_finite() && value.abs() <= most);
        value.ok_or_else(|| format!("`{text}` are no degrees"))
    };
    Ok(Some(Point { latitude: degrees(latitude, 90.0)?, longitude: degrees(longitude, 180.0)? }))
}

#[cfg(test)]
pub(super) mod tests;
