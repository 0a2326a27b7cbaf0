//! `allo-cmp lines`: who answers, and when.

use super::*;

/// The shipped flows with a line that closes at night and on holidays, people of our own, and a chain of all of them.
fn with_a_chain() -> Shell {
    let shell = Shell::new();
    shell.flows(
        "lines.yaml",
        "source: 3114.fr",
        "source: 3114.fr\n\nday_line:\n  name: { fr: une ligne, en: a line }\n  announce: \"01 99 00 00 00\"\n  \
         dial: \"+33199000000\"\n  hours: \"Mo-Fr 09:00-18:00; PH off\"\nold_line:\n  name: { fr: une ligne, en: a line }\n  \
         announce: \"01 99 00 00 01\"\n  dial: \"+33199000001\"\n  verified: false",
    );
    shell.write(
        "flows/responders.yaml",
        "team:\n  name: { fr: nous, en: us }\n  ring: together\n  people:\n    anne: { dial: \"+33199000002\", hours: \
         \"Fr 00:00-12:00\" }\n    basil: { dial: \"+33199000003\", hours: \"Mo-Th 18:00-21:00\" }\n",
    );
    let chain = "talk:\n  try: [suicide_prevention, old_line, day_line, team]\n  announced_only: a number is said\n";
    shell.write("flows/chains.yaml", chain);
    shell
}

#[test]
fn lines_tells_who_answers_at_a_time_and_why_the_others_do_not() {
    let shell = with_a_chain();
    let told = out(&shell.run(&["lines", "--flows", "flows", "--at", "2026-12-25T03:00", "--chain", "talk"]).success());
    let expected = [
        "Friday 25 December 2026, 03:00 (Paris)",
        "",
        "talk: rings 50 s at most",
        "   1. suicide_prevention           announced only: 3114",
        "   2. old_line                     not verified: neither said nor called",
        "   3. day_line                     closed all day (public holiday): opens on Monday 28 December 2026 at 09:00",
        "   4. team/anne + team/basil       open, rings 25 s, must press 1, without team/basil",
        "  nobody can be called:",
    ];
    assert_eq!(told.lines().take(expected.len()).collect::<Vec<_>>(), expected);
    assert!(told.contains("\n    allowed: a number is said\n"), "{told}");

    let told = out(&shell.run(&["lines", "--flows", "flows", "--at", "2026-12-25T02:00:00Z", "--json"]).success());
    let first: Value = serde_json::from_str(told.lines().next().unwrap()).unwrap();
    assert_eq!((first["chain"].as_str(), first["open"].as_bool()), (Some("talk"), Some(true)));
    assert_eq!(first["attempts"][2]["telephones"][0]["opens"], "2026-12-28T09:00:00+01:00");

    let error = err(&shell.run(&["lines", "--flows", "flows", "--chain", "walk"]).failure());
    assert!(error.contains("no chain is called `walk`") && error.contains("talk"), "{error}");
}

#[test]
fn the_calendar_shows_a_week_in_a_hundred_columns() {
    let shell = with_a_chain();
    let arguments = ["lines", "--flows", "flows", "--at", "2026-12-21T15:00", "--chain", "talk", "--calendar"];
    let drawn = out(&shell.run(&arguments).success());
    let expected = [
        "  a  day_line",
        "  b  team/anne",
        "  c  team/basil",
        "               Mon 21     Tue 22     Wed 23     Thu 24     Fri 25 *   Sat 26     Sun 27",
        "  00:00-09:00  -          -          -          -          b          -          -",
        "  09:00-12:00  a          a          a          a          b          -          -",
        "  12:00-18:00  a          a          a          a          -          -          -",
        "  18:00-21:00  c          c          c          c          -          -          -",
        "  21:00-24:00  -          -          -          -          -          -          -",
        "  * public holiday",
    ];
    assert_eq!(drawn.lines().skip(3).take(expected.len()).collect::<Vec<_>>(), expected);
    assert!(drawn.lines().all(|line| line.chars().count() <= 100), "{drawn}");
}
