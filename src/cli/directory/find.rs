//! `allo-cmp directory find`: what a caller would hear of the nearest centres, in order, with what the choice was made from.

use std::{io::Write, path::PathBuf, process::ExitCode};

use anyhow::{Context, anyhow, bail};
use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::{
    super::{line, print},
    table,
};
use crate::{
    call,
    config::Settings,
    directory::{Directory, Distance, Loaded, Lookup, Origin, PostalCodes, Wanted},
    engine::{Offer, Teller},
    http::{Clock, SystemClock},
};

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
    /// The language of the caller
    #[arg(long, value_name = "CODE", default_value = "fr")]
    lang: call::Lang,
    /// One JSON object per centre
    #[arg(long)]
    json: bool,
    /// The table; without it, the one of the setting directory.path
    #[arg(long, value_name = "TABLE")]
    table: Option<PathBuf>,
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
    pub(super) fn run(&self, settings: &Settings) -> anyhow::Result<ExitCode> {
        let path = table(self.table.as_ref(), settings, "--table")?;
        let loaded = Loaded::read(&path, settings.directory.corrections.as_deref())
            .map_err(|broken| anyhow!("the directory can't be loaded\n{}", broken.render(false)))?;
        let directory = Directory::new(loaded);
        let world = line::load(settings, SystemClock.now()).world;
        let world = world.context("the line has errors, so that nothing can be said: try `allo-cmp check`")?;
        if !world.langs.contains(&self.lang) {
            bail!("the line does not speak `{}`", self.lang);
        }
        let teller = Teller::new(&world, Some(self.lang)).context("no node of the line tells of centres")?;
        let mut text = Vec::new();
        self.write(&directory, &teller, &mut text)?;
        print(|out| out.write_all(&text))?;
        Ok(ExitCode::SUCCESS)
    }

    /// Writes what a caller would hear of these centres.
    fn write(&self, directory: &Directory, teller: &Teller<'_>, out: &mut impl Write) -> anyhow::Result<()> {
        let origin = self.origin()?;
        let (age, wanted) = match self.audience {
            Age::Adult => (call::Age::Adult, Wanted::Adults),
            Age::Teen => (call::Age::Teen, Wanted::Teen),
            Age::Child => (call::Age::Child, Wanted::Children),
        };
        let found = directory.nearest(&origin, Some(&self.code), wanted, 0..self.count);
        for (place, (centre, of)) in found.iter().enumerate() {
            let offer = Offer { centre, found: *of, age, place, is_last: place + 1 == found.len() };
            let said = teller.all(&offer, (directory.state, directory.is_example()));
            let said = said.iter().map(|speech| speech.written()).collect::<Vec<_>>().join(" ");
            if self.json {
                writeln!(out, "{}", object(&offer, &said))?;
            } else {
                writeln!(out, "{}. {said}", place + 1)?;
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

fn object(offer: &Offer<'_>, said: &str) -> Value {
    let Offer { centre, found, .. } = offer;
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
        "said": said,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        directory::{Audience, Centre, CentreKind, More, Point},
        engine::{self, Loaded},
    };

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
            more: More::default(),
        }
    }

    fn said(code: &str, json: bool) -> anyhow::Result<String> {
        said_in(call::Lang::FR, code, json)
    }

    fn said_in(lang: call::Lang, code: &str, json: bool) -> anyhow::Result<String> {
        let centres = [
            centre("930000024", "Montreuil", "93048", "93100", 0.05),
            centre("750000016", "Paris 11e arrondissement", "75111", "75011", 0.0),
        ];
        let mut out = Vec::new();
        let directory = Directory::of(jiff::civil::date(2026, 11, 2), centres.into());
        let world = Loaded::shipped(&engine::Settings::default()).world.unwrap();
        let teller = Teller::new(&world, Some(lang)).unwrap();
        let find = Find { code: code.to_owned(), audience: Age::Adult, count: 3, lang, json, table: None };
        find.write(&directory, &teller, &mut out)?;
        Ok(String::from_utf8(out)?)
    }

    #[test]
    fn centres_are_written_in_the_order_in_which_they_are_spoken() {
        let text = said("75011", false).unwrap();
        let lines: Vec<_> = text.lines().collect();
        assert!(
            lines[0].starts_with(
                "1. Centre médico-psychologique des Tilleuls, à Paris, onzième arrondissement. L'adresse : 12 rue Victor Hugo."
            ),
            "{text}"
        );
        assert!(lines[0].contains("Ce centre est dans votre commune. Il reçoit les adultes."), "{text}");
        assert!(lines[0].contains("Voici le numéro : 01 99 00 00 01. Nous répétons : 01 99 00 00 01."), "{text}");
        assert!(lines[1].contains("Ce centre est à 6 kilomètres environ."), "{text}");
        assert!(lines[1].contains("Il est dans un autre département : en Seine-Saint-Denis."), "{text}");
        assert!(lines[1].ends_with("Ces centres viennent de la liste de l'État du 2 novembre."), "{text}");
        let english = said_in(call::Lang::EN, "75011", false).unwrap();
        assert!(english.contains("The town: Montreuil. The address: 12 rue Victor Hugo."), "{english}");
        assert!(english.contains("another department: Seine-Saint-Denis."), "{english}");
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
                .starts_with("1. Centre médico-psychologique des Tilleuls, à Montreuil. L'adresse")
        );
        assert_eq!(said("2a", false).unwrap(), "no centre can be reached from there without crossing the sea\n");
    }
}
