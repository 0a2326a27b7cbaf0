//! The national list becomes the table: real lines, lists as ugly as real ones, and such as are broken.

use std::{fs, path::Path};

use allo_cmp::directory::{Audience, Centre, CentreKind, Damage, Import, Point, PostalCodes, Summary, Table};
use assert_cmd::{Command, assert::Assert};
use proptest::prelude::*;
use tempfile::TempDir;

const CMP: &str = "156;Centre Médico-Psychologique (C.M.P.)";
const PHARMACY: &str = "620;Pharmacie d'Officine";
const HOSPITAL: &str = "355;Centre Hospitalier (C.H.)";

fn import(lists: &[&[u8]]) -> (Vec<Centre>, Summary) {
    let mut import = Import::new(PostalCodes::shipped());
    for list in lists {
        import.read(*list, &mut |_| {}).unwrap();
    }
    import.finish()
}

/// A line of an establishment in Viriat; its telephone is one that is kept for fiction.
fn structure(number: u32, name: &str, category: &str) -> String {
    format!(
        "structureet;01{number:07};010780054;{name};{name};;;900;RTE;DE PARIS;B;;451;01;AIN;01440 VIRIAT;019900{:04};;\
         {category};1111;Autre;;8610Z;03;ARS;1;Public;1986-03-14;1986-03-14;2026-01-15;",
        number % 10_000
    )
}

fn place(number: u32) -> String {
    format!(
        "geolocalisation;01{number:07};871000.0;6574600.0;1,ATLASANTE,100,IGN,BD_ADRESSE,V2.2,LAMBERT_93;2026-01-15"
    )
}

/// A whole list, one line each, with the coordinates of all.
fn list(structures: &[String]) -> String {
    let number = |line: &String| line.split(';').nth(1).and_then(|finess| finess[2..].parse().ok());
    let places = structures.iter().filter_map(number).map(place);
    let head = "finess;etalab;111;2026-11-02".to_owned();
    let lines: Vec<String> = std::iter::once(head).chain(structures.iter().cloned()).chain(places).collect();
    lines.join("\n") + "\n"
}

/// So many CMPs.
pub(crate) fn cmps(count: u32) -> String {
    list(&(0..count).map(|number| structure(number, "CMP VIRIAT", CMP)).collect::<Vec<_>>())
}

fn cp1252(text: &str) -> Vec<u8> {
    text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect()
}

#[test]
fn real_lines_are_read() {
    let lines = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/finess/real_lines.csv")).unwrap();
    let (centres, summary) = import(&[&lines]);
    assert_eq!(summary.damage, [Damage::NoPlaces]);
    assert_eq!((summary.kept(), summary.malformed()), (1, 0), "{summary}");
    assert_eq!(summary.state, "2026-05-12".parse().ok());
    assert!(summary.to_string().contains("dropped: 6 of other kinds"), "{summary}");
    let aloes = &centres[0];
    assert_eq!(aloes.finess.to_string(), "970210126");
    assert_eq!((aloes.kind, aloes.audience), (CentreKind::Cmpp, Audience::Children));
    assert_eq!(aloes.name, "Centre médico-psycho-pédagogique, Intersectoriel Aloes");
    assert_eq!(aloes.street.as_deref(), Some("zone d'activités Champigny"));
    assert_eq!((aloes.commune.as_str(), aloes.insee.as_str()), ("Ducos", "97207"));
    assert_eq!((aloes.postal_code.as_str(), aloes.department.as_str()), ("97224", "972"));
    assert_eq!(aloes.telephone.as_ref().unwrap().as_str(), "+596596748677");
}

#[test]
fn both_encodings_and_both_ends_of_lines_give_the_same_table() {
    let text = list(&[
        structure(1, "CMP MÉDIATHÈQUE", CMP),
        structure(2, "\"CMP \"\"LES TILLEULS\"\"; ADULTES\"", CMP),
        structure(3, "PHARMACIE", PHARMACY),
    ]);
    let (expected, summary) = import(&[text.as_bytes()]);
    assert_eq!((expected.len(), summary.malformed(), summary.damage.len()), (2, 0, 0), "{summary}");
    assert!(summary.to_string().contains("UTF-8"));
    assert_eq!(expected[0].name, "Centre médico-psychologique, Mediatheque");
    assert_eq!(expected[0].street.as_deref(), Some("900 bis route de Paris"));
    assert_eq!(expected[1].name, "Centre médico-psychologique pour adultes, Les Tilleuls");
    let viriat = Point { latitude: 46.249_636, longitude: 5.219_865 };
    assert!(expected[0].point.unwrap().km_to(viriat) < 0.001, "{:?}", expected[0].point);
    let crlf = text.replace('\n', "\r\n");
    let with_mark = format!("\u{feff}{text}");
    let without_last_end = text.trim_end();
    for bytes in [cp1252(&text), cp1252(&crlf), crlf.into_bytes(), with_mark.into_bytes(), without_last_end.into()] {
        let (centres, summary) = import(&[&bytes]);
        assert_eq!(centres, expected, "{summary}");
        assert!(summary.damage.is_empty(), "{summary}");
    }
    let (_, summary) = import(&[&cp1252(&text)]);
    assert!(summary.to_string().contains("Windows-1252"), "{summary}");
}

#[test]
fn malformed_lines_are_counted_by_reason_with_their_numbers_and_spoil_no_other() {
    let good = structure(1, "CMP VIRIAT", CMP);
    let wrong = [
        "structureet;too;short".to_owned(),
        "nothing known".to_owned(),
        good.replace("010000001", "01000000X"),
        good.replacen("CMP VIRIAT", "\"CMP VIRIAT", 1),
        good.replace(";451;01;", ";451;00;"),
        good.replace("01440 VIRIAT", "VIRIAT"),
        good.replace("CMP VIRIAT", ""),
        "x".repeat(100_000),
    ];
    let text = list(&[&wrong[..], &[good]].concat());
    let (centres, summary) = import(&[text.as_bytes()]);
    assert_eq!(centres.len(), 1, "{summary}");
    assert_eq!(summary.malformed(), wrong.len() as u64, "{summary}");
    let shown = summary.to_string();
    for expected in [
        "too few or too many fields: line 2",
        "neither structureet nor geolocalisation: line 3",
        "no FINESS number: line 4",
        "never closed: line 5",
        "no département or no commune that exists: line 6",
        "no postal code and commune: line 7",
        "no name: line 8",
        "longer than any line of the list: line 9",
    ] {
        assert!(shown.contains(expected), "{expected}\n{shown}");
    }
}

#[test]
fn a_list_that_is_cut_anywhere_shows_it_before_its_last_places() {
    let text = cmps(30);
    // Up to nine of ten coordinates, or within a line; what is lost behind them can't be told from a list without them.
    let enough = text.match_indices("geolocalisation").nth(26).unwrap().0;
    for end in 0..=enough {
        let (_, summary) = import(&[&text.as_bytes()[..end]]);
        assert!(!summary.damage.is_empty(), "cut at {end}: {summary}");
    }
    assert!(import(&[text.as_bytes()]).1.damage.is_empty());
    let (_, summary) = import(&[&text.as_bytes()[..text.len() - 40]]);
    assert!(matches!(summary.damage[..], [Damage::CutShort { line: 61 }]), "{summary}");
}

#[test]
fn the_switchboard_of_the_same_house_stands_in_for_a_telephone() {
    let cmp = structure(1, "CMP VIRIAT", CMP).replace("0199000001", "");
    let elsewhere = structure(3, "CMP VIRIAT", CMP).replace("010780054", "010780099");
    let (centres, summary) = import(&[list(&[cmp, structure(2, "CH", HOSPITAL), elsewhere]).as_bytes()]);
    assert_eq!(centres[0].telephone, None);
    assert_eq!(centres[0].switchboard.as_ref().unwrap().as_str(), "+33199000002");
    assert_eq!(centres[1].switchboard, None);
    assert!(summary.to_string().contains("1 with no telephone"), "{summary}");
}

#[test]
fn the_json_of_finess_plus_gives_the_same_centres() {
    let establishment = |category: &str, state: &str| {
        format!(
            r#"{{"informationsGeneralesEGE": {{"numFinessEge": "010000001", "denominationEge": "CMP VIRIAT"}},
            "etatObjet": {{"code": "{state}"}}, "categorieEntiteGeographiqueExercice": {{"code": "{category}"}},
            "dateDerniereMaj": {{"dateEvenement": "2026-01-15T10:00:00"}},
            "adresse": [{{"numeroVoie": "900", "typeVoie": "RTE", "libelleVoie": "DE PARIS", "complementVoie": "B",
              "cogCommune": "01451", "ligneAcheminement": "VIRIAT", "codePostal": "01440",
              "coordonneesGeographique": {{"coordonneeX": "5.219865", "coordonneeY": "46.249636"}}}}],
            "contact": [{{"telecom": {{"telephone": "0199000001"}}}}]}}"#
        )
    };
    let whole = |establishments: &str| {
        format!(
            r#"{{"gco": {{"a": [1]}}, "pmej": [{{"informationsGeneralesPmej": {{"numFinessPm": "010780054"}},
            "ege": [{establishments}]}}, {{"odd": true}}], "gcc": {{}}}}"#
        )
    };
    let text =
        whole(&[establishment("156", "actif"), establishment("620", "actif"), establishment("156", "ferme")].join(","));
    let (centres, summary) = import(&[text.as_bytes()]);
    let (expected, _) = import(&[list(&[structure(1, "CMP VIRIAT", CMP)]).as_bytes()]);
    assert_eq!((centres.len(), summary.malformed()), (1, 1), "{summary}");
    assert!(summary.to_string().contains("dropped: 1 of other kinds, 1 closed"), "{summary}");
    assert_eq!(summary.state, "2026-01-15".parse().ok());
    let moved = |centre: &Centre| Centre { point: None, ..centre.clone() };
    assert_eq!(moved(&centres[0]), moved(&expected[0]));
    assert!(centres[0].point.unwrap().km_to(expected[0].point.unwrap()) < 0.01);
    let (_, summary) = import(&[&text.as_bytes()[..text.len() - 20]]);
    assert!(matches!(summary.damage[..], [Damage::CutShort { .. }]), "{summary}");
    assert!(import(&[b"{}"]).1.damage.iter().any(Damage::is_fatal));
}

proptest! {
    #[test]
    fn any_bytes_give_a_summary(bytes in proptest::collection::vec(any::<u8>(), 0..400), cut in 0usize..2000) {
        let cut_list = cmps(5);
        let cut_list = &cut_list.as_bytes()[..cut.min(cut_list.len())];
        for start in [&b""[..], b"finess;etalab;111;2026-11-02\n", b"{\"pmej\": [", b"[", cut_list] {
            let (centres, summary) = import(&[&[start, &bytes].concat()]);
            prop_assert_eq!(centres.len() as u64, summary.kept());
            prop_assert!(summary.to_string().contains("kept: "));
            let table = Table::new("2026-11-02".parse().unwrap(), centres);
            let file = allo_cmp::diagnostic::SourceFile { path: "t".to_owned(), text: table.to_text() };
            prop_assert_eq!(Table::parse(&std::sync::Arc::new(file)).unwrap().to_text(), table.to_text());
        }
    }
}

/// A folder in which the program runs.
struct Folder(TempDir);

impl Folder {
    fn new() -> Folder {
        Folder(tempfile::tempdir().unwrap())
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.0.path().join(name), text).unwrap();
    }

    fn table(&self) -> String {
        fs::read_to_string(self.0.path().join("t.tsv")).unwrap()
    }

    fn run(&self, args: &[&str]) -> Assert {
        let mut command = Command::from_std(crate::program::command(self.0.path()));
        command.env("ALLO_CMP__DIRECTORY__PATH", "t.tsv").arg("directory").args(args).assert()
    }
}

fn out(assert: &Assert) -> String {
    String::from_utf8(assert.get_output().stdout.clone()).unwrap()
}

fn err(assert: &Assert) -> String {
    String::from_utf8(assert.get_output().stderr.clone()).unwrap()
}

#[test]
fn a_broken_list_replaces_no_good_table_unless_forced() {
    let folder = Folder::new();
    let whole = cmps(30);
    folder.write("good.csv", &whole);
    folder.write("cut.csv", &whole[..whole.len() - 40]);
    folder.write("few.csv", &cmps(10));
    folder.write("none.csv", &list(&[structure(1, "PHARMACIE", PHARMACY)]));
    folder.write("other.csv", "name;telephone\n");
    // Half a list is more than none.
    folder.run(&["import", "cut.csv"]).success();
    let imported = folder.run(&["import", "good.csv"]).success();
    assert!(out(&imported).contains("kept: 30 centres") && out(&imported).ends_with("written: t.tsv\n"));
    assert_eq!(err(&imported), "");
    let good = folder.table();
    for (file, says) in
        [("cut.csv", "line 61 does not end"), ("few.csv", "leads to 10 centres, and the table in place has 30")]
    {
        let refused = folder.run(&["import", file]).failure();
        assert!(out(&refused).contains(says), "{}", out(&refused));
        assert!(err(&refused).contains("--force"), "{}", err(&refused));
        assert_eq!(folder.table(), good);
    }
    for file in ["none.csv", "other.csv"] {
        let refused = folder.run(&["import", file, "--force"]).failure();
        assert!(out(&refused).contains("kept: 0 centres") && err(&refused).contains("of no use"), "{}", err(&refused));
        assert_eq!(folder.table(), good);
    }
    folder.run(&["import", "few.csv", "--force"]).success();
    assert!(folder.table().contains("# centres: 10\n"));
    let missing = folder.run(&["import", "nowhere.csv"]).failure();
    assert!(err(&missing).contains("nowhere.csv can't be read"), "{}", err(&missing));
}

#[test]
fn a_file_that_is_no_table_is_not_replaced_by_one_unless_forced() {
    let folder = Folder::new();
    folder.write("good.csv", &cmps(3));
    let of_the_operator = "\"010000002\":\n  date: 2026-11-05\n  closed: true\n";
    folder.write("corrections.yaml", of_the_operator);
    for slip in ["corrections.yaml", "good.csv"] {
        let refused = folder.run(&["import", "good.csv", "--out", slip]).failure();
        assert!(err(&refused).contains(&format!("{slip} is there, and is no table of centres")), "{}", err(&refused));
    }
    assert_eq!(fs::read_to_string(folder.0.path().join("corrections.yaml")).unwrap(), of_the_operator);
    // A table that is damaged, or of another version, is one all the same.
    for old in ["", "# allo-cmp directory 1\n# state: 2026", "# allo-cmp directory 7\n"] {
        folder.write("t.tsv", old);
        folder.run(&["import", "good.csv"]).success();
        assert!(folder.table().contains("# centres: 3\n"));
    }
    folder.run(&["import", "good.csv", "--out", "corrections.yaml", "--force"]).success();
}

#[test]
fn check_tells_doubts_corrections_and_the_age_of_the_list() {
    let folder = Folder::new();
    let silent = structure(2, "CMP VIRIAT", CMP).replace("0199000002", "");
    folder.write("list.csv", &list(&[structure(1, "CMP VIRIAT", CMP), silent, structure(10_001, "CMP VIRIAT", CMP)]));
    folder.run(&["import", "list.csv"]).success();
    let checked = folder.run(&["check", "--at", "2026-11-12T10:00"]).success();
    let text = out(&checked);
    for expected in [
        "010000002 Viriat (01): no telephone, and no hospital's switchboard",
        "010010001 Viriat (01): the same telephone as 010000001",
        "list of 2026-11-02, 10 day(s) ago\n",
        "3 centres; doubts: no-number 1, same-number 1",
    ] {
        assert!(text.contains(expected), "{expected}\n{text}");
    }
    for (at, told) in
        [("2027-06-01T10:00", "old, import a new one"), ("2026-11-01T10:00", "of 2026-11-02, which is to come")]
    {
        assert!(out(&folder.run(&["check", "--at", at]).success()).contains(told), "{at}");
    }
    for line in out(&folder.run(&["check", "--json"])).lines() {
        serde_json::from_str::<serde_json::Value>(line).unwrap();
    }
    folder.write(
        "corrections.yaml",
        "\"010000002\":\n  date: 2026-11-05\n  closed: true\n\"010000009\":\n  closed: true\n",
    );
    folder.write("allo-cmp.toml", "directory.corrections = \"corrections.yaml\"\n");
    let checked = folder.run(&["check", "--at", "2026-11-12T10:00"]).failure();
    let text = out(&checked);
    assert!(text.contains("error[missing-field]") && text.contains("2 centres; doubts: same-number 1"), "{text}");
}
