//! What is promised of the postal codes: every one, and the odd ones by name.

use std::collections::BTreeSet;

use super::*;

fn known(code: &str) -> Vec<CommuneRef<'static>> {
    match PostalCodes::shipped().get(code) {
        Lookup::Known(communes) => communes,
        unknown => panic!("{code}: {unknown:?}"),
    }
}

fn departments_of(code: &str) -> BTreeSet<&'static str> {
    known(code).iter().map(|commune| commune.department).collect()
}

#[test]
fn every_code_is_found_and_every_commune_is_in_a_departement_and_in_france() {
    let table = PostalCodes::shipped();
    let codes: Vec<_> = table.codes().collect();
    assert_eq!(codes.len(), 6_311, "those of the open data, and Monaco");
    assert!(codes.is_sorted());
    let mut lines = 0;
    for code in &codes {
        let communes = known(code);
        assert!(!communes.is_empty(), "{code}");
        assert!(communes.is_sorted_by(|a, b| a.hundreds >= b.hundreds), "{code}");
        for commune in communes {
            lines += 1;
            let department = table.department(commune.department).unwrap();
            let Point { latitude, longitude } = commune.point;
            let there = match department.reach() {
                Reach::Mainland => (42.3..51.1).contains(&latitude) && (-5.2..8.3).contains(&longitude),
                Reach::Corsica => (41.3..43.1).contains(&latitude) && (8.5..9.6).contains(&longitude),
                Reach::Overseas(_) => !(40.0..46.0).contains(&latitude),
            };
            assert!(there, "{code} {commune:?}");
            assert_eq!(table.commune(commune.insee).unwrap().name, commune.name);
        }
    }
    assert_eq!(lines, table.communes().count());
    assert!(PostalCodes::shipped().text.len() < 1_500_000);
}

#[test]
fn a_code_says_its_communes_those_with_most_people_first() {
    let bourg = known("01000");
    assert_eq!(
        bourg.iter().map(|commune| commune.name).collect::<Vec<_>>(),
        ["Bourg-en-Bresse", "Saint-Denis-lès-Bourg"]
    );
    assert_eq!((bourg[0].insee, bourg[0].department, bourg[0].precision), ("01053", "01", Precision::Exact));
    assert!(bourg[0].point.km_to(Point { latitude: 46.205, longitude: 5.226 }) < 1.0);
}

#[test]
fn corsica_overseas_and_monaco() {
    for (code, department) in [
        ("20000", "2A"),
        ("20200", "2B"),
        ("97110", "971"),
        ("97200", "972"),
        ("97300", "973"),
        ("97400", "974"),
        ("97500", "975"),
        ("97600", "976"),
        ("97133", "977"),
        ("97150", "978"),
        ("98600", "986"),
        ("98714", "987"),
        ("98800", "988"),
        ("98000", "980"),
        ("94390", "91"),
    ] {
        assert_eq!(departments_of(code), [department].into(), "{code}");
    }
    let corsica: BTreeSet<_> = PostalCodes::shipped().codes().filter(|code| code.starts_with("20")).collect();
    assert_eq!(corsica.iter().flat_map(|code| departments_of(code)).collect::<BTreeSet<_>>(), ["2A", "2B"].into());
}

#[test]
fn the_codes_of_two_departements() {
    let codes = PostalCodes::shipped().codes().filter(|code| departments_of(code).len() > 1).collect::<Vec<_>>();
    assert_eq!(
        codes,
        [
            "01200", "01410", "01590", "05110", "05130", "05160", "05700", "06260", "13780", "21340", "33220", "37160",
            "42620", "43450", "48250", "52100",
        ]
    );
}

#[test]
fn arrondissements_are_spoken_as_words_and_stand_alone() {
    for (code, insee, french, english) in [
        ("75011", "75111", "Paris, onzième arrondissement", "Paris, 11th arrondissement"),
        ("75116", "75116", "Paris, seizième arrondissement", "Paris, 16th arrondissement"),
        ("69001", "69381", "Lyon, premier arrondissement", "Lyon, 1st arrondissement"),
        ("13002", "13202", "Marseille, deuxième arrondissement", "Marseille, 2nd arrondissement"),
    ] {
        let [commune] = known(code)[..] else { panic!("{code}: {:?}", known(code)) };
        assert_eq!((commune.insee, commune.spoken(Lang::FR).as_ref()), (insee, french));
        assert_eq!(commune.spoken(Lang::EN), english);
    }
    assert_eq!(known("01000")[0].spoken(Lang::FR), "Bourg-en-Bresse");
    assert_eq!(PostalCodes::shipped().commune("75056"), None);
}

#[test]
fn an_unknown_code_leads_to_the_departement_of_the_nearest_one() {
    for (code, department) in [
        ("75999", Some("75")),
        ("97306", Some("973")),
        ("97405", Some("974")),
        ("20999", Some("2B")),
        ("20001", Some("2A")),
        ("01999", Some("01")),
        ("00123", None),
        ("96000", None),
        ("97900", None),
        ("99138", None),
        ("7501", None),
        ("750111", None),
        ("7501x", None),
        ("", None),
        ("été00", None),
    ] {
        assert_eq!(PostalCodes::shipped().get(code), Lookup::Unknown { department }, "{code}");
    }
}

#[test]
fn each_departement_is_spoken_with_its_article() {
    let table = PostalCodes::shipped();
    for (code, within, zone, holidays) in [
        ("69", "dans le Rhône", "Europe/Paris", "metropole"),
        ("2A", "en Corse-du-Sud", "Europe/Paris", "metropole"),
        ("974", "à La Réunion", "Indian/Reunion", "la-reunion"),
        ("75", "à Paris", "Europe/Paris", "metropole"),
        ("67", "dans le Bas-Rhin", "Europe/Paris", "alsace-moselle"),
    ] {
        let department = table.department(code).unwrap();
        assert_eq!((department.within(Lang::FR), department.zone, department.holidays), (within, zone, holidays));
    }
    assert_eq!(departments().len(), 110);
    assert!(departments().is_sorted_by_key(|department| department.code));
    for department in departments() {
        assert!(jiff::tz::TimeZone::get(department.zone).is_ok(), "{department:?}");
        assert!(department.within_fr.contains(department.name.trim_start_matches("Île ")), "{department:?}");
    }
    assert_eq!(table.department("20"), None);
}

const COMMUNES: &str = "\
code_postal,code_insee,commune,departement,population,type
01000,01053,Bourg-en-Bresse,01,42372,commune-actuelle
01000,01344,Saint-Denis-lès-Bourg,01,6160,commune-actuelle
75011,75056,Paris,75,2103778,commune-actuelle
75011,75111,Paris 11e Arrondissement,75,138170,arrondissement-municipal
97133,97701,Saint-Barthélemy,977,10660,commune-actuelle
";

#[test]
fn the_table_is_made_from_names_of_places() {
    let points = "\
geonameid,name,country,admin1,lat,lon,population
1,Bourg-en-Bresse,FR,84,46.2052,5.2255,41365
2,Saint-Denis-lès-Bourg,FR,28,48.0,0.1,6100
3,Paris 11 Popincourt,FR,11,48.8574,2.3795,138170
4,Gustavia,BL,00,17.8962,-62.8498,5988
";
    let made = make(COMMUNES, points).unwrap();
    assert_eq!(made.communes, [3, 1, 1, 0], "the second place is in another region");
    let table = PostalCodes::read(made.text.into());
    let place = |insee| table.commune(insee).map(|commune| (commune.point.latitude, commune.precision));
    assert_eq!(place("01344"), Some((46.205, Precision::Code)));
    assert_eq!(place("97701"), Some((17.896, Precision::Around)));
    assert!(matches!(table.get("75011"), Lookup::Known(communes) if communes.len() == 1));
}

#[test]
fn the_table_is_made_from_numbers_of_communes() {
    let points = "insee,latitude,longitude\n01053,46.2,5.2\n01344,46.3,5.3\n75111,48.8,2.3\n97701,17.9,-62.8\n";
    let made = make(COMMUNES, points).unwrap();
    assert_eq!(made.communes, [5, 0, 0, 0]);
    let lines = made.text.lines().filter(|line| !line.starts_with('#')).collect::<Vec<_>>();
    assert_eq!(lines[0], "01000\t01053\tBourg-en-Bresse\t424\t46200\t5200");
    assert_eq!(lines[1], "\t01344\tSaint-Denis-lès-Bourg\t62\t46300\t5300");
}

#[test]
fn what_can_not_be_read_is_said_with_its_line() {
    let points = "insee,latitude,longitude\n";
    assert!(make("head\n01000,01053\n", points).unwrap_err().contains("line 2"));
    assert!(make(COMMUNES, "name;place\n").unwrap_err().contains("GeoNames"));
    assert!(make(COMMUNES, points).unwrap_err().contains("no place"));
}
