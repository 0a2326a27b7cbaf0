//! The directory of centres: national lists, the table that is made of them, the operator's corrections.

use std::sync::Arc;

use allo_cmp::{
    diagnostic::SourceFile,
    directory::{Centre, Corrections, Directory, Import, PostalCodes, Table, doubts},
    files::Files,
};
use jiff::civil::date;

use super::line::drawn;

/// The first byte says what follows: `t` a table, `c` corrections, else a national list, the stock file or the JSON.
pub(super) fn read(data: &[u8]) {
    let (kind, text) = data.split_first().unwrap_or((&0, &[]));
    match kind {
        b't' => table(String::from_utf8_lossy(text).into_owned()),
        b'c' => corrections(&String::from_utf8_lossy(text)),
        _ => list(text),
    }
}

fn table(text: String) {
    match Table::parse(&Arc::new(SourceFile { path: "centres.tsv".to_owned(), text })) {
        Ok(table) => kept(table),
        Err(found) => drawn(&found),
    }
}

fn corrections(text: &str) {
    let (corrections, found) = Corrections::parse(&Files::from_texts([("corrections.yaml", text)]));
    found.iter().for_each(drawn);
    let mut centres = Directory::example().centres().to_vec();
    if let Some(corrections) = corrections {
        corrections.apply(&mut centres).iter().for_each(drawn);
    }
    let _ = doubts(&centres, PostalCodes::shipped()).len();
    asked(Directory::of(date(2026, 11, 21), centres));
}

fn list(text: &[u8]) {
    let mut import = Import::new(PostalCodes::shipped());
    import.read(text, &mut |_| {}).expect("memory can be read");
    let (centres, summary) = import.finish();
    assert_eq!(summary.kept(), centres.len() as u64);
    assert!(!summary.to_string().is_empty());
    let _ = doubts(&centres, PostalCodes::shipped()).len();
    kept(Table::new(summary.state.unwrap_or(date(2026, 11, 21)), centres));
}

/// A table comes back from its file.
fn kept(table: Table) {
    let text = table.to_text();
    let again = Table::parse(&Arc::new(SourceFile { path: "centres.tsv".to_owned(), text: text.clone() }));
    let again = again.unwrap_or_else(|found| panic!("a table that was written can't be read: {}", found.render(false)));
    assert_eq!(again.to_text(), text);
    assert_eq!(again.centres.len(), table.centres.len());
    asked(Directory::of(table.state, again.centres));
}

/// Centres that are served can be found, and told by their number.
fn asked(directory: Directory) {
    for minute in [0, 29_911_000, u32::MAX] {
        let _ = directory.is_stale(minute);
    }
    for Centre { finess, .. } in directory.centres() {
        assert!(directory.centre(*finess).is_some_and(|centre| centre.finess == *finess));
    }
    for centre in directory.centres().iter().take(20) {
        let _ = (centre.commune_spoken(), centre.at_commune());
        let _ = directory.hours(centre).is_some();
        for number in centre.telephone.iter().chain(&centre.switchboard) {
            assert!(!allo_cmp::directory::in_pairs(number).is_empty());
        }
    }
}
