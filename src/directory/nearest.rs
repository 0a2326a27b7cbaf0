//! Which centres are nearest to a caller, in the order in which they are told.
//!
//! First the centres of the caller's own commune, or of those of their postal code, then all others by distance alone; at the
//! same distance those whose audience is known, then by FINESS number. Nobody is sent across the sea.
//!
//! Whom a centre receives is often not known. Such a centre comes like the others ("demandez"): a near one that may have to
//! name another place helps more than a far one. Where ages differ, groups follow one another, each with own commune first:
//!
//! - adults: the CMPs for adults and those not known;
//! - 16 or 17: the CMPs for children and those not known, then the CMPs for adults, then the CMPPs;
//! - younger: the CMPs for children and those not known, then the CMPPs; never a CMP for adults.

#[cfg(test)]
mod invented;
#[cfg(test)]
mod tests;

use std::{collections::HashMap, ops::Range};

#[cfg(test)]
use super::More;
use super::{
    Audience, Centre, CentreKind, CommuneRef, Lookup, Point, PostalCodes, Precision, Reach,
    postal::{middle, pack},
    tree::{Best, Corner, Near, Tree, corner, squared},
};

/// For whom a centre is wanted.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Wanted {
    /// 18 or over.
    Adults,
    /// 16 or 17.
    Teen,
    /// Under 16.
    Children,
}

/// From where centres are looked for.
#[derive(Clone, Debug)]
pub struct Origin {
    reach: Reach,
    corner: Corner,
    /// The communes among which the caller's is, packed; empty if only the département is known.
    communes: Vec<u32>,
    departments: Vec<&'static str>,
    /// Whether distances can be told.
    measured: bool,
}

/// One centre that was found.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Found {
    /// Its position among the centres of the index.
    pub centre: usize,
    /// How far it is, where both places are known well enough.
    pub km: Option<f64>,
    /// It is in the caller's own commune, the only one that their postal code has.
    pub same_commune: bool,
    /// It is in another département than the caller.
    pub other_department: bool,
}

/// The groups of centres that are searched by themselves.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Group {
    AdultsOrUnknown,
    ChildrenOrUnknown,
    Adults,
    Cmpp,
}

/// What the index knows of a centre, in the order of the ranks.
#[derive(Clone, Debug)]
struct Entry {
    centre: u32,
    corner: Corner,
    commune: u32,
    department: &'static str,
    reach: Reach,
    measured: bool,
}

/// Centres, ready to be searched.
#[derive(Default, Debug)]
pub struct Index {
    entries: Vec<Entry>,
    trees: HashMap<(Reach, Group), Tree>,
    communes: HashMap<(u32, Group), Tree>,
    /// From the place where most of the people of a département live.
    departments: HashMap<(&'static str, Group), Vec<Near>>,
}

impl Wanted {
    fn groups(self) -> &'static [Group] {
        match self {
            Wanted::Adults => &[Group::AdultsOrUnknown],
            Wanted::Teen => &[Group::ChildrenOrUnknown, Group::Adults, Group::Cmpp],
            Wanted::Children => &[Group::ChildrenOrUnknown, Group::Cmpp],
        }
    }
}

impl Wanted {
    /// Whether a centre may be told at all.
    pub(super) fn takes(self, centre: &Centre) -> bool {
        groups_of(centre).iter().any(|group| self.groups().contains(group))
    }
}

fn groups_of(centre: &Centre) -> &'static [Group] {
    match (centre.kind, centre.audience) {
        (CentreKind::Cmp, Audience::Adults) => &[Group::AdultsOrUnknown, Group::Adults],
        (CentreKind::Cmp, Audience::Children) => &[Group::ChildrenOrUnknown],
        (CentreKind::Cmp, Audience::Unknown) => &[Group::AdultsOrUnknown, Group::ChildrenOrUnknown],
        // A CMPP is for children, unless its name says otherwise.
        (CentreKind::Cmpp, Audience::Children | Audience::Unknown) => &[Group::Cmpp],
        _ => &[],
    }
}

impl Origin {
    /// The caller's commune, or all those of their postal code, of which one or several départements were chosen.
    pub fn communes(communes: &[CommuneRef<'_>]) -> Option<Origin> {
        let first = communes.first()?;
        // Nobody lives on the middle between a city and a hamlet: people count, and a village has some.
        let people = communes.iter().map(|commune| (commune.point, f64::from(commune.hundreds.max(1))));
        let mut departments: Vec<_> = communes.iter().map(|commune| commune.department).collect();
        departments.dedup();
        Some(Origin {
            reach: PostalCodes::shipped().department(first.department)?.reach(),
            corner: corner(middle(people)?),
            communes: communes.iter().filter_map(|commune| pack(commune.insee)).collect(),
            departments,
            measured: communes.iter().any(|commune| commune.precision <= Precision::Code),
        })
    }

    /// A département, where nothing more is known: its own centres first, from where most of its people live. No distances.
    pub fn department(code: &str) -> Option<Origin> {
        let table = PostalCodes::shipped();
        let department = table.department(code)?;
        let corner = corner(table.middle_of(department.code)?);
        let departments = vec![department.code];
        Some(Origin { reach: department.reach(), corner, communes: Vec::new(), departments, measured: false })
    }
}

impl Index {
    /// Prepares the search. A centre without a place of its own stands where its commune is, or its postal code.
    pub fn new(centres: &[Centre]) -> Index {
        let mut order: Vec<usize> = (0..centres.len()).collect();
        let unknown = |at: usize| centres[at].audience == Audience::Unknown;
        order.sort_by_key(|at| (unknown(*at), centres[*at].finess, *at));
        let mut index = Index::default();
        let mut nodes: HashMap<(Reach, Group), Vec<(Corner, u32)>> = HashMap::new();
        let mut communes: HashMap<(u32, Group), Vec<(Corner, u32)>> = HashMap::new();
        for at in order {
            let centre = &centres[at];
            let groups = groups_of(centre);
            let Some(entry) = (!groups.is_empty()).then(|| entry(at, centre)).flatten() else { continue };
            let Ok(rank) = u32::try_from(index.entries.len()) else { break };
            for group in groups {
                nodes.entry((entry.reach, *group)).or_default().push((entry.corner, rank));
                communes.entry((entry.commune, *group)).or_default().push((entry.corner, rank));
                let near = Near { squared: 0.0, rank };
                index.departments.entry((entry.department, *group)).or_default().push(near);
            }
            index.entries.push(entry);
        }
        index.communes = communes.into_iter().map(|(key, nodes)| (key, Tree::new(nodes))).collect();
        index.trees = nodes.into_iter().map(|(key, nodes)| (key, Tree::new(nodes))).collect();
        for ((department, _), nears) in &mut index.departments {
            let Some(origin) = Origin::department(department) else { continue };
            for near in &mut *nears {
                near.squared = squared(&origin.corner, &index.entries[near.rank as usize].corner);
            }
            nears.sort_by(|a, b| a.squared.total_cmp(&b.squared).then(a.rank.cmp(&b.rank)));
        }
        index
    }

    /// The centres for a caller, in order: those of `page`, counted from 0. Fewer if there are no more.
    pub fn nearest(&self, origin: &Origin, wanted: Wanted, page: Range<usize>) -> Vec<Found> {
        let mut found = Vec::new();
        for group in wanted.groups() {
            let missing = page.end.saturating_sub(found.len());
            if missing > 0 {
                self.own(origin, *group, missing, &mut found);
            }
            let missing = page.end.saturating_sub(found.len());
            if missing > 0 {
                let mut best = Best::new(missing);
                if let Some(tree) = self.trees.get(&(origin.reach, *group)) {
                    tree.search(&origin.corner, &mut best, &|rank| !self.is_own(origin, rank));
                }
                found.extend(best.found.iter().map(|near| self.found(origin, *near)));
            }
        }
        found.drain(..page.start.min(found.len()));
        found
    }

    /// Those of the caller's commune, or of their département.
    fn own(&self, origin: &Origin, group: Group, limit: usize, found: &mut Vec<Found>) {
        let mut best = Best::new(limit);
        let own = origin.communes.iter().filter_map(|commune| self.communes.get(&(*commune, group)));
        for tree in own {
            tree.search(&origin.corner, &mut best, &|_| true);
        }
        if origin.communes.is_empty() {
            let own = origin.departments.iter().filter_map(|department| self.departments.get(&(*department, group)));
            best.found.extend(own.flatten().take(limit));
        }
        found.extend(best.found.iter().map(|near| self.found(origin, *near)));
    }

    /// What is told of the centre at this position of the list, if it can be reached from there.
    pub(super) fn found_at(&self, centre: usize, origin: &Origin) -> Option<Found> {
        let at =
            self.entries.iter().position(|entry| entry.centre as usize == centre && entry.reach == origin.reach)?;
        let squared = squared(&origin.corner, &self.entries[at].corner);
        Some(self.found(origin, Near { squared, rank: u32::try_from(at).ok()? }))
    }

    fn is_own(&self, origin: &Origin, rank: u32) -> bool {
        let entry = &self.entries[rank as usize];
        match &origin.communes[..] {
            [] => origin.departments.contains(&entry.department),
            communes => communes.contains(&entry.commune),
        }
    }

    fn found(&self, origin: &Origin, near: Near) -> Found {
        let entry = &self.entries[near.rank as usize];
        let is_own = origin.communes.contains(&entry.commune);
        // Of several communes with one postal code nobody knows which is the caller's: the name of the town tells enough.
        let is_sure = origin.communes.len() == 1;
        let measured = origin.measured && entry.measured && (is_sure || !is_own);
        Found {
            centre: entry.centre as usize,
            km: measured.then(|| Point::km_of_chord(near.squared.sqrt())),
            same_commune: is_own && is_sure,
            other_department: !origin.departments.contains(&entry.department),
        }
    }
}

/// A centre as it is searched. Paris, Lyon and Marseille are told apart by the postal code where the list has only the city.
fn entry(at: usize, centre: &Centre) -> Option<Entry> {
    let table = PostalCodes::shipped();
    let by_code = || match table.get(&centre.postal_code) {
        Lookup::Known(communes) => communes,
        Lookup::Unknown { .. } => Vec::new(),
    };
    let commune = table.commune(&centre.insee).or_else(|| match by_code()[..] {
        [one] => table.commune(one.insee),
        _ => None,
    });
    let named = commune.map(|commune| commune.department);
    let department = named.or_else(|| table.department(&centre.department).map(|department| department.code))?;
    let precise = |commune: CommuneRef<'_>| (commune.point, commune.precision <= Precision::Code);
    let place = centre.point.map(|point| (point, true)).or_else(|| commune.map(precise));
    let place = place.or_else(|| Some((middle(by_code().iter().map(|commune| (commune.point, 1.0)))?, true)));
    let (point, measured) = place.or_else(|| Some((table.middle_of(department)?, false)))?;
    Some(Entry {
        centre: u32::try_from(at).ok()?,
        corner: corner(point),
        commune: pack(commune.map_or(centre.insee.as_str(), |commune| commune.insee)).unwrap_or_default(),
        department,
        reach: table.department(department)?.reach(),
        measured,
    })
}
