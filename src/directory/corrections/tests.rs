//! Corrections: what they change, and every mistake and conflict at its place.

use super::*;
use crate::directory::{More, table::tests::centre};

fn parse(text: &str) -> (Corrections, Vec<Diagnostic>) {
    let (read, found) = Corrections::parse(&Files::from_texts([("corrections.yaml", text)]));
    (read.unwrap(), found)
}

fn short(found: &[Diagnostic]) -> Vec<String> {
    let place = |found: &Diagnostic| found.place.as_ref().map(Place::line_column).unwrap_or_default();
    found.iter().map(|found| format!("{} {:?}", found.code, place(found))).collect()
}

#[test]
fn what_is_known_better_takes_the_place_of_what_the_list_says() {
    let (corrections, found) = parse(
        r#"
"010000001":
  date: 2026-10-01
  telephone: "+33199000099"
  hours: "Mo-Fr 09:00-17:00"
  languages: [fr, ar]
  audience: adults
  home_visits: true
  waiting_weeks: 6
  name: Centre médico-psychologique du Lac
  also_for: ["01440"]
  not_for: ["01000"]
  note: told by the secretary
"010000002":
  date: 2026-10-01
  closed: true
2A0000003:
  date: 2026-10-01
  home_visits: false
"#,
    );
    assert_eq!(short(&found), [] as [&str; 0], "{found:#?}");
    let mut centres = vec![centre("010000001"), centre("010000002"), centre("2A0000003"), centre("010000004")];
    assert_eq!(corrections.apply(&mut centres), []);
    let [first, third, last] = &centres[..] else { panic!("the closed centre is gone: {centres:?}") };
    assert_eq!(first.telephone, Some("+33199000099".parse().unwrap()));
    assert_eq!((first.audience, first.name.as_str()), (Audience::Adults, "Centre médico-psychologique du Lac"));
    let more = More {
        hours: Some("Mo-Fr 09:00-17:00".to_owned()),
        languages: vec![Lang::FR, "ar".parse().unwrap()],
        home_visits: Some(true),
        waiting_weeks: Some(6),
        also_for: vec!["01440".to_owned()],
        not_for: vec!["01000".to_owned()],
        ..centre("010000001").more
    };
    assert_eq!(first.more, more);
    assert_eq!(third.more.home_visits, Some(false));
    assert_eq!(*last, centre("010000004"));
}

#[test]
fn each_mistake_stands_at_its_place_and_spoils_its_own_entry_only() {
    let entry = |lines: &str| format!("\"010000001\":\n  date: 2026-10-01\n{lines}");
    for (text, expected) in [
        ("\"01\":\n  date: 2026-10-01\n  closed: true\n".to_owned(), &["correction (1, 1)"][..]),
        ("\"010000001\":\n  closed: true\n".to_owned(), &["missing-field (2, 3)"]),
        ("\"010000001\":\n  date: October\n  closed: true\n".to_owned(), &["correction (2, 9)"]),
        (entry(""), &["correction (1, 1)"]),
        (entry("  telephone: \"0199000001\"\n"), &["wrong-value (3, 14)"]),
        (entry("  telephone: \"+33899000001\"\n"), &["correction (3, 14)"]),
        (entry("  telefone: \"+33199000001\"\n"), &["unknown-field (3, 3)"]),
        (entry("  hours: \"Mo-Fr 9h-17h\"\n"), &["hours (3, 17)"]),
        (entry("  audience: old\n"), &["wrong-value (3, 13)"]),
        (entry("  name: \"\"\n"), &["correction (3, 9)"]),
        (entry("  also_for: [\"1440\"]\n"), &["correction (3, 14)"]),
        (entry("  also_for: [\"01440\"]\n  not_for: [\"01440\"]\n"), &["correction (4, 13)"]),
    ] {
        let good = "\"010000009\":\n  date: 2026-10-01\n  closed: true\n";
        let (corrections, found) = parse(&format!("{text}{good}"));
        assert_eq!(short(&found), expected, "{text}\n{found:#?}");
        assert!(found.iter().all(|found| found.help.is_some()), "{text}");
        let mut centres = vec![centre("010000001"), centre("010000009")];
        corrections.apply(&mut centres);
        assert_eq!(centres, [centre("010000001")], "{text}");
    }
}

#[test]
fn what_the_list_has_overtaken_is_said() {
    let text = |date: &str, lines: &str| format!("\"010000001\":\n  date: {date}\n{lines}");
    let same = centre("010000001").telephone.unwrap().as_str().to_owned();
    // The list changed this centre on the 15th of January.
    for (text, expected) in [
        (text("2026-02-01", "  closed: true\n").replace("010000001", "010000009"), &["correction-old (1, 1)"][..]),
        (text("2026-02-01", &format!("  telephone: \"{same}\"\n")), &["correction-old (3, 14)"]),
        (text("2026-02-01", "  audience: unknown\n"), &["correction-old (3, 13)"]),
        (text("2026-02-01", "  name: Centre médico-psychologique de Viriat\n"), &["correction-old (3, 9)"]),
        (text("2026-01-01", "  telephone: \"+33199000099\"\n"), &["correction-old (1, 1)"]),
        (text("2026-01-01", "  closed: true\n"), &["correction-old (1, 1)"]),
        // The list knows no hours: it can't have overtaken them.
        (text("2026-01-01", "  hours: \"24/7\"\n"), &[]),
        (text("2026-02-01", "  telephone: \"+33199000099\"\n"), &[]),
    ] {
        let (corrections, found) = parse(&text);
        assert!(found.is_empty(), "{text}\n{found:#?}");
        let found = corrections.apply(&mut vec![centre("010000001")]);
        assert_eq!(short(&found), expected, "{text}");
        assert!(found.iter().all(|found| found.severity == Severity::Warning && found.help.is_some()));
    }
}

#[test]
fn a_file_that_is_not_there_is_said() {
    let (read, found) = Corrections::read(Path::new("/nowhere/corrections.yaml"));
    assert!(read.is_none());
    assert_eq!(short(&found), ["unreadable (0, 0)"]);
}
