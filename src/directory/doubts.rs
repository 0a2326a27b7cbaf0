//! Entries of the directory that someone should look at: what callers would hear may be of no use.

use std::{collections::BTreeMap, fmt};

use super::{Centre, CentreKind, Communes};

/// Farther from its commune than this, a centre is somewhere else, or its commune is.
const FAR_KM: f64 = 30.0;

/// What is doubtful.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Doubt<'c> {
    /// Nobody can be called: no telephone, and no switchboard of a hospital.
    NoNumber(&'c Centre),
    /// Only the switchboard of its hospital is known.
    SwitchboardOnly(&'c Centre),
    /// Another CMP has the same number.
    SameNumber(&'c Centre, &'c Centre),
    /// Its place is not known.
    NoPoint(&'c Centre),
    /// Its place lies so many kilometres from its commune.
    Far(&'c Centre, f64),
    /// Its postal code is that of a CEDEX.
    Cedex(&'c Centre),
}

impl Doubt<'_> {
    /// The centre that it is about.
    pub fn centre(&self) -> &Centre {
        match self {
            Doubt::NoNumber(centre)
            | Doubt::SwitchboardOnly(centre)
            | Doubt::SameNumber(centre, _)
            | Doubt::NoPoint(centre)
            | Doubt::Far(centre, _)
            | Doubt::Cedex(centre) => centre,
        }
    }

    /// A short stable name.
    pub fn word(&self) -> &'static str {
        match self {
            Doubt::NoNumber(_) => "no-number",
            Doubt::SwitchboardOnly(_) => "switchboard-only",
            Doubt::SameNumber(..) => "same-number",
            Doubt::NoPoint(_) => "no-place",
            Doubt::Far(..) => "far-from-its-commune",
            Doubt::Cedex(_) => "cedex",
        }
    }
}

impl fmt::Display for Doubt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Doubt::NoNumber(_) => f.write_str("no telephone, and no hospital's switchboard"),
            Doubt::SwitchboardOnly(_) => f.write_str("no telephone: only its hospital's switchboard"),
            Doubt::SameNumber(_, other) => write!(f, "the same telephone as {} ({})", other.finess, other.name),
            Doubt::NoPoint(_) => f.write_str("its place is not known"),
            Doubt::Far(_, km) => write!(f, "its place is {km:.0} km from its commune"),
            Doubt::Cedex(_) => f.write_str("its postal code is that of a CEDEX"),
        }
    }
}

/// All doubts, in the order of the centres.
pub fn doubts<'c>(centres: &'c [Centre], communes: &dyn Communes) -> Vec<Doubt<'c>> {
    let mut first_with: BTreeMap<&str, &Centre> = BTreeMap::new();
    let mut found = Vec::new();
    for centre in centres {
        match (&centre.telephone, &centre.switchboard) {
            (None, None) => found.push(Doubt::NoNumber(centre)),
            (None, Some(_)) => found.push(Doubt::SwitchboardOnly(centre)),
            _ => {}
        }
        // A CMP and the day centre in the same house share a number rightly.
        if let Some(number) = centre.telephone.as_ref().filter(|_| centre.kind == CentreKind::Cmp) {
            match first_with.get(number.as_str()) {
                Some(other) => found.push(Doubt::SameNumber(centre, other)),
                None => drop(first_with.insert(number.as_str(), centre)),
            }
        }
        match (centre.point, communes.point_of_insee(&centre.insee)) {
            (None, _) => found.push(Doubt::NoPoint(centre)),
            (Some(point), Some(commune)) if point.km_to(commune) > FAR_KM => {
                found.push(Doubt::Far(centre, point.km_to(commune)));
            }
            _ => {}
        }
        if centre.more.cedex {
            found.push(Doubt::Cedex(centre));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::{Point, table::tests::centre};

    /// One commune, in Paris.
    struct Paris;

    impl Communes for Paris {
        fn postal_of_insee(&self, _: &str) -> Option<String> {
            None
        }

        fn name_of_insee(&self, _: &str) -> Option<String> {
            None
        }

        fn point_of_insee(&self, _: &str) -> Option<Point> {
            Some(Point { latitude: 48.8566, longitude: 2.3522 })
        }
    }

    #[test]
    fn each_doubt_is_found_once() {
        let near = Point { latitude: 48.9, longitude: 2.3 };
        let sound = Centre { point: Some(near), ..centre("010000001") };
        let number = |number: &str| Some(number.parse().unwrap());
        let centres = [
            sound.clone(),
            Centre { finess: "010000002".parse().unwrap(), ..sound.clone() },
            Centre { finess: "010000003".parse().unwrap(), kind: CentreKind::Cattp, ..sound.clone() },
            Centre { telephone: None, switchboard: None, ..sound.clone() },
            Centre { telephone: None, switchboard: number("+33199000007"), ..sound.clone() },
            Centre { telephone: number("+33199000008"), point: None, ..sound.clone() },
            Centre {
                telephone: number("+33199000009"),
                point: Some(Point { latitude: 46.2, longitude: 5.2 }),
                ..sound.clone()
            },
            Centre {
                telephone: number("+33199000010"),
                more: crate::directory::More { cedex: true, ..Default::default() },
                ..sound
            },
        ];
        let words: Vec<&str> = doubts(&centres, &Paris).iter().map(Doubt::word).collect();
        assert_eq!(
            words,
            ["same-number", "no-number", "switchboard-only", "no-place", "far-from-its-commune", "cedex"]
        );
        assert!(doubts(&centres[..1], &Paris).is_empty());
        let same = doubts(&centres, &Paris)[0].to_string();
        assert_eq!(same, "the same telephone as 010000001 (Centre médico-psychologique de Viriat)");
    }
}
