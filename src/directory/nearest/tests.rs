//! What the search promises: the same as looking at every centre, from every postal code of France.

use super::{invented::centres, *};

fn code(code: &str) -> Vec<CommuneRef<'static>> {
    match PostalCodes::shipped().get(code) {
        Lookup::Known(communes) => communes,
        Lookup::Unknown { .. } => panic!("{code} is not known"),
    }
}

fn origin(text: &str) -> Origin {
    Origin::communes(&code(text)).unwrap()
}

/// One adults' CMP in the commune of a postal code, `north` thousandths of a degree from its middle.
fn centre(finess: u32, postal_code: &str, audience: Audience, north: i32) -> Centre {
    let commune = code(postal_code)[0];
    let latitude = commune.point.latitude + f64::from(north) / 1_000.0;
    Centre {
        finess: format!("{finess:09}").parse().unwrap(),
        kind: CentreKind::Cmp,
        audience,
        name: "Centre inventé".to_owned(),
        street: None,
        commune: commune.name.to_owned(),
        insee: commune.insee.to_owned(),
        postal_code: postal_code.to_owned(),
        department: commune.department.to_owned(),
        point: Some(Point { latitude, ..commune.point }),
        telephone: None,
        switchboard: None,
        more: More::default(),
    }
}

fn positions(centres: &[Centre], from: &str, wanted: Wanted) -> Vec<usize> {
    Index::new(centres).nearest(&origin(from), wanted, 0..10).iter().map(|found| found.centre).collect()
}

/// Islands and territories, written out once more.
fn land(department: &str) -> &str {
    match department {
        "2A" | "2B" => "Corsica",
        "980" => "mainland",
        other if other.len() == 3 => other,
        _ => "mainland",
    }
}

/// Which group of the wanted ones a centre is in.
fn group(centre: &Centre, wanted: Wanted) -> Option<u8> {
    use {Audience::*, CentreKind::*};
    match (wanted, centre.kind, centre.audience) {
        (Wanted::Adults, Cmp, Adults | Unknown) => Some(0),
        (Wanted::Teen | Wanted::Children, Cmp, Children | Unknown) => Some(0),
        (Wanted::Teen, Cmp, Adults) => Some(1),
        (Wanted::Teen | Wanted::Children, Cmpp, Children | Unknown) => Some(2),
        _ => None,
    }
}

#[test]
fn from_every_postal_code_the_same_as_looking_at_every_centre() {
    let centres = centres(3_000);
    let index = Index::new(&centres);
    let table = PostalCodes::shipped();
    let place = |centre: &Centre| centre.point.unwrap_or_else(|| table.commune(&centre.insee).unwrap().point);
    let places: Vec<Point> = centres.iter().map(place).collect();
    let mut compared = 0;
    for postal_code in table.codes() {
        let communes = code(&postal_code);
        let people = |commune: &CommuneRef<'_>| f64::from(commune.hundreds.max(1));
        let here = middle(communes.iter().map(|commune| (commune.point, people(commune)))).unwrap();
        let origin = Origin::communes(&communes).unwrap();
        for wanted in [Wanted::Adults, Wanted::Teen, Wanted::Children] {
            let mut all: Vec<_> = (0..centres.len())
                .filter(|at| land(&centres[*at].department) == land(communes[0].department))
                .filter_map(|at| {
                    let centre = &centres[at];
                    let foreign = !communes.iter().any(|commune| commune.insee == centre.insee);
                    let km = here.km_to(places[at]);
                    Some((group(centre, wanted)?, foreign, km, centre.audience == Audience::Unknown, centre.finess, at))
                })
                .collect();
            if all.len() > 7 {
                all.select_nth_unstable_by(7, |a, b| a.partial_cmp(b).unwrap());
                all.truncate(7);
            }
            all.sort_by(|a, b| a.partial_cmp(b).unwrap());
            let found = index.nearest(&origin, wanted, 0..7);
            assert_eq!(found.len(), all.len(), "{postal_code} {wanted:?}");
            for (found, (_, foreign, km, .., at)) in found.iter().zip(&all) {
                let same = found.centre == *at || (here.km_to(places[found.centre]) - km).abs() < 1e-6;
                assert!(same, "{postal_code} {wanted:?}: {found:?} in place of {at} at {km} km");
                assert_eq!(found.same_commune, !foreign && communes.len() == 1, "{postal_code}");
                assert!(found.km.is_none_or(|found| (found - km).abs() < 1e-3), "{postal_code} {found:?} {km}");
                let named = |commune: &CommuneRef<'_>| commune.department == centres[found.centre].department;
                assert_eq!(found.other_department, !communes.iter().any(named), "{postal_code}");
                compared += 1;
            }
            assert_eq!(index.nearest(&origin, wanted, 3..6), found[3.min(found.len())..6.min(found.len())]);
        }
    }
    assert!(compared > 100_000, "{compared}");
}

#[test]
fn the_own_commune_comes_before_a_nearer_one() {
    let centres = [centre(1, "75012", Audience::Adults, 0), centre(2, "75011", Audience::Adults, 60)];
    assert_eq!(positions(&centres, "75011", Wanted::Adults), [1, 0]);
}

#[test]
fn nobody_is_sent_across_the_sea() {
    let all = ["13001", "20000", "20200", "97110", "97133", "97150", "97200", "97400", "97600"];
    let centres: Vec<_> = all.iter().zip(1..).map(|(code, n)| centre(n, code, Audience::Adults, 0)).collect();
    assert_eq!(positions(&centres, "06000", Wanted::Adults), [0]);
    assert_eq!(positions(&centres, "20100", Wanted::Adults), [1, 2]);
    assert_eq!(positions(&centres, "97110", Wanted::Adults), [3]);
    assert_eq!(positions(&centres, "97133", Wanted::Adults), [4]);
    assert_eq!(positions(&centres, "97410", Wanted::Adults), [7]);
    assert!(positions(&centres, "97500", Wanted::Adults).is_empty());
    assert_eq!(
        positions(&centres, "98000", Wanted::Adults),
        [0],
        "from Monaco to the mainland, as another département"
    );
}

#[test]
fn an_unknown_audience_comes_by_distance_and_after_a_known_one_at_the_same_place() {
    let centres = [
        centre(1, "75011", Audience::Unknown, 0),
        centre(2, "75011", Audience::Adults, 0),
        centre(3, "75011", Audience::Adults, 5),
        centre(4, "75011", Audience::Children, 0),
    ];
    assert_eq!(positions(&centres, "75011", Wanted::Adults), [1, 0, 2]);
    assert_eq!(positions(&centres, "75011", Wanted::Teen), [3, 0, 1, 2]);
    assert_eq!(positions(&centres, "75011", Wanted::Children), [3, 0]);
}

#[test]
fn a_cmpp_comes_after_the_cmps_and_never_to_adults() {
    let cmpp = Centre { kind: CentreKind::Cmpp, ..centre(1, "75011", Audience::Unknown, 0) };
    let csapa = Centre { kind: CentreKind::Csapa, ..centre(2, "75011", Audience::Adults, 0) };
    let centres = [cmpp, csapa, centre(3, "75020", Audience::Children, 0)];
    assert_eq!(positions(&centres, "75011", Wanted::Children), [2, 0]);
    assert!(positions(&centres, "75011", Wanted::Adults).is_empty());
}

#[test]
fn ties_are_in_the_order_of_the_national_list_whatever_the_order_of_the_table() {
    let centres = [3, 1, 2].map(|finess| centre(finess, "75011", Audience::Adults, 0));
    assert_eq!(positions(&centres, "75011", Wanted::Adults), [1, 2, 0]);
    assert_eq!(positions(&centres, "93100", Wanted::Adults), [1, 2, 0]);
}

#[test]
fn a_departement_has_its_own_centres_first_and_no_distances() {
    let centres = [
        centre(1, "69001", Audience::Adults, 0),
        centre(2, "01000", Audience::Adults, 0),
        centre(3, "69400", Audience::Adults, 0),
    ];
    let found = Index::new(&centres).nearest(&Origin::department("69").unwrap(), Wanted::Adults, 0..5);
    assert_eq!(found.iter().map(|found| found.centre).collect::<Vec<_>>(), [0, 2, 1]);
    assert!(found.iter().all(|found| found.km.is_none() && !found.same_commune));
    assert_eq!(found.iter().map(|found| found.other_department).collect::<Vec<_>>(), [false, false, true]);
    assert!(Origin::department("20").is_none() && Origin::department("984").is_none());
}

#[test]
fn where_a_postal_code_has_several_communes_none_is_said_to_be_the_callers() {
    let centres = [centre(1, "20200", Audience::Adults, 0), centre(2, "20000", Audience::Adults, 0)];
    let told = |postal_code: &str| {
        let found = Index::new(&centres).nearest(&origin(postal_code), Wanted::Adults, 0..2);
        found.iter().map(|found| (found.centre, found.same_commune, found.km.is_some())).collect::<Vec<_>>()
    };
    assert_eq!(told("20200"), [(0, false, false), (1, false, true)], "Bastia and its surroundings");
    assert_eq!(told("20000"), [(1, true, true), (0, false, true)], "Ajaccio alone");
}

#[test]
fn a_centre_without_a_place_or_with_its_citys_number_stands_where_its_postal_code_is() {
    let bare = |insee: &str| Centre { insee: insee.into(), point: None, ..centre(1, "75011", Audience::Adults, 0) };
    for insee in ["75111", "75056", "99999"] {
        let found = Index::new(&[bare(insee)]).nearest(&origin("75011"), Wanted::Adults, 0..3);
        assert!(found[0].same_commune && found[0].km == Some(0.0), "{insee}: {found:?}");
    }
    let island = Centre { insee: "97123".into(), department: "971".into(), ..centre(1, "97133", Audience::Adults, 0) };
    assert!(Index::new(&[island]).nearest(&origin("97133"), Wanted::Adults, 0..1)[0].same_commune);
}
