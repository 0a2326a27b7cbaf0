//! What is printed follows the settings.

use super::*;

const TOKEN: &str = "ALLO_CMP__PROVIDERS__TWILIO__AUTH_TOKEN";

fn settings(pairs: &[(&str, &str)]) -> Settings {
    let pairs = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    // A file that is empty: that of this folder is not for tests.
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("settings.toml");
    std::fs::write(&file, "").unwrap();
    Settings::load(Some(&file), pairs).unwrap()
}

fn text(pairs: &[(&str, &str)], tongue: Tongue, detailed_log: bool) -> String {
    let mut out = Vec::new();
    write(&mut out, &state(&settings(pairs), tongue, detailed_log)).unwrap();
    String::from_utf8(out).unwrap()
}

/// On one line.
fn flat(text: &str) -> String {
    text.replace('\u{a0}', " ").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn each_setting_that_changes_what_is_kept_changes_the_text() {
    let all: [(&str, &str, &str, &str); 9] = [
        ("ALLO_CMP__JOURNAL__COUNT_CALLERS", "true", "une empreinte de chaque numéro", "a fingerprint of each number"),
        ("ALLO_CMP__JOURNAL__KEEP_DAYS", "7", "Les faits isolés : 7 jours", "Single facts: 7 days"),
        ("ALLO_CMP__JOURNAL__URL", "none", "Aucun journal", "No journal"),
        ("ALLO_CMP__JOURNAL__URL", "sqlite:/srv/kept.db", "/srv/kept.db (SQLite)", "/srv/kept.db (SQLite)"),
        ("ALLO_CMP__JOURNAL__URL", "postgres://me:hunter2@db/line", "db/line (PostgreSQL)", "db/line (PostgreSQL)"),
        ("ALLO_CMP__JOURNAL__SPOOL_PATH", "/srv/waits", "attend dans /srv/waits", "waits in /srv/waits"),
        ("ALLO_CMP__LINES__STATE_PATH", "/srv/pauses", "/srv/pauses", "/srv/pauses"),
        ("ALLO_CMP__LINE__OPERATOR__FR", "l'association Ici", "traitement : l'association Ici", "l'association Ici"),
        (TOKEN, "12345678", "téléphonie twilio ;", "provider twilio;"),
    ];
    for (tongue, plain) in [Tongue::Fr, Tongue::En].map(|tongue| (tongue, flat(&text(&[], tongue, false)))) {
        for (name, value, french, english) in all {
            let changed = flat(&text(&[(name, value)], tongue, false));
            let expected = tongue.of(french, english);
            assert!(changed.contains(expected) && !plain.contains(expected), "{name}: {expected}: {changed}");
            assert!(!changed.contains("hunter2"), "{changed}");
        }
        let unlimited = flat(&text(&[("ALLO_CMP__LIMITS__NEW_CALLS_PER_CALLER", "0")], tongue, false));
        let counted = tongue.of("En mémoire seulement", "In memory only");
        assert!(plain.contains(counted) && !unlimited.contains(counted), "{unlimited}");
        let detailed = flat(&text(&[], tongue, true));
        let expected = tongue.of("chaque fait au moment où", "each fact as it happens");
        assert!(detailed.contains(expected) && !plain.contains(expected), "{detailed}");
        assert!(plain.contains(tongue.of("Les faits isolés : 30 jours", "Single facts: 30 days")), "{plain}");
    }
}

#[test]
fn without_a_journal_nothing_is_said_to_be_kept_in_one() {
    let none = ("ALLO_CMP__JOURNAL__URL", "none");
    let counted = ("ALLO_CMP__JOURNAL__COUNT_CALLERS", "true");
    for tongue in [Tongue::Fr, Tongue::En] {
        let said = flat(&text(&[none, counted], tongue, false));
        for word in ["HMAC", "keep_days", "PostgreSQL", "SQLite", "spool", "server.secret et", "server.secret and"] {
            assert!(!said.contains(word), "{word}: {said}");
        }
        let ids: Vec<&str> =
            state(&settings(&[none]), tongue, false).sections.iter().map(|section| section.id).collect();
        assert_eq!(ids, ["kept", "where", "how_long", "readers", "never", "elsewhere", "register", "assessment"]);
    }
}

#[test]
fn what_is_not_verified_is_left_to_the_dpo_and_what_we_cannot_know_is_left_blank() {
    let said = flat(&text(&[("ALLO_CMP__JOURNAL__COUNT_CALLERS", "true")], Tongue::Fr, false));
    for unverified in ["analyse d'impact est sans doute", "un DPO est nécessaire", "art. 28", "donnée pseudonymisée"]
    {
        let (before, _) = said.split_once(unverified).unwrap_or_else(|| panic!("{unverified}: {said}"));
        assert!(before.rfind("À vérifier avec votre DPO") > before.rfind("Droit (vérifié"), "{unverified}");
    }
    assert!(said.contains("Responsable du traitement : [à compléter : son nom (line.operator)]"), "{said}");
    for missing in ["DPO s'il y en a un", "la base légale", "transferts hors de l'Union", "réglée chez le prestataire"]
    {
        let (before, _) = said.split_once(missing).unwrap_or_else(|| panic!("{missing}: {said}"));
        assert!(before.rfind("[à compléter").is_some_and(|at| !before[at..].contains(']')), "{missing}");
    }
}

#[test]
fn each_sentence_is_whole() {
    let counted = ("ALLO_CMP__JOURNAL__COUNT_CALLERS", "true");
    let server = ("ALLO_CMP__JOURNAL__URL", "postgres://db/line");
    for (pairs, tongue) in
        [(vec![], Tongue::Fr), (vec![counted, server], Tongue::En), (vec![counted, server], Tongue::Fr)]
    {
        for section in state(&settings(&pairs), tongue, true).sections {
            for item in section.items {
                assert!(!item.contains("  ") && item.trim() == item && !item.is_empty(), "{item:?}");
            }
        }
    }
}

#[test]
fn the_whole_text_as_it_stands() {
    insta::assert_snapshot!(text(&[(TOKEN, "12345678")], Tongue::Fr, false));
}
