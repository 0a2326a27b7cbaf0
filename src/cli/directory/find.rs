//! `allo-cmp directory find`: the centres that a caller would hear, in order, with what the choice was made from.

use std::io::{self, Write};

use anyhow::bail;
use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use crate::directory::{Centre, Distance, Found, Index, Lookup, Origin, PostalCodes, Wanted};

#[derive(Args, Debug)]
pub(super) struct Find {
    /// The postal code, as 75011; or a département, as 75, 2A, 974
    #[arg(value_name = "CODE")]
    code: String,
    /// For whom
    #[arg(long, value_enum, default_value = "adult")]
    audience: Age,
    /// How many centres
    #[arg(long, value_name = "N", default_value = "3")]
    count: usize,
    /// One JSON object per centre
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, ValueEnum, Debug)]
enum Age {
    /// 18 or over
    Adult,
    /// 16 or 17
    Teen,
    /// Under 16
    Child,
}

impl Find {
    /// Writes what a caller would hear of these centres.
    pub(super) fn write(&self, centres: &[Centre], out: &mut impl Write) -> anyhow::Result<()> {
        let origin = self.origin()?;
        let wanted = match self.audience {
            Age::Adult => Wanted::Adults,
            Age::Teen => Wanted::Teen,
            Age::Child => Wanted::Children,
        };
        let found = Index::new(centres).nearest(&origin, wanted, 0..self.count);
        for (place, found) in found.iter().enumerate() {
            let centre = &centres[found.centre];
            if self.json {
                writeln!(out, "{}", object(centre, found))?;
            } else {
                text(out, place + 1, centre, found)?;
            }
        }
        if found.is_empty() && !self.json {
            writeln!(out, "no centre can be reached from there without crossing the sea")?;
        }
        Ok(())
    }

    fn origin(&self) -> anyhow::Result<Origin> {
        let code = self.code.to_ascii_uppercase();
        if let Some(origin) = Origin::department(&code) {
            return Ok(origin);
        }
        match PostalCodes::shipped().get(&code) {
            Lookup::Known(communes) => {
                Origin::communes(&communes).ok_or_else(|| anyhow::anyhow!("{code} is of no département"))
            }
            Lookup::Unknown { department: Some(department) } => {
                bail!(
                    "no commune has the postal code {code}: a caller is asked for their département (try {department})"
                )
            }
            Lookup::Unknown { department: None } => bail!("{code} is neither a postal code nor a département"),
        }
    }
}

fn object(centre: &Centre, found: &Found) -> Value {
    let distance = Distance::of(found.km, found.same_commune);
    json!({
        "finess": centre.finess.to_string(),
        "kind": centre.kind,
        "audience": centre.audience,
        "name": centre.name,
        "street": centre.street,
        "commune": centre.commune,
        "insee": centre.insee,
        "postal_code": centre.postal_code,
        "department": centre.department,
        "telephone": centre.telephone.as_ref().map(|number| number.as_str()),
        "switchboard": centre.switchboard.as_ref().map(|number| number.as_str()),
        "lat": centre.point.map(|point| point.latitude),
        "lon": centre.point.map(|point| point.longitude),
        "km": found.km.map(|km| (km * 1_000.0).round() / 1_000.0),
        "distance": distance.key(),
        "kilometres": distance.kilometres(),
        "same_commune": found.same_commune,
        "other_department": found.other_department,
    })
}

fn text(out: &mut impl Write, place: usize, centre: &Centre, found: &Found) -> io::Result<()> {
    let number = centre.telephone.as_ref().or(centre.switchboard.as_ref());
    write!(out, "{place}. {}", centre.name)?;
    for part in centre.street.iter().chain([&centre.commune]) {
        write!(out, ", {part}")?;
    }
    match Distance::of(found.km, found.same_commune) {
        Distance::SameCommune => write!(out, " (in the same commune)")?,
        Distance::UnderOne => write!(out, " (less than 1 km)")?,
        Distance::One => write!(out, " (about 1 km)")?,
        Distance::About(km) => write!(out, " (about {km} km)")?,
        Distance::Unknown => {}
    }
    if found.other_department {
        let department = PostalCodes::shipped().department(&centre.department);
        let name = department.map_or(centre.department.as_str(), |department| department.name);
        write!(out, ", another département: {name}")?;
    }
    writeln!(out, "; {}", number.map_or("no telephone", |number| number.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::{Audience, CentreKind, Point};

    fn centre(finess: &str, commune: &str, insee: &str, postal_code: &str, north: f64) -> Centre {
        Centre {
            finess: finess.parse().unwrap(),
            kind: CentreKind::Cmp,
            audience: Audience::Adults,
            name: "Centre médico-psychologique des Tilleuls".to_owned(),
            street: Some("12 rue Victor Hugo".to_owned()),
            commune: commune.to_owned(),
            insee: insee.to_owned(),
            postal_code: postal_code.to_owned(),
            department: postal_code[..2].to_owned(),
            point: Some(Point { latitude: 48.857 + north, longitude: 2.38 }),
            telephone: Some("+33199000001".parse().unwrap()),
            switchboard: None,
        }
    }

    fn said(code: &str, json: bool) -> anyhow::Result<String> {
        let centres = [
            centre("930000024", "Montreuil", "93048", "93100", 0.05),
            centre("750000016", "Paris 11e arrondissement", "75111", "75011", 0.0),
        ];
        let mut out = Vec::new();
        Find { code: code.to_owned(), audience: Age::Adult, count: 3, json }.write(&centres, &mut out)?;
        Ok(String::from_utf8(out)?)
    }

    #[test]
    fn centres_are_written_in_the_order_in_which_they_are_spoken() {
        let text = said("75011", false).unwrap();
        let lines: Vec<_> = text.lines().collect();
        assert!(
            lines[0].starts_with("1. Centre médico-psychologique des Tilleuls, 12 rue Victor Hugo, Paris"),
            "{text}"
        );
        assert!(lines[0].ends_with("(in the same commune); +33199000001"), "{text}");
        assert!(lines[1].contains("Montreuil (about 6 km), another département: Seine-Saint-Denis"), "{text}");
    }

    #[test]
    fn json_has_one_object_a_line_with_place_and_distance() {
        let text = said("75011", true).unwrap();
        let objects: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(
            (&objects[0]["lat"], &objects[0]["lon"], &objects[0]["km"]),
            (&json!(48.857), &json!(2.38), &json!(0.0))
        );
        assert_eq!((&objects[1]["kilometres"], &objects[1]["other_department"]), (&json!(6), &json!(true)));
    }

    #[test]
    fn a_code_that_is_not_known_is_said_and_a_departement_is_taken() {
        assert!(said("75999", false).unwrap_err().to_string().contains("try 75"));
        assert!(said("00000", false).unwrap_err().to_string().contains("neither"));
        assert!(
            said("93", false)
                .unwrap()
                .starts_with("1. Centre médico-psychologique des Tilleuls, 12 rue Victor Hugo, Montreuil;")
        );
        assert_eq!(said("2a", false).unwrap(), "no centre can be reached from there without crossing the sea\n");
    }
}
