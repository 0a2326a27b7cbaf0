//! From rows of a list to centres: one collector for all files and both kinds of list.

use std::{
    collections::{BTreeMap, HashMap},
    io::{self, BufRead},
};

use jiff::civil::Date;

use super::{
    Audience, Centre, CentreKind, Communes, Damage, Finess, More, Point, Summary,
    commune::{self, Codes, delivery},
    finess, finessplus,
    spell::{Said, Street, audience, name, place, street},
    summary::{Fault, Lack},
    telephone::{Unusable, telephone},
};
use crate::call::E164;

/// An establishment as a list writes it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row<'t> {
    pub(super) finess: Finess,
    /// Whom it belongs to.
    pub(super) owner: &'t str,
    pub(super) kind: CentreKind,
    pub(super) names: [&'t str; 3],
    pub(super) street: Street<'t>,
    /// Already ours, where the list has the commune's code of the statistics.
    pub(super) place: InList<'t>,
    /// `01440 VIRIAT`.
    pub(super) delivery: &'t str,
    pub(super) telephone: &'t str,
    pub(super) updated: &'t str,
    pub(super) point: Result<Point, Lack>,
}

/// How a list tells the commune.
#[derive(Clone, Copy, Debug)]
pub(super) enum InList<'t> {
    /// Département and three digits.
    Parted(&'t str, &'t str),
    /// The code of the statistics.
    Insee(&'t str),
}

/// The telephone of a hospital, for the centres that belong to the same house.
#[derive(Clone, Debug)]
struct Hospital {
    /// Psychiatric hospitals come first.
    rank: u8,
    finess: Finess,
    telephone: E164,
}

/// Reads lists, one after the other, and makes centres of them.
pub struct Import<'c> {
    communes: &'c dyn Communes,
    pub(super) summary: Summary,
    centres: BTreeMap<Finess, Kept>,
    hospitals: HashMap<String, Hospital>,
}

struct Kept {
    centre: Centre,
    owner: String,
    lacks: Vec<Lack>,
}

impl<'c> Import<'c> {
    /// An import that knows of communes what `communes` tells.
    pub fn new(communes: &'c dyn Communes) -> Import<'c> {
        Import { communes, summary: Summary::default(), centres: BTreeMap::new(), hospitals: HashMap::new() }
    }

    /// Reads one list, the stock file or the JSON. Whatever is in it, what can be used is kept, and the rest is counted; an
    /// error is one of reading.
    ///
    /// `progress` is told the bytes read, now and then.
    pub fn read(&mut self, mut list: impl BufRead, progress: &mut dyn FnMut(u64)) -> io::Result<()> {
        let is_json = {
            let begin = list.fill_buf()?;
            let begin = begin.strip_prefix(b"\xef\xbb\xbf").unwrap_or(begin);
            begin.iter().find(|byte| !byte.is_ascii_whitespace()).is_some_and(|byte| b"{[".contains(byte))
        };
        if is_json { finessplus::read(self, list, progress) } else { finess::read(self, list, progress) }
    }

    /// All centres, in the order of the table, and what came of them.
    pub fn finish(mut self) -> (Vec<Centre>, Summary) {
        let mut summary = self.summary;
        let mut centres: Vec<Centre> = Vec::with_capacity(self.centres.len());
        for (_, mut kept) in std::mem::take(&mut self.centres) {
            let switchboard = self.hospitals.get(&kept.owner).map(|hospital| hospital.telephone.clone());
            kept.centre.switchboard = switchboard.filter(|number| kept.centre.telephone.as_ref() != Some(number));
            kept.lacks.into_iter().for_each(|lack| summary.lack(lack));
            *summary.kept.entry((kept.centre.kind, kept.centre.audience)).or_default() += 1;
            centres.push(kept.centre);
        }
        if centres.is_empty() && !summary.damage.contains(&Damage::NotAList) {
            summary.damaged(Damage::NoCentres);
        }
        sort(&mut centres);
        (centres, summary)
    }

    /// The day of a list. Of several lists the oldest counts: all of it is at least as new.
    pub(super) fn dated(&mut self, day: &str) {
        if let Ok(day) = day.trim().parse::<Date>() {
            self.summary.state = Some(self.summary.state.map_or(day, |before| before.min(day)));
        }
    }

    /// Remembers the telephone of a hospital of `category`.
    pub(super) fn hospital(&mut self, owner: &str, finess: Finess, category: &str, number: &str) {
        let Some(rank) = hospital_rank(category.as_bytes()) else { return };
        let Ok(number) = telephone(number) else { return };
        let new = Hospital { rank, finess, telephone: number };
        let known = self.hospitals.get(owner);
        if !owner.is_empty() && known.is_none_or(|known| (new.rank, new.finess) < (known.rank, known.finess)) {
            self.hospitals.insert(owner.to_owned(), new);
        }
    }

    /// Makes a centre of a row.
    pub(super) fn row(&mut self, row: &Row<'_>, line: u64) {
        match self.centre(row) {
            Ok(kept) => {
                if let Some(before) = self.centres.insert(row.finess, kept) {
                    self.summary.twice.add(line);
                    self.keep_point(row.finess, &before.centre);
                }
            }
            Err(fault) => self.summary.fault(fault, line),
        }
    }

    /// A list without coordinates takes none away.
    fn keep_point(&mut self, finess: Finess, before: &Centre) {
        if let Some(kept) = self.centres.get_mut(&finess)
            && kept.centre.point.is_none()
            && before.point.is_some()
        {
            kept.centre.point = before.point;
            kept.lacks.retain(|lack| !matches!(lack, Lack::Place | Lack::Map | Lack::UnknownMap | Lack::Outside));
        }
    }

    fn centre(&self, row: &Row<'_>) -> Result<Kept, Fault> {
        let mut lacks = Vec::new();
        let delivered = delivery(row.delivery).ok_or(Fault::NoDelivery)?;
        let Codes { department, insee } = match row.place {
            InList::Parted(department, commune) => commune::codes(department, commune, delivered.postal_code),
            InList::Insee(insee) => commune::codes_of_insee(insee, delivered.postal_code),
        }
        .ok_or(Fault::NoCommune)?;
        // The name that tells most: the short one is cut at 38 letters, the long one sometimes leaves something out.
        let [short, long, _] = row.names.map(str::trim);
        let longest = if long.len() >= short.len() { long } else { short };
        if longest.is_empty() {
            return Err(Fault::NoName);
        }
        let (mut postal_code, mut cedex) = (delivered.postal_code.to_owned(), delivered.cedex);
        if cedex {
            match self.communes.postal_of_insee(&insee) {
                Some(right) => (postal_code, cedex) = (right, false),
                None => lacks.push(Lack::PostalCode),
            }
        }
        let commune = self.communes.name_of_insee(&insee).unwrap_or_else(|| place(delivered.commune));
        let telephone = match telephone(row.telephone) {
            Ok(number) => Some(number),
            Err(why) => {
                lacks.push(match why {
                    Unusable::Empty => Lack::Telephone,
                    Unusable::Odd => Lack::OddTelephone,
                    Unusable::Premium => Lack::PremiumTelephone,
                });
                None
            }
        };
        let street = street(&row.street);
        if street.is_none() {
            lacks.push(Lack::Street);
        }
        let point = row.point.map_err(|lack| lacks.push(lack)).ok();
        let centre = Centre {
            finess: row.finess,
            kind: row.kind,
            audience: audience_of(row),
            name: name(&Said { kind: row.kind, name: longest, commune: &commune }),
            street,
            commune,
            insee,
            postal_code,
            department,
            point,
            telephone,
            switchboard: None,
            more: More { cedex, updated: row.updated.trim().parse().ok(), ..More::default() },
        };
        Ok(Kept { centre, owner: row.owner.to_owned(), lacks })
    }
}

fn audience_of(row: &Row<'_>) -> Audience {
    audience(row.kind, &row.names)
}

/// The order of the table: it changes little from one list to the next.
pub(super) fn sort(centres: &mut [Centre]) {
    centres.sort_by(|a, b| (&a.department, &a.commune, a.finess).cmp(&(&b.department, &b.commune, b.finess)));
}

/// What a category is, of those that we keep.
///
/// The codes 156, 189 and 425 are known. Those of the CSAPA and of the maisons des adolescents have not been verified: the
/// words of the label tell them.
pub(super) fn kind_of(code: &[u8], label: &[u8]) -> Option<CentreKind> {
    match code {
        b"156" => return Some(CentreKind::Cmp),
        b"189" => return Some(CentreKind::Cmpp),
        b"425" => return Some(CentreKind::Cattp),
        _ => {}
    }
    // Most labels are neither: look at one letter before all.
    if !label.iter().any(|byte| b"aA".contains(byte)) {
        return None;
    }
    let letters: Vec<u8> = label.iter().filter(|byte| byte.is_ascii_alphabetic()).map(u8::to_ascii_lowercase).collect();
    let holds = |word: &[u8]| letters.windows(word.len()).any(|here| here == word);
    if holds(b"csapa") || holds(b"preventionenaddictologie") || holds(b"prventionenaddictologie") {
        return Some(CentreKind::Csapa);
    }
    (holds(b"maisondesadolescents") || holds(b"maisonsdesadolescents")).then_some(CentreKind::Mda)
}

/// Hospitals whose switchboard can lead to a centre of the same house; the lowest rank is asked first.
pub(super) fn hospital_rank(category: &[u8]) -> Option<u8> {
    [b"292", b"161", b"355", b"101"].iter().position(|code| *code == category).and_then(|at| u8::try_from(at).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn categories_are_told_by_code_or_by_their_words() {
        let kind = |code: &str, label: &str| kind_of(code.as_bytes(), label.as_bytes());
        assert_eq!(kind("156", ""), Some(CentreKind::Cmp));
        assert_eq!(kind("189", "x"), Some(CentreKind::Cmpp));
        assert_eq!(kind("425", ""), Some(CentreKind::Cattp));
        let csapa = "Centre soins accompagnement prévention en addictologie (CSAPA)";
        assert_eq!(kind("197", csapa), Some(CentreKind::Csapa));
        assert_eq!(
            kind("197", "Centre de soins, d'accompagnement et de prévention en addictologie"),
            Some(CentreKind::Csapa)
        );
        assert_eq!(kind("999", "Maison des Adolescents"), Some(CentreKind::Mda));
        for other in ["Pharmacie d'Officine", "Centre Hospitalier (C.H.)", "", "Maison de santé"] {
            assert_eq!(kind("620", other), None, "{other}");
        }
        assert!(hospital_rank(b"292") < hospital_rank(b"355"));
        assert_eq!(hospital_rank(b"620"), None);
    }
}
