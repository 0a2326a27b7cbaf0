//! Makes the table of postal codes from open data: communes with their codes, and where places are.
//!
//! Places come by the number of the commune (`insee,latitude,longitude`), or as GeoNames writes them, by name and region:
//! then a name is believed where the number of people fits and the place is near the others of its postal code.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fmt::Write,
};

use super::{
    Precision, departments,
    fold::{fold, region},
    number,
};
use crate::directory::Point;

/// Communes with one postal code are no further from each other than this.
const WIDE_KM: f64 = 40.0;

const HEAD: &str = "\
# Postal codes of France and the communes that each of them stands for, made by `allo-cmp directory postal-codes`.
# README.md beside this file says from what, under which licences, and what the columns are.
";

/// A table, and how many communes have a place of each precision.
#[derive(Debug)]
pub struct MadeOf {
    /// The table as it is read.
    pub text: String,
    /// How many communes: exact, from the code, from codes around, from the département.
    pub communes: [usize; 4],
}

struct Commune<'f> {
    insee: &'f str,
    name: &'f str,
    department: &'static str,
    people: u32,
    codes: BTreeSet<u32>,
    place: Option<(Point, Precision)>,
}

struct Place {
    point: Point,
    people: u32,
}

/// Makes the table. `communes` has a line `code_postal,code_insee,commune,departement,population,...` each.
pub fn make(communes: &str, points: &str) -> Result<MadeOf, String> {
    let mut all = read_communes(communes)?;
    let head = points.lines().next().unwrap_or_default();
    match head.split(',').collect::<Vec<_>>()[..] {
        ["geonameid", ..] => by_name(&mut all, points),
        ["insee" | "code_insee", _, _, ..] => by_number(&mut all, points),
        _ => return Err("the head of the points is neither `insee,latitude,longitude` nor that of GeoNames".into()),
    }
    guess(&mut all)?;
    Ok(write(&all))
}

fn read_communes(text: &str) -> Result<Vec<Commune<'_>>, String> {
    let mut all: BTreeMap<&str, Commune<'_>> = BTreeMap::new();
    let mut split_cities: Vec<(u32, &str)> = Vec::new();
    for (at, line) in text.lines().enumerate().skip(1) {
        let wrong = || format!("line {} of the communes can't be read: {line}", at + 1);
        let [code, insee, name, _, people, ..] = line.split(',').collect::<Vec<_>>()[..] else { return Err(wrong()) };
        let code = number(code).ok_or_else(wrong)?;
        // Where there are arrondissements, the city itself would only be one more name for each of them.
        if matches!(insee, "75056" | "69123" | "13055") {
            split_cities.push((code, insee));
            continue;
        }
        let department = departments::of_commune(insee).ok_or_else(wrong)?;
        let people = people.parse().unwrap_or_default();
        let codes = BTreeSet::new();
        let commune = Commune { insee, name, department, people, codes, place: None };
        all.entry(insee).or_insert(commune).codes.insert(code);
    }
    for (code, insee) in split_cities {
        if !all.values().any(|commune| commune.codes.contains(&code)) {
            return Err(format!("{code:05} is of {insee}, which is only known by its arrondissements"));
        }
    }
    let (monaco, place) = (Point { latitude: 43.738, longitude: 7.424 }, Precision::Exact);
    let codes = BTreeSet::from([98_000]);
    let place = Some((monaco, place));
    all.entry("99138").or_insert(Commune {
        insee: "99138",
        name: "Monaco",
        department: "980",
        people: 38_400,
        codes,
        place,
    });
    Ok(all.into_values().collect())
}

fn by_number(all: &mut [Commune<'_>], points: &str) {
    let lines = points.lines().skip(1).filter_map(|line| {
        let mut fields = line.split(',');
        let insee = fields.next()?;
        let (latitude, longitude) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
        Some((insee, Point { latitude, longitude }))
    });
    let points: HashMap<&str, Point> = lines.collect();
    for commune in all {
        commune.place = points.get(commune.insee).map(|point| (*point, Precision::Exact)).or(commune.place);
    }
}

fn by_name(all: &mut [Commune<'_>], points: &str) {
    let mut places: HashMap<(String, String), Vec<Place>> = HashMap::new();
    for line in points.lines().skip(1) {
        let fields: Vec<_> = line.split(',').collect();
        let [_, name, country, admin, latitude, longitude, people] = fields[..] else { continue };
        let (Ok(latitude), Ok(longitude)) = (latitude.parse(), longitude.parse()) else { continue };
        let region = if country == "FR" { admin } else { country };
        let place = Place { point: Point { latitude, longitude }, people: people.parse().unwrap_or_default() };
        places.entry((region.to_owned(), fold(name))).or_default().push(place);
    }
    let mut names: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
    for (at, commune) in all.iter().enumerate() {
        names.entry((region(commune.department).to_owned(), fold(commune.name))).or_default().push(at);
    }
    for (name, communes) in &names {
        let Some(places) = places.get(name) else { continue };
        // The best pairs first: each commune one place, each place one commune.
        let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
        for commune in communes {
            for (at, place) in places.iter().enumerate() {
                let alike = if place.people == 0 { 0.4 } else { unlike(all[*commune].people, place.people) };
                let believed = if communes.len() == 1 && places.len() == 1 { 0.7 } else { 0.3 };
                pairs.extend((alike < believed).then_some((alike, *commune, at)));
            }
        }
        pairs.sort_by(|a, b| a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal));
        let mut taken = BTreeSet::new();
        for (_, commune, place) in pairs {
            if all[commune].place.is_none() && taken.insert(place) {
                all[commune].place = Some((places[place].point, Precision::Exact));
            }
        }
    }
    forget_strays(all);
    // What the numbers of people could not tell, the others of the postal code can.
    for (at, middle) in middles(all) {
        let commune = &all[at];
        let name = (region(commune.department).to_owned(), fold(commune.name));
        let near = places.get(&name).into_iter().flatten().filter(|place| place.point.km_to(middle) < WIDE_KM / 2.0);
        if let [one] = near.collect::<Vec<_>>()[..] {
            all[at].place = Some((one.point, Precision::Exact));
        }
    }
    // One small island may bear another name than its town.
    let found: BTreeSet<&str> =
        all.iter().filter(|commune| commune.place.is_some()).map(|commune| commune.department).collect();
    for commune in all.iter_mut().filter(|commune| !found.contains(commune.department)) {
        let here = places.iter().filter(|((place, _), _)| place == region(commune.department));
        let here = here.flat_map(|(_, places)| places).map(|place| (place.point, f64::from(place.people)));
        commune.place = middle(here).map(|point| (point, Precision::Around));
    }
}

/// How far apart two numbers of people are, whichever is larger.
fn unlike(one: u32, other: u32) -> f64 {
    ((f64::from(one) + 50.0) / (f64::from(other) + 50.0)).ln().abs()
}

/// A place that is far from all others with its postal codes bears the same name by chance.
fn forget_strays(all: &mut [Commune<'_>]) {
    let by_code = by_code(all);
    let mut strays = Vec::new();
    for (at, commune) in all.iter().enumerate() {
        let Some((point, _)) = commune.place else { continue };
        let mates = commune.codes.iter().flat_map(|code| &by_code[code]).filter(|mate| **mate != at);
        let away = mates.filter_map(|mate| Some(all[*mate].place?.0.km_to(point)));
        let nearest = away.fold(f64::INFINITY, f64::min);
        // Overseas one code may be for islands far from each other.
        if nearest.is_finite() && nearest > WIDE_KM && commune.department.len() == 2 {
            strays.push(at);
        }
    }
    // Of two that are far from each other it is the smaller one that is wrong.
    for at in strays {
        let mates = all[at].codes.iter().flat_map(|code| &by_code[code]);
        if mates.clone().any(|mate| all[*mate].place.is_some() && all[*mate].people > all[at].people) {
            all[at].place = None;
        }
    }
}

/// Those without a place, and the middle of the places with their codes.
fn middles(all: &[Commune<'_>]) -> Vec<(usize, Point)> {
    let by_code = by_code(all);
    let without = all.iter().enumerate().filter(|(_, commune)| commune.place.is_none());
    let middle = |commune: &Commune<'_>| {
        middle(commune.codes.iter().flat_map(|code| &by_code[code]).filter_map(|mate| {
            let mate = &all[*mate];
            mate.place.filter(|_| mate.department == commune.department).map(|(point, _)| (point, 1.0))
        }))
    };
    without.filter_map(|(at, commune)| Some((at, middle(commune)?))).collect()
}

fn by_code(all: &[Commune<'_>]) -> BTreeMap<u32, Vec<usize>> {
    let mut by_code: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (at, commune) in all.iter().enumerate() {
        for code in &commune.codes {
            by_code.entry(*code).or_default().push(at);
        }
    }
    by_code
}

/// Gives a place to those that have none yet, as well as can be.
fn guess(all: &mut [Commune<'_>]) -> Result<(), String> {
    for (at, middle) in middles(all) {
        all[at].place = Some((middle, Precision::Code));
    }
    let mut known: HashMap<&str, Vec<(u32, Point, u32)>> = HashMap::new();
    for commune in &*all {
        let Some((point, _)) = commune.place else { continue };
        let codes = commune.codes.iter().map(|code| (*code, point, commune.people));
        known.entry(commune.department).or_default().extend(codes);
    }
    for commune in all.iter_mut().filter(|commune| commune.place.is_none()) {
        let empty = Vec::new();
        let known = known.get(commune.department).unwrap_or(&empty);
        let away = |code: u32| commune.codes.iter().map(|own| own.abs_diff(code)).min().unwrap_or(u32::MAX);
        let nearest = known.iter().map(|(code, ..)| away(*code)).min();
        let around = known.iter().filter(|(code, ..)| Some(away(*code)) == nearest).map(|(_, point, _)| (*point, 1.0));
        // Codes a hundred apart are at two ends of the département.
        commune.place = if nearest.is_some_and(|away| away < 100) {
            middle(around).map(|point| (point, Precision::Around))
        } else {
            middle(known.iter().map(|(_, point, people)| (*point, f64::from(*people))))
                .map(|point| (point, Precision::Department))
        };
    }
    // Nobody lives there, or nothing is known of the whole territory.
    for commune in all.iter_mut().filter(|commune| commune.place.is_none()) {
        let point = match commune.department {
            "989" => Point { latitude: 10.302, longitude: -109.217 },
            department => return Err(format!("no place is known in the whole of {department}")),
        };
        commune.place = Some((point, Precision::Department));
    }
    Ok(())
}

/// The middle of places, each with its weight.
pub(in crate::directory) fn middle(places: impl Iterator<Item = (Point, f64)>) -> Option<Point> {
    let (mut north, mut east, mut weight) = (0.0, 0.0, 0.0);
    for (point, one) in places {
        north += point.latitude * one;
        east += point.longitude * one;
        weight += one;
    }
    (weight > 0.0).then(|| Point { latitude: north / weight, longitude: east / weight })
}

fn write(all: &[Commune<'_>]) -> MadeOf {
    let mut text = HEAD.to_owned();
    let mut counts = [0; 4];
    for (code, mut communes) in by_code(all) {
        communes.sort_by_key(|at| (std::cmp::Reverse(all[*at].people), all[*at].insee));
        for (place, at) in communes.into_iter().enumerate() {
            let commune = &all[at];
            let Some((point, precision)) = commune.place else { continue };
            let [latitude, longitude] = [point.latitude, point.longitude].map(|degrees| (degrees * 1_000.0).round());
            let name = commune.name.replace(" Arrondissement", " arrondissement");
            let sign = ["", "\t~", "\t?", "\t!"][precision as usize];
            if place == 0 {
                let _ = write!(text, "{code:05}");
            }
            let hundreds = commune.people.div_ceil(100);
            let _ = writeln!(text, "\t{}\t{name}\t{hundreds}\t{latitude}\t{longitude}{sign}", commune.insee);
            counts[precision as usize] += usize::from(commune.codes.first() == Some(&code));
        }
    }
    MadeOf { text, communes: counts }
}
