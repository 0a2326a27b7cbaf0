//! What is wrong is told at its place.

use super::*;

/// The faults of some hours, as `kind at`.
fn faults(written: &Written) -> Vec<String> {
    let (read, faults) = Hours::read(written);
    assert_eq!(read.is_none(), faults.iter().any(Fault::is_error), "{written:?}");
    let told = faults.iter().map(|fault| {
        let text = match fault.field {
            Field::Hours => written.hours,
            Field::Closed(at) => written.closed[at],
            Field::Open(at) => written.open[at],
            Field::Territory => written.territory.unwrap(),
            Field::TimeZone => written.time_zone.unwrap(),
            Field::Every => written.every.unwrap().from,
        };
        assert!(!fault.message.is_empty() && !fault.help.is_empty());
        format!("{:?} {:?} `{}`", fault.severity, fault.kind, &text[fault.span.clone()])
    });
    told.collect()
}

#[test]
fn a_fault_in_hours_is_found_where_it_stands() {
    for (text, expected) in [
        ("", "Error Empty ``"),
        ("  ", "Error Empty `  `"),
        ("Mo-Fri 09:00-18:00", "Error Unreadable `Mo-Fri`"),
        ("Lu-Ve 09:00-18:00", "Error Unreadable `Lu-Ve`"),
        (" Mo-Fr 9h-18h", "Error Unreadable `9h-18h`"),
        ("Mo-Fr 09:00-18:00; é", "Error Unreadable `é`"),
        ("Mo-Fr 09:00-18:00; PH of", "Error Unreadable `of`"),
        ("Mo-Fr 09:00-18:60", "Error Unreadable `09:00-18:60`"),
        ("Mo-Fr 09:00-48:30", "Error Impossible `48:30`"),
        ("Mo 09:00-10:00; Feb 30 off", "Error Impossible `Feb 30`"),
        ("24/7; 2027 Feb 29 off", "Error Impossible `Feb 29`"),
        ("24/7; 2027 Dec 24-2026 Dec 26 off", "Error Impossible `2027 Dec 24-2026 Dec 26 off`"),
        ("week 50-10 Mo", "Error Impossible `week`"),
        ("2027-2026 Mo", "Error Impossible `2027`"),
        ("sunrise-sunset", "Error Unsupported `sun`"),
        ("Mo 18:00+", "Error Unsupported `+`"),
        ("Mo-Fr 09:00-18:00; SH off", "Error Unsupported `SH`"),
        ("Mo-Fr 09:00-18:00; PH Sa 10:00-12:00", "Error Unsupported `PH`"),
        ("Mo-Fr 09:00-18:00 || Sa 10:00-12:00", "Error Unsupported `||`"),
        ("Mo-Fr 09:00-18:00 unknown", "Error Unsupported `unknown`"),
        ("10:00-16:00/01:30", "Error Unsupported `10:00-16:00/01:30`"),
        ("24/7; Mo 09:00-12:00,11:00-14:00", "Warning Overlap `Mo 09:00-12:00,11:00-14:00`"),
        ("Mo 09:00-09:00", "Warning Trap `09:00-09:00`"),
        ("week 01-53/2 Mo 09:00-10:00", "Warning Trap `week`"),
        ("20:00-02:00; We 00:00-01:00 off", "Warning Trap `We 00:00-01:00 off`"),
    ] {
        assert_eq!(faults(&Written { hours: text, ..Written::default() }), [expected], "{text}");
    }
    // What stands in a remark is no fault.
    assert_eq!(
        faults(&Written { hours: "Mo 09:00-10:00 open \"SH + sunrise || PH Mo\"", ..Written::default() }),
        [""; 0]
    );
}

#[test]
fn a_fault_in_a_change_for_one_day_is_found_where_it_stands() {
    let closed = ["2026-02-30", "24/12/2026", "", "2026-12-24"];
    let expected = ["Error Impossible `2026-02-30`", "Error Unreadable `24/12/2026`", "Error Empty ``"];
    assert_eq!(faults(&Written { hours: "24/7", closed: &closed, ..Written::default() }), expected);
    for (open, expected) in [
        ("2026-12-24", "Error Unreadable `2026-12-24`"),
        ("", "Error Empty ``"),
        ("2026-13-24 10:00-12:00", "Error Impossible `2026-13-24`"),
        ("2026-12-24 10:00", "Error Unreadable `10:00`"),
        ("2026-12-24 10:00-12:00, 25:00-26:00", "Error Impossible `25:00-26:00`"),
        ("2026-12-24 10:00-10:00", "Error Impossible `10:00-10:00`"),
        ("2026-12-24 10:00-12:00,", "Error Unreadable ` 10:00-12:00,`"),
        ("2026-12-24 10:00-12:00, 11:00-13:00", "Warning Overlap `2026-12-24 10:00-12:00, 11:00-13:00`"),
    ] {
        assert_eq!(faults(&Written { hours: "24/7", open: &[open], ..Written::default() }), [expected], "{open}");
    }
}

#[test]
fn an_unknown_territory_or_clock_is_named_with_the_nearest() {
    let written = Written { hours: "24/7", territory: Some("martinik"), ..Written::default() };
    assert_eq!(faults(&written), ["Error UnknownTerritory `martinik`"]);
    assert!(Hours::read(&written).1[0].help.contains("do you mean `martinique`?"));
    let written = Written { territory: Some("Alsace"), ..written };
    assert!(Hours::read(&written).1[0].help.contains("do you mean `alsace-moselle`?"));
    let written = Written { hours: "24/7", time_zone: Some("Europe/Lyon"), ..Written::default() };
    assert_eq!(faults(&written), ["Error UnknownTimeZone `Europe/Lyon`"]);
    let written = Written { hours: "24/7", every: Some(Every { weeks: 1, from: "2026-00-01" }), ..Written::default() };
    assert_eq!(faults(&written), ["Error Impossible `2026-00-01`", "Error Impossible `2026-00-01`"]);
}
