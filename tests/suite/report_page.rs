//! The report as a page: complete, well-formed, and printed on A4 by a real browser.

use std::{fs, path::Path, process::Command};

use allo_cmp::{
    call::{DialOutcome, Lang},
    journal::{Kind, Names, Report, Tally, TallyKind},
};
use jiff::civil::{Date, date};

use crate::{
    leaflet,
    report::{FROM, TO, begun, ended, of, some, tally},
};

/// What the browser makes of a page.
fn browse(browser: &str, folder: &Path, page: &str, args: &[&str]) -> String {
    let output = Command::new(browser)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--no-pdf-header-footer",
        ])
        .arg(format!("--user-data-dir={}", folder.join("profile").display()))
        .args(args)
        .arg(format!("file://{}", folder.join(page).display()))
        .output()
        .unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// A year of a line that is called much, with long names.
fn year() -> Vec<Tally> {
    let days: Vec<Date> = date(2025, 1, 1).series(jiff::Span::new().days(1)).take(365).collect();
    let mut year: Vec<Tally> =
        days.iter().flat_map(|day| (0..24).map(|hour| begun(*day, hour, 1_000 + u64::from(hour)))).collect();
    for (n, day) in days.iter().enumerate().take(40) {
        let long = format!("a_line_with_a_name_that_is_much_longer_than_it_should_be_{n}");
        let moved = |tally: Tally| Tally { day: *day, ..tally };
        year.extend(
            [of(Kind::Goal, &long, 1_000_000), of(Kind::Tried, &long, 1_000_000), tally(TallyKind::Left, &long, 12)]
                .map(moved),
        );
        year.extend(DialOutcome::ALL.map(|outcome| moved(ended(&long, outcome, 200_000))));
    }
    year
}

#[test]
fn the_page_prints_on_a4_and_nothing_overflows() {
    let folder = tempfile::tempdir().unwrap();
    let names = Names { operator: Some("<l'association> & ses ami·e·s".to_owned()), ..Names::default() };
    let reports = [(some(), FROM, TO, 2..=6), (year(), date(2025, 1, 1), date(2025, 12, 31), 4..=16)];
    let browser = leaflet::browser();
    if browser.is_none() {
        println!("skipped: no Chromium is installed, so nobody has printed the report");
    }
    for (tallies, from, to, expected) in reports {
        for lang in [Lang::FR, Lang::EN] {
            let html = Report::of(&tallies, from, to).html(lang, &names);
            let words = leaflet::words(&html);
            assert!(words.contains("ami·e·s"), "{words}");
            for outside in ["<script", "src=", "href=", "url(", "@import", "<link"] {
                assert!(!html.contains(outside), "{outside}");
            }
            assert_eq!(
                html.matches("role=\"img\"").count(),
                html.matches("<title>").count() - 1,
                "each chart says what it is"
            );
            let Some(browser) = &browser else { continue };
            fs::write(folder.path().join("report.html"), &html).unwrap();
            let pdf = folder.path().join("report.pdf");
            let print = format!("--print-to-pdf={}", pdf.display());
            browse(browser, folder.path(), "report.html", &[&print]);
            let printed = fs::read(&pdf).unwrap();
            fs::remove_file(&pdf).unwrap();
            let printed = String::from_utf8_lossy(&printed);
            let pages = printed.matches("/Type /Page").count() - printed.matches("/Type /Pages").count();
            assert!(expected.contains(&pages), "{pages} pages");
            // 210 × 297 mm in points.
            assert_eq!(printed.matches("/MediaBox [0 0 594.95996 841.91998]").count(), pages, "{lang:?}");
            // As wide as the paper between its margins.
            let measure = "<script>const wide = [...document.querySelectorAll('body *')].filter(e => !(e instanceof SVGElement) && \
                           (e.scrollWidth > e.clientWidth + 1 &amp;&amp; getComputedStyle(e).display != 'inline' || \
                           e.getBoundingClientRect().right > document.body.getBoundingClientRect().right + 1)); \
                           document.title = 'wide: ' + wide.map(e => e.outerHTML.slice(0, 80)).join(' ');</script></body>";
            let measured = html.replace("</body>", &measure.replace("&amp;", "&"));
            fs::write(folder.path().join("measured.html"), measured).unwrap();
            let dom = browse(browser, folder.path(), "measured.html", &["--window-size=720,1000", "--dump-dom"]);
            let title = dom.split("<title>").nth(1).unwrap().split("</title>").next().unwrap();
            assert_eq!(title.trim(), "wide:", "{lang:?}");
        }
    }
}
