//! The table: written and read back, compared, and refused where a line is not as it should be.

use super::*;

/// A centre in Viriat, with a number of its own that is kept for fiction.
pub(in crate::directory) fn centre(finess: &str) -> Centre {
    let last = &finess[finess.len() - 4..];
    Centre {
        finess: finess.parse().unwrap(),
        kind: CentreKind::Cmp,
        audience: Audience::Unknown,
        name: "Centre médico-psychologique de Viriat".to_owned(),
        street: Some("900 route de Paris".to_owned()),
        commune: "Viriat".to_owned(),
        insee: "01451".to_owned(),
        postal_code: "01440".to_owned(),
        department: "01".to_owned(),
        point: Some(Point { latitude: 46.253333, longitude: 5.216667 }),
        telephone: Some(format!("+3319900{last}").parse().unwrap()),
        switchboard: Some("+33199000000".parse().unwrap()),
        more: More { updated: "2026-01-15".parse().ok(), ..More::default() },
    }
}

fn table() -> Table {
    let bare = Centre {
        street: None,
        point: None,
        telephone: None,
        switchboard: None,
        postal_code: "97306".to_owned(),
        commune: "Cayenne".to_owned(),
        department: "973".to_owned(),
        kind: CentreKind::Mda,
        audience: Audience::Children,
        more: More { cedex: true, ..More::default() },
        ..centre("970300026")
    };
    let corsican = Centre { department: "2A".to_owned(), commune: "Ajaccio".to_owned(), ..centre("2A0000001") };
    Table::new("2026-11-02".parse().unwrap(), vec![bare, corsican, centre("010000002"), centre("010000001")])
}

fn parse(text: &str) -> Result<Table, Box<Diagnostic>> {
    Table::parse(&Arc::new(SourceFile { path: "directory.tsv".to_owned(), text: text.to_owned() }))
}

#[test]
fn it_is_sorted_readable_and_reads_as_it_was_written() {
    let table = table();
    let text = table.to_text();
    assert_eq!(parse(&text).unwrap(), table);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], FORMAT);
    assert_eq!(lines[1], "# state: 2026-11-02");
    let numbers: Vec<&str> = lines[6..].iter().filter_map(|line| line.split('\t').nth(2)).collect();
    assert_eq!(numbers, ["010000001", "010000002", "2A0000001", "970300026"]);
    assert_eq!(
        lines[6],
        "01\tViriat\t010000001\tcmp\tunknown\tCentre médico-psychologique de Viriat\t900 route de Paris\t01451\t01440\t\
         46.253333\t5.216667\t+33199000001\t+33199000000\t2026-01-15"
    );
    assert!(lines[9].contains("\t97306 CEDEX\t"), "{}", lines[9]);
}

#[test]
fn a_line_that_is_not_as_it_should_be_is_named() {
    let text = table().to_text();
    for (from, to, line, says) in [
        ("# allo-cmp directory 1", "# allo-cmp directory 2", 1, "no table of centres"),
        ("# state: 2026-11-02", "# state: yesterday", 2, "is no day"),
        ("# state: 2026-11-02\n", "", 1, "no line `# state:`"),
        ("# centres: 4", "# centres: 5", 1, "it has 4"),
        ("# centres: 4", "# centres: four", 5, "no number"),
        ("\tcmp\t", "\tcpm\t", 7, "`cpm` is no kind"),
        ("\tunknown\t", "\tall\t", 7, "`all` is no audience"),
        ("010000002", "01000000", 8, "no FINESS number"),
        ("010000002", "010000001", 8, "stands twice"),
        ("\t01440\t", "\t1440\t", 7, "no postal code"),
        ("\t46.253333\t", "\t146.25\t", 7, "no degrees"),
        ("\t46.253333\t", "\t\t", 7, "no degrees"),
        ("+33199000001", "0199000001", 7, "no telephone number"),
        ("\t2026-01-15", "\t15/01/2026", 7, "is no day"),
        ("\t2026-01-15", "", 7, "13 fields"),
        ("01\tViriat", "01\t", 7, "the commune is missing"),
        ("973\t", "\n973\t", 10, "1 fields"),
    ] {
        assert!(text.contains(from), "{from}");
        let found = parse(&text.replacen(from, to, 1)).expect_err(from);
        assert_eq!(found.code, "directory-table");
        assert_eq!(found.place.as_ref().unwrap().line_column().0, line, "{from} -> {to}: {found}");
        assert!(found.message.contains(says), "{from} -> {to}: {}", found.message);
        assert!(found.help.is_some());
    }
}

#[test]
fn a_table_that_is_cut_anywhere_is_refused() {
    let text = table().to_text();
    for end in (0..text.len()).filter(|end| text.is_char_boundary(*end)) {
        assert!(parse(&text[..end]).is_err(), "cut at {end}");
    }
}

#[test]
fn it_is_put_in_its_place_in_one_step_and_leaves_nothing_beside() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("directory.tsv");
    std::fs::write(&path, "the old one").unwrap();
    table().write(&path).unwrap();
    assert_eq!(Table::read(&path).unwrap().0, table());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    // What can't be read back does not take its place.
    let mut wrong = table();
    wrong.centres[0].insee = String::new();
    assert!(wrong.write(&path).is_err());
    assert_eq!(Table::read(&path).unwrap().0, table());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    assert!(table().write(&folder.path().join("nowhere/directory.tsv")).is_err());
}

#[test]
fn a_tab_in_a_name_does_no_harm() {
    let mut odd = table();
    odd.centres[0].name = " a\tb\nc ".to_owned();
    assert_eq!(parse(&odd.to_text()).unwrap().centres[0].name, "a b c");
}
